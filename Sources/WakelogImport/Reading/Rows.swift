import WakelogModel

/// The rows of a host's tables, wherever they were kept: its own SQLite database, or a scratch one
/// that exported rows were loaded into.
final class Rows {
  /// A table and the columns of it that are of use here.
  struct Shape {
    var table: String
    var columns: [String]
    /// The columns by which rows are looked up.
    var keys: [String] = []
  }

  private let database: SQLite
  private let shapes: [Shape]
  private var held: [String: Set<String>] = [:]

  private init(_ database: SQLite, _ shapes: [Shape]) throws(ImportError) {
    self.database = database
    self.shapes = shapes
    for shape in shapes { held[shape.table] = Set(try database.columns(of: shape.table)) }
  }

  /// The rows of a host's own database; tables and columns may be missing.
  static func reading(_ database: SQLite, _ shapes: [Shape]) throws(ImportError) -> Rows {
    try Rows(database, shapes)
  }

  /// Rows that a closure hands over, kept on disk.
  static func loading(
    _ shapes: [Shape], _ body: (Loader) throws -> Void
  ) throws -> Rows {
    let database = try SQLite.scratch()
    try body(try Loader(database, shapes))
    for shape in shapes {
      for key in shape.keys {
        try database.execute(
          "CREATE INDEX \"\(shape.table).\(key)\" ON \"\(shape.table)\" (\"\(key)\")")
      }
    }
    return try Rows(database, shapes)
  }

  /// Whether the store has a table.
  func has(_ table: String) -> Bool { held[table]?.isEmpty == false }

  /// Queries one table, in the order in which its columns stand in its shape; nil when there is no
  /// such table. A column that this version of the host does not have is NULL.
  ///
  /// - Parameter tail: What follows in the statement: WHERE, ORDER BY.
  func select(_ table: String, _ tail: String) throws(ImportError) -> SQLite.Statement? {
    guard let held = held[table], !held.isEmpty,
      let shape = shapes.first(where: { $0.table == table })
    else { return nil }
    let columns = shape.columns.map { held.contains($0) ? "\"\($0)\"" : "NULL AS \"\($0)\"" }
    return try database.prepare(
      "SELECT * FROM (SELECT rowid AS place, \(columns.joined(separator: ", ")) "
        + "FROM \"\(table)\") \(tail)")
  }

  /// A row as names and values.
  func row(_ statement: SQLite.Statement, of table: String) -> Row {
    Row(statement: statement, columns: shapes.first { $0.table == table }?.columns ?? [])
  }

  /// The row that a statement stands at.
  struct Row {
    fileprivate let statement: SQLite.Statement
    fileprivate let columns: [String]

    /// A column's value; null when there is none.
    func value(_ column: String) -> JSONValue {
      guard let index = columns.firstIndex(of: column) else { return .null }
      return statement.value(Int32(index) + 1)
    }

    /// A column as text; nil for NULL and for empty text.
    func text(_ column: String) -> String? {
      switch value(column) {
      case .string(let text): text.isEmpty ? nil : text
      case .integer(let number): String(number)
      case .number(let number): String(number)
      default: nil
      }
    }

    /// A column as bytes; nil for what is no BLOB, or longer than a limit.
    func bytes(_ column: String, atMost limit: Int) -> [UInt8]? {
      guard let index = columns.firstIndex(of: column) else { return nil }
      return statement.bytes(Int32(index) + 1, atMost: limit)
    }

    /// A column as an integer.
    func integer(_ column: String) -> Int64? {
      switch value(column) {
      case .integer(let number): number
      case .number(let number): Int64(exactly: number.rounded())
      case .string(let text): Int64(text)
      default: nil
      }
    }

    /// A column as a truth value, as databases and exports write it.
    func truth(_ column: String) -> Bool? {
      switch value(column) {
      case .integer(let number): number != 0
      case .string("t"), .string("true"), .string("1"): true
      case .string("f"), .string("false"), .string("0"): false
      default: nil
      }
    }
  }

  /// Takes exported rows into a scratch database.
  final class Loader {
    private let shapes: [Shape]
    private var statements: [SQLite.Statement] = []

    fileprivate init(_ database: SQLite, _ shapes: [Shape]) throws(ImportError) {
      self.shapes = shapes
      for shape in shapes {
        let columns = shape.columns.map { "\"\($0)\"" }.joined(separator: ", ")
        try database.execute("CREATE TABLE \"\(shape.table)\" (\(columns))")
      }
      try database.execute("BEGIN")
      for shape in shapes {
        let places = (1...shape.columns.count).map { "?\($0)" }.joined(separator: ", ")
        statements.append(
          try database.prepare("INSERT INTO \"\(shape.table)\" VALUES (\(places))"))
      }
    }

    /// Takes a row of a table; members without a column are left out.
    func add(_ row: JSONObject, to table: String) throws(ImportError) {
      guard let index = shapes.firstIndex(where: { $0.table == table }) else { return }
      var values = [SQLite.Value](repeating: .null, count: shapes[index].columns.count)
      for member in row.members {
        guard let column = shapes[index].columns.firstIndex(of: member.name) else { continue }
        switch member.value {
        case .null: break
        case .bool(let value): values[column] = .integer(value ? 1 : 0)
        case .integer(let value): values[column] = .integer(value)
        case .number(let value): values[column] = .number(value)
        case .string(let value): values[column] = .text(value)
        case .array, .object: values[column] = .text(member.value.text)
        }
      }
      try statements[index].bind(values)
      _ = try statements[index].step()
    }
  }
}
