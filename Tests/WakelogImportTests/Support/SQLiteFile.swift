import CSQLite

/// A SQLite database that a test writes.
final class SQLiteFile {
  private var handle: OpaquePointer?

  struct Failed: Error { var message: String }

  init(_ path: String) throws {
    guard sqlite3_open(path, &handle) == SQLITE_OK else { throw Failed(message: path) }
  }

  deinit { sqlite3_close_v2(handle) }

  func execute(_ sql: String) throws {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else {
      throw Failed(message: String(cString: sqlite3_errmsg(handle)))
    }
  }
}
