import WakelogModel
import WakelogStore

/// The state beside the log, so that opening it replays what came since and no more.
///
/// Its rows lie in pieces as they lie in memory, so that they are copied back and not put together.
/// A checkpoint is never the truth: one of another reducer, another layout, damaged or with a piece
/// missing is left aside, and the log is replayed.
enum Checkpoint {
  /// Says of which reducer and layout the pieces are and how many there must be, and holds what
  /// stands in no row.
  struct Header: Equatable {
    var layout: [UInt64] = []
    /// How many pieces each table has.
    var pieces: [UInt64] = []
    var firstFree: [UInt32] = []
    var totals = State.Totals()

    var bytes: [UInt8] {
      var bytes: [UInt8] = []
      func put(_ value: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) {
          bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
        }
      }
      put(UInt64(layout.count))
      layout.forEach(put)
      put(UInt64(pieces.count))
      pieces.forEach(put)
      put(UInt64(firstFree.count))
      firstFree.forEach { put(UInt64($0)) }
      return bytes + rowBytes(totals)
    }

    init() {}

    init?(_ bytes: [UInt8]) {
      var at = 0
      func take() -> UInt64? {
        guard at + 8 <= bytes.count else { return nil }
        defer { at += 8 }
        return bytes[at..<at + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
      }
      func takeList() -> [UInt64]? {
        guard let count = take(), count < 1_000 else { return nil }
        var list: [UInt64] = []
        for _ in 0..<count {
          guard let value = take() else { return nil }
          list.append(value)
        }
        return list
      }
      guard let layout = takeList(), let pieces = takeList(), let free = takeList(),
        let totals = row(State.Totals.self, Array(bytes[at...]))
      else { return nil }
      self.layout = layout
      self.pieces = pieces
      firstFree = free.map { UInt32(truncatingIfNeeded: $0) }
      self.totals = totals
    }
  }

  /// Writes the pieces with rows that changed since the last checkpoint: all of them where the
  /// log's is of another layout, damaged or none.
  ///
  /// They count as changed until `markKept` says that they are durable.
  ///
  /// - Parameter isDamaged: Whether the log's checkpoint was found to be of no use.
  static func keep(
    _ state: inout State, in transaction: borrowing WriteTransaction, isDamaged: Bool = false
  ) throws {
    let header = try header(of: &state)
    let kept = (try? transaction.checkpointHeader).flatMap { $0.flatMap { Header($0) } }
    let isComplete = kept?.layout == header.layout && !isDamaged
    if !isComplete { try transaction.clearCheckpoint() }
    try forEachPiece(of: &state, onlyDirty: isComplete) { table, piece, bytes in
      try transaction.putCheckpointRow(table: table, row: piece, bytes)
    }
    try transaction.putCheckpointHeader(header.bytes)
    try keepRung(&state, header, in: transaction)
  }

  /// The header of a checkpoint of a state.
  private static func header(of state: inout State) throws -> Header {
    var gatherer = HeaderGatherer()
    gatherer.header.layout = layout
    gatherer.header.totals = state.totals
    try state.forEachTable(&gatherer)
    return gatherer.header
  }

  /// Hands over pieces with the numbers of their tables.
  static func forEachPiece(
    of state: inout State, onlyDirty: Bool, _ body: (UInt8, UInt32, [UInt8]) throws -> Void
  ) throws {
    try withoutActuallyEscaping(body) { body in
      var gatherer = PieceGatherer(onlyDirty: onlyDirty, body: body)
      try state.forEachTable(&gatherer)
    }
  }

  /// How many rows make a piece.
  static func rowsInPiece<Row: StateRow>(_ row: Row.Type) -> Int {
    max(1, rungPieceSize / MemoryLayout<Row>.stride)
  }

  /// Says that the log has the rows.
  static func markKept(_ state: inout State) throws {
    var marker = Marker()
    try state.forEachTable(&marker)
  }

  /// The state that the newest checkpoint holds; nil when there is none of use. Its rows lie where
  /// a source has memory for them.
  static func restore(_ view: LogView, in source: (any RowMemorySource)? = nil) throws -> State? {
    guard let bytes = try? view.checkpointHeader, let header = Header(bytes) else { return nil }
    return try restore(view, header, rung: nil, in: source)
  }

  /// The state that a header and its rows hold: those of a rung, or of the newest checkpoint.
  static func restore(
    _ view: LogView, _ header: Header, rung: UInt64?, in source: (any RowMemorySource)? = nil
  ) throws -> State? {
    guard header.totals.position.value <= (try view.lastSequence) else { return nil }
    var state = State()
    if let source { state.lie(in: source) }
    var reader = RowReader(view: view, header: header, rung: rung)
    do {
      try state.forEachTable(&reader)
    } catch {
      return nil
    }
    let rows = try? rung.map { try view.rungPieces($0) } ?? view.checkpointRows
    guard reader.fits, reader.layout == header.layout, rows == nil || rows == reader.rows else {
      return nil
    }
    state.totals = header.totals
    return state
  }

