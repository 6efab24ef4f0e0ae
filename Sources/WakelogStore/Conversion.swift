import CLMDB
import Glibc

/// Makes a log of format 2 of one of format 1, in its place.
///
/// The new file is built beside the old one and takes its name when it is whole and on disk, so a
/// crash at any moment leaves one or the other. Numbers of events and symbols, commits, replies and
/// checkpoints stay as they are; the old chain is checked on the way, and its last seal is named in
/// the new one.
struct Conversion {
  private static let draft = ".converting"
  /// How many bytes of records and evidence go into one transaction of the new file.
  private static let batchBytes = 32 << 20

  private let path: String
  private let options: LogOptions
  private var folder: String { "\(path)/\(Self.draft)" }

  /// Converts the log in a directory, which nobody has open. Throws `busy` if somebody has.
  static func run(_ path: String, _ options: LogOptions) throws(StoreError) {
    let lock = try ExclusiveLock(LogFiles.lock(path))
    defer { lock.end() }
    let conversion = Conversion(path: path, options: options)
    conversion.removeDraft()
    do throws(StoreError) {
      try conversion.build()
      try conversion.replace()
    } catch {
      conversion.removeDraft()
      throw error.code == .corrupt ? conversion.explained(error) : error
    }
    conversion.removeDraft()
  }

  /// Removes what a conversion left that was cut short, in a log that is open for writing.
  static func removeLeftovers(_ path: String) {
    Conversion(path: path, options: LogOptions()).removeDraft()
  }

  private func explained(_ error: StoreError) -> StoreError {
    var error = error
    error.message +=
      " The log is of format 1 and is converted when it is opened for writing, which needs a sound "
      + "one; it was not changed. Open it read-only, restore a copy, or save what can be saved with "
      + "'wakelog salvage'."
    return error
  }

  private func removeDraft() {
    guard FileSystem.status(folder) != nil else { return }
    FileSystem.remove(LogFiles.data(folder))
    FileSystem.remove(LogFiles.lock(folder))
    FileSystem.removeDirectory(folder)
  }

  private func build() throws(StoreError) {
    try options.attempt(.convertBegin)
    var reading = LogOptions(readOnly: true, mapSizeBytes: options.mapSizeBytes)
    reading.fault = options.fault
    // The lock file is held as a whole, so LMDB must do without it.
    let old = try Environment(path: path, options: reading, lockless: true)
    defer { old.close() }
    try old.checkPages()
    try old.openTables()
    let identity = try old.identify()
    guard identity.format == .first else { return }
    let transaction = try ReadTransaction(old, identity)
    let snapshot = transaction.snapshot
    let end = try snapshot.lastSequence()
    let origin =
      try bigEndianBytes(identity.format.rawValue) + bigEndianBytes(end) + snapshot.lastSeal
    try FileSystem.createDirectory(folder)
    let size = FileSystem.status(LogFiles.data(path))?.size ?? 0
    var writing = LogOptions(mapSizeBytes: max(options.mapSizeBytes, 4 * size + 64 << 20))
    writing.fault = options.fault
    let new = try Environment(path: folder, options: writing, lockless: true)
    defer { new.close() }
    let copy = Copy(
      new,
      Identity(
        .second, identifier: identity.identifier, secret: identity.secret, origin: origin),
      batchBytes: Self.batchBytes)
    try copy.run(snapshot) { (done, total) throws(StoreError) in
      try options.attempt(.convertCommit)
      options.progress?(done, total)
    }
  }

  private func replace() throws(StoreError) {
    let new = LogFiles.data(folder)
    guard FileSystem.status(new) != nil else { return }
    try options.attempt(.convertSync)
    try FileSystem.copyOwner(of: LogFiles.data(path), to: new)
    try FileSystem.sync(new)
    try options.attempt(.convertRename)
    try FileSystem.rename(new, to: LogFiles.data(path))
    try options.attempt(.convertEnd)
    // Both folders that the name was moved between: nothing is promised for a move of which only
    // one of them is flushed.
    try FileSystem.sync(path)
    try FileSystem.sync(folder)
  }
}

extension Conversion {
  /// Writes what a snapshot of format 1 holds into a new environment.
  private final class Copy {
    private let environment: Environment
    private let identity: Identity
    private let batchBytes: Int
    private var writer: Writer?
    private var bytes = 0

    init(_ environment: Environment, _ identity: Identity, batchBytes: Int) {
      self.environment = environment
      self.identity = identity
      self.batchBytes = batchBytes
    }

    deinit { writer?.abortUnlessFinished() }

    func run(
      _ snapshot: Snapshot, _ progress: (UInt64, UInt64) throws(StoreError) -> Void
    ) throws(StoreError) {
      try begin(createsTables: true)
      try current.putIdentity()
      let end = try snapshot.lastSequence()
      var verifier = try Verifier(snapshot)
      _ = try verifier.checkChain(snapshot) { (seal, first) throws(StoreError) in
        for range in seal.symbols { try add(range, snapshot) }
        for sequence in first..<first + seal.events { try add(sequence, snapshot) }
        try current.seal()
        guard bytes >= batchBytes else { return }
        try commit()
        try progress(first + seal.events - 1, end)
        try begin()
      }
      for part in [Verifier.Part.symbols, .names, .replies] {
        _ = try verifier.check(part, snapshot)
      }
      try verifier.checkSealed(snapshot)
      try addReplies(snapshot)
      try addCheckpoint(snapshot)
      try commit()
      try progress(end, end)
    }

    private var current: Writer {
      guard let writer else { preconditionFailure("no transaction has begun") }
      return writer
    }

