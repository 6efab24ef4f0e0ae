import CPostgreSQL
import Wakelog
import WakelogModel

/// A PostgreSQL server, read within one transaction that can change nothing.
@safe final class PostgreSQL {
  private let connection: OpaquePointer

  /// Connects to a database by its URL.
  init(_ address: String) throws(ImportError) {
    guard let connection = unsafe PQconnectdb(address) else {
      throw ImportError("PostgreSQL: out of memory")
    }
    unsafe self.connection = connection
    guard unsafe PQstatus(connection) == CONNECTION_OK else {
      throw ImportError("PostgreSQL: \(message); give a URL: postgresql://user@host/database")
    }
    try execute("SET client_encoding = 'UTF8'")
    try execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
  }

  deinit { unsafe PQfinish(connection) }

  private var message: String {
    guard let text = unsafe PQerrorMessage(connection) else { return "no connection" }
    let words = unsafe String(cString: text)
    return words.split(whereSeparator: \.isNewline).joined(separator: "; ")
  }

  private func execute(_ text: String) throws(ImportError) {
    let result = unsafe PQexec(connection, text)
    defer { unsafe PQclear(result) }
    guard unsafe PQresultStatus(result) == PGRES_COMMAND_OK else {
      throw ImportError("PostgreSQL: \(message)")
    }
  }

  /// Reads tables row by row, without keeping one in memory.
  func load(
    _ shapes: [Rows.Shape], _ loader: Rows.Loader, _ gathering: Gathering
  ) throws {
    for shape in shapes {
      let held = try columns(of: shape.table)
      let columns = shape.columns.filter { held.contains($0) }.map { "\"\($0)\"" }
      guard !columns.isEmpty else {
        gathering.skip(shape.table, "the database has no such table")
        continue
      }
      let list = columns.joined(separator: ", ")
      try forEachRow(
        "SELECT row_to_json(rows)::text FROM (SELECT \(list) FROM \"\(shape.table)\") rows"
      ) { text in
        gathering.count()
        guard let row = try? JSONParser.parse(text), let object = row.object else {
          return gathering.skip(shape.table, "a row could not be read as JSON")
        }
        try loader.add(object, to: shape.table)
      }
    }
  }

  private func columns(of table: String) throws -> Set<String> {
    var columns: Set<String> = []
    try forEachRow(
      "SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass('\"\(table)\"') "
        + "AND attnum > 0 AND NOT attisdropped"
    ) { columns.insert($0) }
    return columns
  }

  private func forEachRow(_ text: String, _ body: (String) throws -> Void) throws {
    guard unsafe PQsendQuery(connection, text) == 1, unsafe PQsetSingleRowMode(connection) == 1
    else { throw ImportError("PostgreSQL: \(message)") }
    var failure: (any Error)?
    while let result = unsafe PQgetResult(connection) {
      defer { unsafe PQclear(result) }
      let status = unsafe PQresultStatus(result)
      if status == PGRES_FATAL_ERROR { failure = failure ?? ImportError("PostgreSQL: \(message)") }
      guard failure == nil, status == PGRES_SINGLE_TUPLE,
        let value = unsafe PQgetvalue(result, 0, 0)
      else { continue }
      do { try body(unsafe String(cString: value)) } catch { failure = error }
    }
    if let failure { throw failure }
  }
}