  /// What has to be alike for rows to mean the same. A code that is nil is kept as the number
  /// after its last case, so a new case makes another layout.
  private static var layout: [UInt64] {
    let codes: [any (CaseIterable & Sendable).Type] = [
      CandidateSource.self, CondemnCause.self, FailureKind.self, Mode.self, Outcome.self,
      Proof.self, Source.self, UpgradeStep.self, Via.self, WorkspaceKind.self,
    ]
    return [UInt64(reducerVersion), inPieces] + codes.map { UInt64(cases($0)) }
  }

  /// Tells these checkpoints from those of earlier releases, which had a row for each row.
  private static let inPieces: UInt64 = 0x5049_4543

  private static func cases<Code: CaseIterable>(_ type: Code.Type) -> Int { type.allCases.count }

  /// Gathers the layout and the number of pieces.
  private struct HeaderGatherer: TableVisitor {
    var header = Header()

    mutating func visit<Row>(_ number: UInt8, _ table: inout Table<Row>) throws {
      header.layout.append(UInt64(MemoryLayout<Row>.stride))
      header.pieces.append(UInt64(table.pieces(ofRows: rowsInPiece(Row.self))))
    }

    mutating func visit<Row>(_ number: UInt8, _ arena: inout Arena<Row>) throws {
      header.firstFree.append(arena.firstFree)
      try visit(number, &arena.slots)
    }
  }

  private struct PieceGatherer: TableVisitor {
    let onlyDirty: Bool
    let body: (UInt8, UInt32, [UInt8]) throws -> Void

    mutating func visit<Row>(_ number: UInt8, _ table: inout Table<Row>) throws {
      try table.forEachPiece(ofRows: rowsInPiece(Row.self), onlyDirty: onlyDirty) {
        try body(number, $0, $1)
      }
    }

    mutating func visit<Row>(_ number: UInt8, _ arena: inout Arena<Row>) throws {
      try visit(number, &arena.slots)
    }
  }

  private struct Marker: TableVisitor {
    mutating func visit<Row>(_ number: UInt8, _ table: inout Table<Row>) throws {
      table.markClean()
    }

    mutating func visit<Row>(_ number: UInt8, _ arena: inout Arena<Row>) throws {
      arena.slots.markClean()
    }
  }

  /// Copies rows back.
  private struct RowReader: TableVisitor {
    let view: LogView
    let header: Header
    let rung: UInt64?
    var layout = Checkpoint.layout
    var tables = 0
    var arenas = 0
    var rows: UInt64 = 0
    var fits = true

    init(view: LogView, header: Header, rung: UInt64?) {
      self.view = view
      self.header = header
      self.rung = rung
    }

    mutating func visit<Row>(_ number: UInt8, _ table: inout Table<Row>) throws {
      let stride = MemoryLayout<Row>.stride
      layout.append(UInt64(stride))
      let place = layout.count - 1
      guard fits, place < header.layout.count, layout[place] == header.layout[place],
        tables < header.pieces.count
      else {
        fits = false
        return
      }
      let (rows, pieces) = (rowsInPiece(Row.self), header.pieces[tables])
      tables += 1
      var next: UInt64 = 0
      func take(_ piece: UInt32, _ span: RawSpan) {
        // All but the last are whole.
        let isWhole = span.byteCount == rows * stride
        let mayBe = isWhole || next + 1 == pieces && (1..<rows * stride).contains(span.byteCount)
        fits = fits && piece == next && mayBe && table.restore(span)
        next += 1
        self.rows += 1
      }
      table.reserve(Int(min(pieces, 1 << 20)) * rows)
      if let rung {
        try view.forEachRungPiece(rung, table: number, take)
      } else {
        try view.forEachCheckpointRow(table: number, take)
      }
      fits = fits && next == pieces
    }

    mutating func visit<Row>(_ number: UInt8, _ arena: inout Arena<Row>) throws {
      try visit(number, &arena.slots)
      guard arenas < header.firstFree.count else {
        fits = false
        return
      }
      arena.firstFree = header.firstFree[arenas]
      arenas += 1
    }
  }
}

/// A row's bytes as they lie in memory.
func rowBytes<Row: BitwiseCopyable>(_ row: Row) -> [UInt8] {
  unsafe withUnsafeBytes(of: row) { unsafe Array($0.prefix(MemoryLayout<Row>.size)) }
}

/// A row from its bytes; nil when there are too few.
private func row<Row: BitwiseCopyable>(_ type: Row.Type, _ bytes: [UInt8]) -> Row? {
  guard bytes.count >= MemoryLayout<Row>.size else { return nil }
  return unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(as: Row.self) }
}
