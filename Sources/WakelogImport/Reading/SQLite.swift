import CSQLite
import WakelogModel

/// A SQLite database, opened for one purpose and by one thread.
///
/// Every C call stands here, behind one `check`.
@safe final class SQLite {
  private let handle: OpaquePointer
  /// How errors name the database.
  let title: String

  private init(_ handle: OpaquePointer, title: String) {
    unsafe self.handle = handle
    self.title = title
  }

  deinit { unsafe sqlite3_close_v2(handle) }

  /// What stands beside a database that is read.
  enum Manner: String {
    /// A write-ahead log with its index: a program may be writing, and goes on.
    case live = "?mode=ro"
    /// Nothing: the file is read as it is, without locks and without files of SQLite's beside it.
    case still = "?mode=ro&immutable=1"
    /// A log or a journal that is ours, as the file is: what it holds is put in order first.
    case own = "?mode=rw"
  }

  /// Opens a host's database for reading; what is read is one snapshot.
  ///
  /// Nothing of it or beside it is changed, unless it is our own copy: the connection is read-only,
  /// and so is every statement.
  static func reading(_ path: String, _ manner: Manner) throws(ImportError) -> SQLite {
    let address = "file:" + escaped(path) + manner.rawValue
    let access = manner == .own ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY
    let flags = access | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_URI
    let database = try open(address, flags, title: path)
    // A journal is rolled back, and a log gets its index, while the files have names.
    if manner == .own { try database.execute("SELECT 1 FROM sqlite_schema LIMIT 1") }
    // Untrusted files: no functions of theirs run, and nothing in the schema is believed.
    unsafe sqlite3_busy_timeout(database.handle, 5_000)
    try database.execute("PRAGMA query_only=1; PRAGMA trusted_schema=0; PRAGMA cell_size_check=1")
    try database.execute("BEGIN")
    return database
  }

  /// Makes a database that goes away with its owner, on disk beyond a few megabytes.
  static func scratch() throws(ImportError) -> SQLite {
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    let database = try open("", flags, title: "the scratch database")
    try database.execute(
      "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA temp_store=FILE; "
        + "PRAGMA cache_size=-16000")
    return database
  }

  private static func open(
    _ path: String, _ flags: Int32, title: String
  ) throws(ImportError) -> SQLite {
    var handle: OpaquePointer?
    let code = unsafe sqlite3_open_v2(path, &handle, flags | SQLITE_OPEN_NOMUTEX, nil)
    guard let handle = unsafe handle else { throw ImportError("\(title): out of memory") }
    guard code == SQLITE_OK else {
      let message = unsafe String(cString: sqlite3_errmsg(handle))
      unsafe sqlite3_close_v2(handle)
      throw ImportError("\(title): \(message); give the path of a SQLite database")
    }
    return unsafe SQLite(handle, title: title)
  }

  /// A path as the path of a URI.
  private static func escaped(_ path: String) -> String {
    let digits = Array("0123456789ABCDEF")
    return path.utf8.reduce(into: "") { text, byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
        UInt8(ascii: "-"), UInt8(ascii: "_"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default: text += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
      }
    }
  }

  private func check(_ code: Int32) throws(ImportError) {
    guard code != SQLITE_OK, code != SQLITE_ROW, code != SQLITE_DONE else { return }
    throw ImportError("\(title): \(unsafe String(cString: sqlite3_errmsg(handle)))")
  }

  /// Carries out statements that give nothing.
  func execute(_ text: String) throws(ImportError) {
    try check(unsafe sqlite3_exec(handle, text, nil, nil, nil))
  }

  /// Prepares a statement.
  func prepare(_ text: String) throws(ImportError) -> Statement {
    var statement: OpaquePointer?
    try check(unsafe sqlite3_prepare_v2(handle, text, -1, &statement, nil))
    guard let statement = unsafe statement else {
      throw ImportError("\(title): an empty statement")
    }
    return unsafe Statement(statement, of: self)
  }

  /// The columns that a table has in this version of the host; empty when there is no such table.
  func columns(of table: String) throws(ImportError) -> [String] {
    let statement = try prepare("SELECT name FROM pragma_table_info(?1)")
    try statement.bind([.text(table)])
    var names: [String] = []
    while try statement.step() { if let name = statement.text(0) { names.append(name) } }
    return names
  }

  /// A value to bind.
  enum Value {
    case null
    case integer(Int64)
    case number(Double)
    case text(String)
  }

  /// A statement under way.
  @safe final class Statement {
    private let statement: OpaquePointer
    private let database: SQLite

    fileprivate init(_ statement: OpaquePointer, of database: SQLite) {
      unsafe self.statement = statement
      self.database = database
    }

    deinit { unsafe sqlite3_finalize(statement) }

    /// Begins anew with values.
    func bind(_ values: [Value]) throws(ImportError) {
      unsafe sqlite3_reset(statement)
      for (index, value) in values.enumerated() {
        let place = Int32(index) + 1
        switch value {
        case .null: try database.check(unsafe sqlite3_bind_null(statement, place))
        case .number(let number):
          try database.check(unsafe sqlite3_bind_double(statement, place, number))
        case .integer(let number):
          try database.check(unsafe sqlite3_bind_int64(statement, place, number))
        case .text(let text):
          // SQLITE_TRANSIENT, whose macro is not seen from here: SQLite makes its own copy.
          let copies = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
          let count = Int32(clamping: text.utf8.count)
          try database.check(unsafe sqlite3_bind_text(statement, place, text, count, copies))
        }
      }
    }

    /// Goes to the next row; false at the end.
    func step() throws(ImportError) -> Bool {
      let code = unsafe sqlite3_step(statement)
      try database.check(code)
      return code == SQLITE_ROW
    }

    /// The storage class of a column, as SQLite names it.
    func type(_ column: Int32) -> Int32 { unsafe sqlite3_column_type(statement, column) }

    /// A column as text; nil for NULL. Bytes that are no UTF-8 are repaired.
    func text(_ column: Int32) -> String? {
      guard type(column) != SQLITE_NULL else { return nil }
      guard let start = unsafe sqlite3_column_text(statement, column) else { return "" }
      let count = Int(unsafe sqlite3_column_bytes(statement, column))
      return unsafe String(
        decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// A column as bytes; nil for what is no BLOB, or longer than a limit.
    func bytes(_ column: Int32, atMost limit: Int) -> [UInt8]? {
      let count = Int(unsafe sqlite3_column_bytes(statement, column))
      guard type(column) == SQLITE_BLOB, count <= limit,
        let start = unsafe sqlite3_column_blob(statement, column)
      else { return nil }
      return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// A column as an integer; nil for NULL.
    func integer(_ column: Int32) -> Int64? {
      type(column) == SQLITE_NULL ? nil : unsafe sqlite3_column_int64(statement, column)
    }

    /// A column as JSON has it, numbers in full precision.
    func value(_ column: Int32) -> JSONValue {
      switch type(column) {
      case SQLITE_NULL: .null
      case SQLITE_INTEGER: .integer(unsafe sqlite3_column_int64(statement, column))
      case SQLITE_FLOAT: .number(unsafe sqlite3_column_double(statement, column))
      default: .string(text(column) ?? "")
      }
    }
  }
}