    private func begin(createsTables: Bool = false) throws(StoreError) {
      let transaction = unsafe try environment.beginWrite(waitingAtMost: 0)
      writer = Writer(unsafe Snapshot(transaction, identity, isReadOnly: false), environment)
      bytes = 0
      guard createsTables else { return }
      for table in Table.allCases { unsafe try LMDB.openTable(transaction, table, create: true) }
    }

    private func commit() throws(StoreError) {
      let finished = current
      writer = nil
      try finished.commit()
    }

    private func add(_ range: Seal.Range, _ old: Snapshot) throws(StoreError) {
      for number in range.first...(range.first + range.count - 1) {
        guard let name = unsafe try old.name(range.namespace, number),
          unsafe try current.intern(range.namespace, name) == number
        else { throw .disagreement(number) }
        bytes += name.count
      }
    }

    private func add(_ sequence: UInt64, _ old: Snapshot) throws(StoreError) {
      guard let value = unsafe try old.event(sequence) else {
        throw .corrupt("The event is missing.", .events, sequence)
      }
      let frame = unsafe try Frame(value, sequence: sequence)
      bytes += value.count
      switch try old.evidence(frame, sequence) {
      case .none: _ = unsafe try current.append(frame.record, evidence: nil)
      case .bytes(let evidence):
        bytes += evidence.count
        try unsafe evidence.withBytes { (evidence) throws(StoreError) in
          _ = unsafe try current.append(frame.record, evidence: evidence)
        }
      case .redacted, .expired, .forgotten:
        // Its bytes are gone, and their digest without a key must not stay: it tells what they were.
        guard let digest = unsafe frame.digest else { return }
        _ = unsafe try current.append(frame.record, evidence: digest)
        try current.put(.evidence, bigEndianBytes(sequence), Removal.redacted.row(sequence))
      }
    }

    private func addReplies(_ old: Snapshot) throws(StoreError) {
      var replies = try old.cursor(.replies)
      while try replies.next() {
        let digest = unsafe Array(replies.key)
        let row = unsafe try old.reply(digest, replies.value)
        let body = unsafe bigEndianBytes(row.age) + row.bytes
        try current.put(.replies, digest, checksummed(body, seed: Hashing.seed(digest)))
        try current.put(.replyAges, bigEndianBytes(row.age) + digest, [])
      }
    }

    /// Copies the checkpoint and the kept states, unless they are damaged: they can be made again.
    private func addCheckpoint(_ old: Snapshot) throws(StoreError) {
      do throws(StoreError) {
        var verifier = try Verifier(old)
        _ = try verifier.checkCheckpoint(old)
        try verifier.checkCounts(old)
      } catch {
        guard error.code == .corrupt else { throw error }
        return
      }
      var headers: [(key: [UInt8], seed: UInt64, bytes: [UInt8])] = []
      var rows = try old.cursor(.checkpoint)
      while try rows.next() {
        let key = unsafe Array(rows.key)
        switch key.count {
        case 1, 9:
          let seed = unsafe key.count == 1 ? .max : rows.key.bigEndian(UInt64.self, at: 1)
          guard let header = unsafe try old.header(key, seed: seed) else { continue }
          headers.append((key, seed, unsafe Array(header.bytes)))
        default:
          try current.put(.checkpoint, key, unsafe Array(rows.value))
        }
      }
      for header in headers {
        try current.snapshot.putHeader(header.key, header.seed, header.bytes, current)
      }
    }
  }
}

extension Snapshot {
  /// The last seal of a log of format 1; its genesis if it has none.
  fileprivate var lastSeal: [UInt8] {
    get throws(StoreError) {
      var cursor = try cursor(.seals)
      guard try cursor.last() else { return identity.genesis }
      guard let seal = unsafe Seal(cursor.value) else {
        throw .corrupt("The last seal is malformed.", .seals)
      }
      return seal.hash
    }
  }
}

/// LMDB's lock on the first byte of the lock file, alone: as long as it is held nobody can open the
/// log, and it can be had only while nobody has it open.
private struct ExclusiveLock {
  private let descriptor: Int32

  init(_ path: String) throws(StoreError) {
    descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw StoreError(lmdb: errno, "open") }
    var request = flock()
    request.l_type = Int16(F_WRLCK)
    request.l_whence = Int16(SEEK_SET)
    request.l_len = 1
    guard unsafe fcntl(descriptor, F_SETLK, &request) == 0 else {
      let code = errno
      FileSystem.close(descriptor)
      guard code == EAGAIN || code == EACCES else { throw StoreError(lmdb: code, "fcntl") }
      throw StoreError(
        .busy,
        "The log has to be converted from format 1, and another process has it open in that format; "
          + "stop it, or open the log read-only.")
    }
  }

  func end() { FileSystem.close(descriptor) }
}

extension FileSystem {
  /// Gives a file the owner and mode of another.
  fileprivate static func copyOwner(of path: String, to other: String) throws(StoreError) {
    var raw = stat()
    guard unsafe stat(path, &raw) == 0 else { throw StoreError(lmdb: errno, "stat") }
    guard unsafe chmod(other, raw.st_mode & 0o7777) == 0 else {
      throw StoreError(lmdb: errno, "chmod")
    }
    if unsafe chown(other, raw.st_uid, raw.st_gid) != 0, raw.st_uid != geteuid() {
      throw StoreError(lmdb: errno, "chown")
    }
  }

  fileprivate static func rename(_ path: String, to name: String) throws(StoreError) {
    guard unsafe Glibc.rename(path, name) == 0 else { throw StoreError(lmdb: errno, "rename") }
  }
}
