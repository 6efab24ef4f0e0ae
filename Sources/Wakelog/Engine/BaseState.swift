import WakelogModel
import WakelogStore

/// The state at the place where a trimmed log begins: what the events that went add up to.
///
/// Unlike a checkpoint it cannot be built anew, so it says how its rows lie, and every later
/// release reads it. It is kept in pieces, the first of which describes the others:
///
/// ```
/// piece 0   JSON: format, position, of each table its number, its rows' schema, how many there
///           are and the first free one, and the totals
/// others    table u8, first row u32 little-endian, rows
/// ```
enum BaseState {
  private static let format: Int64 = 1
  private static let pieceSize = 1 << 20

  /// Hands over the state in pieces; returns their digest, which the log seals.
  static func write(
    _ state: inout State, _ body: (_ piece: UInt32, [UInt8]) throws -> Void
  ) throws -> [UInt8] {
    let stream = Digest.Stream()
    var number: UInt32 = 0
    var describer = Describer()
    try state.forEachTable(&describer)
    let totals = RowSchema(State.Totals.self)
    let head: JSONValue = [
      "format": .integer(format), "position": .integer(Int64(state.position.value)),
      "reducer": .integer(Int64(reducerVersion)), "tables": .array(describer.tables),
      "totals": [
        "schema": totals.json, "row": .hexadecimal(rowBytes(state.totals)),
      ],
    ]
    try withoutActuallyEscaping(body) { body in
      var writer = Writer(pieceSize: pieceSize) { bytes in
        unsafe stream.take(piece: bytes.span.bytes)
        try body(number, bytes)
        number += 1
      }
      try writer.emit(head.bytes)
      try state.forEachTable(&writer)
    }
    return stream.finish()
  }

  /// Reads the state from its pieces. Throws `corrupt` unless they are those of a digest.
  static func read(
    digest: [UInt8], _ forEachPiece: ((UInt32, RawSpan) throws -> Void) throws -> Void
  ) throws -> State {
    let stream = Digest.Stream()
    var reader: Reader?
    var state = State()
    try forEachPiece { number, span in
      let bytes = unsafe span.withUnsafeBytes { unsafe [UInt8]($0) }
      stream.take(piece: span)
      if number == 0 {
        reader = try Reader(bytes)
      } else {
        guard reader != nil else { throw damaged("has no beginning") }
        reader?.piece = bytes
        try state.restoreTables(&reader!)
      }
    }
    guard var reader else { throw damaged("is missing") }
    guard stream.finish() == digest else { throw damaged("does not match its digest") }
    reader.piece = nil
    try state.restoreTables(&reader)
    state.totals = reader.totals
    return state
  }

  private static func damaged(_ what: String) -> StoreError {
    StoreError(
      .corrupt,
      "The state where the log begins \(what). Restore a copy, or rebuild the log: "
        + "'wakelog import wakelog ARCHIVE --with DIR --log NEW'.", table: "meta")
  }

  /// Describes every table.
  private struct Describer: TableVisitor {
    var tables: [JSONValue] = []

    mutating func visit<Row>(_ number: UInt8, _ table: inout Table<Row>) throws {
      describe(number, RowSchema(Row.self), table.count, firstFree: 0)
    }

    mutating func visit<Row>(_ number: UInt8, _ arena: inout Arena<Row>) throws {
      describe(
        number, RowSchema(Arena<Row>.Slot.self), arena.slots.count, firstFree: arena.firstFree)
    }

    private mutating func describe(
      _ number: UInt8, _ schema: RowSchema, _ rows: Int, firstFree: UInt32
    ) {
      tables.append([
        "number": .integer(Int64(number)), "schema": schema.json,
        "rows": .integer(Int64(rows)), "firstFree": .integer(Int64(firstFree)),
      ])
    }
  }

  /// Writes every table in pieces.
  private struct Writer: TableVisitor {
    let pieceSize: Int
    let emit: ([UInt8]) throws -> Void

    mutating func visit<Row>(_ number: UInt8, _ table: inout Table<Row>) throws {
      var piece: [UInt8] = []
      try table.forEach { row, value in
        if piece.isEmpty { piece = [number] + rowBytes(row.littleEndian) }
        piece += rowBytes(value)
        guard piece.count >= pieceSize || Int(row) == table.count else { return }
        try emit(piece)
        piece.removeAll(keepingCapacity: true)
      }
    }

    mutating func visit<Row>(_ number: UInt8, _ arena: inout Arena<Row>) throws {
      try visit(number, &arena.slots)
    }
  }

  /// Puts the rows of a piece back; without a piece, the first free slots.
  fileprivate struct Reader: TableVisitor {
    var piece: [UInt8]?
    private(set) var totals = State.Totals()
    private var schemas: [UInt8: RowSchema] = [:]
    private var free: [UInt8: UInt32] = [:]
    private var counts: [UInt8: Int64] = [:]

    init(_ head: [UInt8]) throws {
      guard let json = try? JSONParser.parse(String(decoding: head, as: UTF8.self)),
        let tables = json["tables"]?.array, let schema = RowSchema(json: json["totals"]?["schema"]),
        let row = json["totals"]?["row"]?.hexadecimal, row.count == schema.size
      else { throw BaseState.damaged("is damaged") }
      guard json["format"]?.integer == BaseState.format else {
        throw StoreError(.newerFormat, "A later release trimmed this log. Open it with that.")
      }
      for table in tables {
        guard let number = table["number"]?.integer.flatMap({ UInt8(exactly: $0) }),
          let schema = RowSchema(json: table["schema"]), let rows = table["rows"]?.integer,
          let first = table["firstFree"]?.integer.flatMap({ UInt32(exactly: $0) })
        else { throw BaseState.damaged("is damaged") }
        (schemas[number], free[number], counts[number]) = (schema, first, rows)
      }
      let conversion = RowConversion(schema, RowSchema(State.Totals.self))
      totals = unsafe row.withUnsafeBytes { unsafe conversion.row(State.Totals.self, $0) }
    }

    mutating func visit<Row>(_ number: UInt8, _ table: inout Table<Row>) throws {
      guard let piece else {
        guard Int64(table.count) == counts[number, default: 0] else {
          throw BaseState.damaged("is not whole")
        }
        return table.markChanged()
      }
      guard piece.first == number else { return }
      guard let schema = schemas[number], piece.count > 5,
        (piece.count - 5) % schema.size == 0
      else { throw BaseState.damaged("is damaged") }
      let conversion = RowConversion(schema, RowSchema(Row.self))
      var row = piece[1..<5].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      unsafe piece.withUnsafeBytes { bytes in
        for start in stride(from: 5, to: bytes.count, by: schema.size) {
          let value = unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<start + schema.size])
          table.restore(row, unsafe conversion.row(Row.self, value))
          row += 1
        }
      }
    }

    mutating func visit<Row>(_ number: UInt8, _ arena: inout Arena<Row>) throws {
      try visit(number, &arena.slots)
      if piece == nil { arena.firstFree = free[number] ?? 0 }
    }
  }
}

extension State {
  fileprivate mutating func restoreTables(_ reader: inout BaseState.Reader) throws {
    try forEachTable(&reader)
  }
}
