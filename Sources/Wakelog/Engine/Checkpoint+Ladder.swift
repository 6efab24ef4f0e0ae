import WakelogModel
import WakelogStore

// The newest checkpoint serves whoever opens the log. Whoever looks back needs one from before the
// position asked for, so some whole states are kept as they were: the rungs of a ladder.
//
// They lie as close as disk allows: all rungs together take at most `bytesPerEvent` for each event
// of the log. So a state of a few sessions is kept with every checkpoint and one of 56 MB, which
// takes a fifth of a second to read back, every five million events, which take a second to
// replay: either way a look back costs in proportion to the state, and nothing for the log's age.

extension Checkpoint {
  /// What rungs may take on disk for each event of the log, of the 120 bytes that an event may.
  private static let bytesPerEvent: UInt64 = 12

  /// How many rows of a size make a piece of a rung.
  static func rowsInPiece(_ size: Int) -> Int { max(1, rungPieceSize / size) }

  /// Keeps the whole state as a rung, where there is room for it.
  static func keepRung(
    _ state: inout State, _ header: Header, in transaction: borrowing WriteTransaction
  ) throws {
    let position = state.position.value
    let last = try transaction.rung(notAfter: .max)
    guard position > last ?? 0 else { return }
    var spent: UInt64 = 0
    if let last, let bytes = try transaction.rungHeader(last), let rung = Rung(bytes) {
      spent = rung.spent
    }
    var size = RungSize()
    try state.forEachTable(&size)
    spent += size.bytes
    guard spent <= position * bytesPerEvent else { return }
    try forEachPiece(of: &state) { table, piece, bytes in
      try transaction.putRungPiece(position, table: table, piece: piece, bytes)
    }
    try transaction.putRungHeader(position, Rung(spent: spent, header: header).bytes)
  }

  private static func forEachPiece(
    of state: inout State, _ body: (UInt8, UInt32, [UInt8]) throws -> Void
  ) throws {
    try withoutActuallyEscaping(body) { body in
      var pieces = RungPieces(body: body)
      try state.forEachTable(&pieces)
    }
  }

  /// The state of the last checkpoint of use whose totals fit; nil for none.
  static func nearest(
    _ view: LogView, where fits: (State.Totals) -> Bool
  ) throws -> State? {
    if let bytes = try? view.checkpointHeader, let header = Header(bytes), fits(header.totals),
      let state = try restore(view, header, rung: nil)
    {
      return state
    }
    var end = try view.lastSequence
    while let found = try view.rung(notAfter: end) {
      if let bytes = try? view.rungHeader(found), let rung = Rung(bytes),
        rung.header.totals.position.value == found, fits(rung.header.totals),
        let state = try restore(view, rung.header, rung: found)
      {
        return state
      }
      guard found > 0 else { return nil }
      end = found - 1
    }
    return nil
  }

  /// The header of a rung: what it and those before it take on disk, and the checkpoint's own.
  private struct Rung {
    var spent: UInt64
    var header: Header

    init(spent: UInt64, header: Header) {
      self.spent = spent
      self.header = header
    }

    init?(_ bytes: [UInt8]) {
      guard bytes.count > 8, let header = Header(Array(bytes[8...])) else { return nil }
      spent = bytes[..<8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
      self.header = header
    }

    var bytes: [UInt8] { rowBytes(spent.littleEndian) + header.bytes }
  }

  /// What a rung takes on disk, in whole pages.
  private struct RungSize: TableVisitor {
    var bytes: UInt64 = 4_096

    mutating func visit<Row>(_ number: UInt8, _ table: inout Table<Row>) throws {
      let size = MemoryLayout<Row>.size
      let rows = rowsInPiece(size)
      let (whole, rest) = table.count.quotientAndRemainder(dividingBy: rows)
      bytes += UInt64(whole * pages(rows * size) + (rest > 0 ? pages(rest * size) : 0))
    }

    mutating func visit<Row>(_ number: UInt8, _ arena: inout Arena<Row>) throws {
      try visit(number, &arena.slots)
    }

    private func pages(_ bytes: Int) -> Int { (bytes + 20 + 4_095) / 4_096 * 4_096 }
  }

  /// Hands over rows in pieces, in the order of their numbers.
  private struct RungPieces: TableVisitor {
    let body: (UInt8, UInt32, [UInt8]) throws -> Void

    mutating func visit<Row>(_ number: UInt8, _ table: inout Table<Row>) throws {
      let rows = rowsInPiece(MemoryLayout<Row>.size)
      var piece: [UInt8] = []
      var count: UInt32 = 0
      try table.forEach { row, value in
        piece += rowBytes(value)
        guard Int(row) % rows == 0 || Int(row) == table.count else { return }
        try body(number, count, piece)
        piece.removeAll(keepingCapacity: true)
        count += 1
      }
    }

    mutating func visit<Row>(_ number: UInt8, _ arena: inout Arena<Row>) throws {
      try visit(number, &arena.slots)
    }
  }
}
