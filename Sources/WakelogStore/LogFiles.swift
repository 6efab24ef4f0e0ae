import CLMDB
import Glibc

/// The files of a log: whether they are there, making them, and looking at them from outside.
enum LogFiles {
  private static let creating = ".creating-"

  static func data(_ path: String) -> String { path + "/data.mdb" }
  static func lock(_ path: String) -> String { path + "/lock.mdb" }

  /// Whether the directory has a data file; throws if it holds something else instead.
  static func exists(_ path: String, _ options: LogOptions) throws(StoreError) -> Bool {
    guard let status = FileSystem.status(path) else {
      if options.readOnly { throw StoreError(.notFound, "There is no log here. Check the path.") }
      return false
    }
    guard status.isDirectory else {
      throw StoreError(.notALog, "A log is a directory, and this is a file. Check the path.")
    }
    if FileSystem.status(data(path)) != nil { return true }
    try options.attempt(.listDirectory)
    let names = try FileSystem.entries(path)
    // Another process may have made the log since.
    if names.contains("data.mdb") { return true }
    let known = ["lock.mdb", "writer.lock"]
    if let name = names.first(where: { !known.contains($0) && !$0.hasPrefix(creating) }) {
      throw StoreError(.notALog, "The directory holds \(name) but no log. Choose an empty one.")
    }
    if options.readOnly { throw StoreError(.notFound, "The directory is empty. Check the path.") }
    return false
  }

  /// Makes an empty log so that it appears whole or not at all, whoever else tries the same.
  static func create(
    _ path: String, _ options: LogOptions, _ identity: Identity = .random()
  ) throws(StoreError) {
    try options.attempt(.createDirectory)
    try FileSystem.createDirectory(path)
    try asOwner(of: path) { () throws(StoreError) in try makeData(path, options, identity) }
  }

  /// One process at a time does this, as opening is done; drafts that it finds are abandoned.
  private static func makeData(
    _ path: String, _ options: LogOptions, _ identity: Identity
  ) throws(StoreError) {
    let opening = try WriterLock(
      openLockFile(writerLock(path), in: path), waitingAtMost: options.writerWaitSeconds)
    defer { opening.endOpening() }
    try removeAbandoned(path)
    let random = Hashing.randomBytes(8).reduce(0) { $0 << 8 | UInt64($1) }
    let draft = "\(path)/\(creating)\(getpid())-\(random)"
    try FileSystem.createDirectory(draft)
    defer { remove(draft) }
    try fill(draft, options, identity)
    try options.attempt(.linkFile)
    _ = try FileSystem.link(data(draft), as: data(path))
    try options.attempt(.syncFile)
    try FileSystem.sync(path)
    try? FileSystem.sync(path + "/..")
  }

  private static func fill(
    _ draft: String, _ options: LogOptions, _ identity: Identity
  ) throws(StoreError) {
    let environment = try Environment(path: draft, options: options, lockless: true)
    let transaction = unsafe try environment.beginWrite(waitingAtMost: 0)
    do {
      for table in Table.allCases {
        unsafe try LMDB.openTable(transaction, table, create: true)
      }
      let snapshot = unsafe Snapshot(transaction, identity, isReadOnly: false)
      try Writer(snapshot, environment).putIdentity()
    } catch {
      unsafe environment.abortWrite(transaction, mapWasFull: false)
      throw error
    }
    unsafe try environment.commitWrite(transaction)
    environment.close()
  }

  private static func removeAbandoned(_ path: String) throws(StoreError) {
    for name in try FileSystem.entries(path) where name.hasPrefix(creating) {
      remove("\(path)/\(name)")
    }
  }

  private static func remove(_ draft: String) {
    FileSystem.remove(data(draft))
    FileSystem.remove(lock(draft))
    FileSystem.removeDirectory(draft)
  }

  /// Whether a read-only log must be read without LMDB's lock file, because it cannot be written.
  ///
  /// Without it LMDB does not know of this reader, and a writer could reuse pages being read. So
  /// this throws `busy` if another process has the log open. Do not start a writer meanwhile.
  static func mustGoWithoutLock(_ path: String, _ options: LogOptions) throws(StoreError) -> Bool {
    guard options.readOnly else { return false }
    let isWritable = unsafe access(lock(path), W_OK) == 0
    let canBeMade = unsafe access(lock(path), F_OK) != 0 && access(path, W_OK) == 0
    if isWritable || canBeMade { return false }
    guard FileSystem.status(lock(path)) != nil else { return true }
    let descriptor = try FileSystem.open(lock(path))
    defer { FileSystem.close(descriptor) }
    if FileSystem.isLockedElsewhere(descriptor) {
      throw StoreError(.busy, "Another process has it open, and lock.mdb cannot be written here.")
    }
    return true
  }
}
