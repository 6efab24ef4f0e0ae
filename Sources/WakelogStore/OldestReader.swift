import CLMDB
import CWakelogSystem
import Glibc

/// The reader that has looked at the same state of the log for longest, and what that costs.
///
/// Pages that commits after that state freed cannot be used again until it ends: while it looks on,
/// every commit makes the file longer.
public struct OldestReader: Sendable, Equatable {
  /// Its process, as its own pid namespace counts.
  public var process: Int32
  /// Whether that process is stopped; false where it cannot be seen.
  public var isStopped: Bool
  /// How many commits have been made since the state that it reads.
  public var commitsBehind: UInt64
  /// It has read since this time or longer, in nanoseconds since 1970, as the clock is set now; nil
  /// when it began within the last ten seconds or so, or before this machine's processes began to
  /// keep count.
  public var since: Int64?
  /// For how long it has read at least, in seconds, whatever the clock was set to meanwhile.
  public var seconds: Double
  /// How many pages it keeps from being used again; where there are very many, at least so many.
  public var pagesHeld: Int
  /// The same, in bytes.
  public var bytesHeld: Int
}

extension Log {
  /// The reader that is furthest behind, of all processes; nil when none is behind.
  public func oldestReader() throws -> OldestReader? {
    try naming(path) { try environment.oldestReader() }
  }
}

extension Environment {
  /// How many lists of freed pages are counted at most: one stands for each commit.
  private static let countedCommits = 10_000

  func oldestReader() throws(StoreError) -> OldestReader? {
    let readers = try readers()
    let transaction = unsafe try beginRead()
    defer { unsafe endRead(transaction) }
    let last = unsafe LMDB.identifier(transaction)
    guard let oldest = readers.min(by: { $0.commit < $1.commit }), oldest.commit < last else {
      return nil
    }
    let pages = unsafe try LMDB.freedPages(
      transaction, from: oldest.commit, before: last, commits: Self.countedCommits)
    let isStopped = wakelog_process_is_stopped(oldest.process)
    let since = withState { $0.isClosed ? nil : shared?.firstCommit(after: oldest.commit) }
    let age = since.map { max(0, wakelog_boot_nanoseconds() - $0) }
    return OldestReader(
      process: oldest.process, isStopped: isStopped, commitsBehind: last - oldest.commit,
      since: age.map { wakelog_real_nanoseconds() - $0 }, seconds: Double(age ?? 0) / 1e9,
      pagesHeld: pages, bytesHeld: pages * Int(sysconf(Int32(_SC_PAGESIZE))))
  }

  /// The processes that read, each with the commit whose state it sees.
  private func readers() throws(StoreError) -> [(process: Int32, commit: UInt64)] {
    let handle = try enter()
    defer { leave() }
    var text = ""
    unsafe withUnsafeMutablePointer(to: &text) { text in
      _ = unsafe mdb_reader_list(
        handle.pointer,
        { line, text in
          guard let line = unsafe line, let text = unsafe text else { return -1 }
          let all = unsafe text.assumingMemoryBound(to: String.self)
          unsafe all.pointee += String(cString: line)
          return 0
        }, text)
    }
    // A line holds process, thread and commit; a place that nobody reads from has a dash.
    return text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard words.count == 3, let process = Int32(words[0]), let commit = UInt64(words[2]) else {
        return nil
      }
      return (process, commit)
    }
  }
}

extension LMDB {
  /// How many pages commits of a range freed that are not used again yet.
  static func freedPages(
    _ transaction: OpaquePointer, from first: UInt64, before end: UInt64, commits: Int
  ) throws(StoreError) -> Int {
    var cursor: OpaquePointer?
    // The list of free pages is the first of LMDB's own tables: a row for each commit, which begins
    // with the number of pages.
    try unsafe check(mdb_cursor_open(transaction, 0, &cursor), "mdb_cursor_open")
    defer { unsafe mdb_cursor_close(cursor) }
    var number = UInt(first)
    return try unsafe withUnsafeMutableBytes(of: &number) { (bytes) throws(StoreError) in
      var key = unsafe MDB_val(Bytes(bytes))
      var value = unsafe MDB_val()
      var pages = 0
      var operation = MDB_SET_RANGE
      for _ in 0..<commits {
        let code = unsafe mdb_cursor_get(cursor, &key, &value, operation)
        if code == MDB_NOTFOUND { break }
        try check(code, "mdb_cursor_get")
        guard unsafe key.mv_size == 8, unsafe value.mv_size >= 8,
          unsafe key.bytes.loadUnaligned(as: UInt64.self) < end
        else { break }
        pages += Int(clamping: unsafe value.bytes.loadUnaligned(as: UInt64.self))
        operation = MDB_NEXT
      }
      return pages
    }
  }
}
