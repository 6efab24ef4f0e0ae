import CLMDB
import Glibc

// LMDB writes no page in place: what a commit removes stays in the file, in pages that nothing uses
// and in the unused parts of others, until chance overwrites it. What is removed for good is
// overwritten here, in three steps: the pages that are free in the newest commit and that neither a
// reader nor the header before it can reach; before them the unused parts of pages in use; and
// first the memory in which LMDB keeps pages that it wrote, since it takes those up as they are.
//
// A row of `meta` says which commit removed something, until all that is done.

extension Log {
  /// Overwrites in the file what was removed from the log, as far as nobody can see it any more.
  ///
  /// Returns whether nothing is left to overwrite. `false` says that a reader that began before the
  /// removal still sees it, or that somebody is busy with the log: call again later. Costs a look at
  /// every page where something was removed, and next to nothing where not.
  @discardableResult
  public func overwriteRemoved() throws -> Bool {
    do {
      return try overwrite()
    } catch let error as StoreError where error.code == .busy {
      return false
    }
  }

  private func overwrite() throws -> Bool {
    guard let removal = try read({ try $0.snapshot.removal() }) else { return true }
    guard environment.forgetPages() else { return false }
    try overwriteUnusedParts()
    let last = lastCommit()
    // What the last commit freed is still the older header's until another follows.
    let wait = Self.overwritingWaitSeconds
    try write(waitingAtMost: wait) { try $0.writer.requestOverwriting(since: removal) }
    let isComplete = try write(waitingAtMost: wait) {
      try $0.writer.overwriteFreePages(since: last)
    }
    guard isComplete else { return false }
    try write(waitingAtMost: wait) { transaction in
      // Something else may have been removed meanwhile.
      guard try transaction.snapshot.removal() == removal else { return }
      try transaction.writer.delete(.meta, LogFormat.overwriteKey)
    }
    return try read { try $0.snapshot.removal() } == nil
  }

  /// How long overwriting waits for the writer's lock each time: it can be done later.
  private static let overwritingWaitSeconds = 0.1

  private func overwriteUnusedParts() throws {
    try read { transaction in
      let file = try PageWriter(LogFiles.data(path))
      let number = unsafe LMDB.identifier(transaction.snapshot.transaction)
      try PageCheck.forEachUnusedPart(file.descriptor, transaction: number) {
        (page, bytes) throws(StoreError) in try file.zero(page, bytes)
      }
      try file.sync()
    }
  }
}

extension Writer {
  /// Remembers that this commit removes something whose bytes are to be overwritten.
  func requestOverwriting() throws(StoreError) {
    try requestOverwriting(since: unsafe LMDB.identifier(snapshot.transaction))
  }

  func requestOverwriting(since commit: UInt64) throws(StoreError) {
    try putMeta(LogFormat.overwriteKey, bigEndianBytes(commit))
  }
}

extension Environment {
  /// Gives up the memory in which LMDB keeps pages; false while transactions are live.
  fileprivate func forgetPages() -> Bool {
    var waits = Waits(seconds: 0.1)
    while true {
      let isIdle = withState { state in
        guard state.live == 0, !state.isExclusive, !state.isClosed else { return false }
        // The next transaction opens the environment anew.
        state.needsReopen = true
        return true
      }
      if isIdle { return true }
      guard (try? waits.pause(orThrow: StoreError(.busy, ""))) != nil else { return false }
    }
  }
}

extension Snapshot {
  /// The last commit that removed something which is not yet overwritten.
  fileprivate func removal() throws(StoreError) -> UInt64? {
    let rows = unsafe MetaRows(transaction)
    guard let row = try rows.row(LogFormat.overwriteKey, identity.format) else { return nil }
    guard row.count == 8 else {
      throw .corrupt("The row `overwrite` has the wrong size. Restore a copy.", .meta)
    }
    let commit = unsafe row.withUnsafeBytes { unsafe $0.bigEndian(UInt64.self) }
    // A compact copy counts its commits anew, and has no free pages.
    return min(commit, unsafe LMDB.identifier(transaction))
  }

}

extension Writer {
  /// Overwrites the pages that are free and out of everybody's reach, and returns whether those that
  /// were freed up to a commit were among them. Only before the transaction writes anything.
  func overwriteFreePages(since commit: UInt64) throws(StoreError) -> Bool {
    let last = unsafe LMDB.identifier(snapshot.transaction) - 1
    // LMDB shows its free list to readers alone. This one sees the last commit, which no other can
    // follow while the writer's lock is held.
    let reading = unsafe try environment.beginRead()
    defer { unsafe environment.endRead(reading) }
    let limit = unsafe min(last, try LMDB.oldestReader(mdb_txn_env(reading)) ?? last)
    let file = try PageWriter(LogFiles.data(environment.path))
    try unsafe LMDB.forEachFreePage(reading, before: limit) { (page) throws(StoreError) in
      try file.zero(page)
    }
    try file.sync()
    return commit < limit
  }
}

extension LMDB {
  /// The oldest commit that a reader of any process sees, or nil if none reads.
  static func oldestReader(_ environment: OpaquePointer) throws(StoreError) -> UInt64? {
    // LMDB tells of its readers by lines of text: process, thread, and the commit or a dash.
    var oldest = UInt64.max
    let code = unsafe withUnsafeMutablePointer(to: &oldest) { oldest in
      unsafe mdb_reader_list(
        environment,
        { line, oldest in
          guard let line = unsafe line, let oldest = unsafe oldest else { return 0 }
          let words = unsafe String(cString: line).split { $0 == " " || $0 == "\n" }
          if words.count == 3, let commit = UInt64(words[2]) {
            let place = unsafe oldest.assumingMemoryBound(to: UInt64.self)
            unsafe place.pointee = unsafe min(place.pointee, commit)
          }
          return 0
        }, oldest)
    }
    guard code >= 0 else { throw StoreError(lmdb: code, "mdb_reader_list") }
    return oldest == .max ? nil : oldest
  }

  /// Gives the pages that commits before one have freed and that are free still.
  static func forEachFreePage(
    _ transaction: OpaquePointer, before limit: UInt64, _ body: (UInt64) throws(StoreError) -> Void
  ) throws(StoreError) {
    var opened: OpaquePointer?
    try unsafe check(mdb_cursor_open(transaction, 0, &opened), "mdb_cursor_open")
    guard let cursor = unsafe opened else { return }
    defer { unsafe mdb_cursor_close(cursor) }
    var key = unsafe MDB_val()
    var list = unsafe MDB_val()
    while true {
      let code = unsafe mdb_cursor_get(cursor, &key, &list, MDB_NEXT)
      if code == MDB_NOTFOUND { return }
      try check(code, "mdb_cursor_get")
      let pages = unsafe list.bytes
      guard unsafe key.bytes.count == 8, pages.count >= 8,
        unsafe key.bytes.littleEndian(UInt64.self, at: 0) < limit
      else { return }
      let count = Int(clamping: unsafe pages.littleEndian(UInt64.self, at: 0))
      for index in 0..<min(count, pages.count / 8 - 1) {
        try body(unsafe pages.littleEndian(UInt64.self, at: 8 + 8 * index))
      }
    }
  }
}

/// Overwrites parts of `data.mdb` with zeros, where they are not zero already.
final class PageWriter {
  let descriptor: Int32
  private let pageSize = sysconf(Int32(_SC_PAGESIZE))
  private var hasWritten = false

  init(_ path: String) throws(StoreError) {
    descriptor = unsafe Glibc.open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw StoreError(lmdb: errno, "open") }
  }

  deinit { FileSystem.close(descriptor) }

  func zero(_ page: UInt64) throws(StoreError) { try zero(page, 0..<pageSize) }

  func zero(_ page: UInt64, _ part: Range<Int>) throws(StoreError) {
    let offset = Int(page) * pageSize + part.lowerBound
    let there = try FileSystem.read(descriptor, count: part.count, at: offset)
    guard there.contains(where: { $0 != 0 }) else { return }
    let zeros = [UInt8](repeating: 0, count: there.count)
    try unsafe zeros.withBytes { (zeros) throws(StoreError) in
      try unsafe FileSystem.write(descriptor, zeros, at: offset)
    }
    hasWritten = true
  }

  func sync() throws(StoreError) {
    guard hasWritten else { return }
    guard fdatasync(descriptor) == 0 else { throw StoreError(lmdb: errno, "fdatasync") }
    hasWritten = false
  }
}
