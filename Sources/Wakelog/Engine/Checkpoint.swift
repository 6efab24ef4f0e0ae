import WakelogModel
import WakelogStore

/// The state as rows beside the log, so that opening it replays what came since and no more.
///
/// A checkpoint is never the truth: one of another reducer, another layout or damaged is left
/// aside, and the log is replayed.
enum Checkpoint {
  /// Says of which reducer and layout the rows are, and holds what stands in no row.
  struct Header: Equatable {
    var layout: [UInt64] = []
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
      guard let layout = takeList(), let free = takeList(),
        let totals = row(State.Totals.self, Array(bytes[at...]))
      else { return nil }
      self.layout = layout
      firstFree = free.map { UInt32(truncatingIfNeeded: $0) }
      self.totals = totals
    }
  }

  /// Writes the rows that changed since the last checkpoint: all of them where the log's is of
  /// another layout, damaged or none.
  ///
  /// They count as changed until `markKept` says that they are durable.
  static func keep(_ state: inout State, in transaction: borrowing WriteTransaction) throws {
    var rows = RowGatherer()
    try state.forEachTable(&rows)
    let kept = (try? transaction.checkpointHeader).flatMap { $0.flatMap { Header($0) } }
    if kept?.layout != rows.header.layout {
      try transaction.clearCheckpoint()
      rows = RowGatherer(takesAll: true)
      try state.forEachTable(&rows)
    }
    for (table, number, bytes) in rows.rows {
      try transaction.putCheckpointRow(table: table, row: number, bytes)
    }
    var header = rows.header
    header.totals = state.totals
    try transaction.putCheckpointHeader(header.bytes)
    try keepRung(&state, header, in: transaction)
  }

  /// Says that the log has the rows.
  static func markKept(_ state: inout State) throws {
    var marker = Marker()
    try state.forEachTable(&marker)
  }

  /// The state that the newest checkpoint holds; nil when there is none of use.
  static func restore(_ view: LogView) throws -> State? {
    guard let bytes = try? view.checkpointHeader, let header = Header(bytes) else { return nil }
    return try restore(view, header, rung: nil)
  }

  /// The state that a header and its rows hold: those of a rung, or of the newest checkpoint.
  static func restore(_ view: LogView, _ header: Header, rung: UInt64?) throws -> State? {
    guard header.totals.position.value <= (try view.lastSequence) else { return nil }
    var state = State()
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
    return [UInt64(reducerVersion)] + codes.map { UInt64(cases($0)) }
  }

  private static func cases<Code: CaseIterable>(_ type: Code.Type) -> Int { type.allCases.count }

  /// Gathers rows that changed, or all, and the layout on the way.
  private struct RowGatherer: TableVisitor {
    var takesAll = false
    var rows: [(UInt8, UInt32, [UInt8])] = []
    var header = Header()

    init(takesAll: Bool = false) {
      self.takesAll = takesAll
      header.layout = Checkpoint.layout
    }

    mutating func visit<Row>(_ number: UInt8, _ table: inout Table<Row>) throws {
      header.layout.append(UInt64(MemoryLayout<Row>.size))
      if takesAll {
        table.forEach { rows.append((number, $0, rowBytes($1))) }
      } else {
        table.forEachDirty { rows.append((number, $0, rowBytes($1))) }
      }
    }

    mutating func visit<Row>(_ number: UInt8, _ arena: inout Arena<Row>) throws {
      header.firstFree.append(arena.firstFree)
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

  /// Puts rows back.
  private struct RowReader: TableVisitor {
    let view: LogView
    let header: Header
    let rung: UInt64?
    var layout = Checkpoint.layout
    var arenas = 0
    var rows: UInt64 = 0
    var fits = true

    init(view: LogView, header: Header, rung: UInt64?) {
      self.view = view
      self.header = header
      self.rung = rung
    }

    mutating func visit<Row>(_ number: UInt8, _ table: inout Table<Row>) throws {
      layout.append(UInt64(MemoryLayout<Row>.size))
      guard layout.count <= header.layout.count, layout.last == header.layout[layout.count - 1]
      else {
        fits = false
        return
      }
      let size = MemoryLayout<Row>.size
      if let rung {
        let rows = Checkpoint.rowsInPiece(size)
        try view.forEachRungPiece(rung, table: number) { piece, span in
          self.rows += 1
          for row in 0..<min(span.byteCount / size, rows) {
            table.restore(
              UInt32(truncatingIfNeeded: Int(piece) * rows + row + 1),
              unsafe span.unsafeLoadUnaligned(fromByteOffset: row * size, as: Row.self))
          }
        }
      } else {
        try view.forEachCheckpointRow(table: number) { index, span in
          rows += 1
          guard span.byteCount == size else {
            fits = false
            return
          }
          table.restore(index, unsafe span.unsafeLoadUnaligned(as: Row.self))
        }
      }
      table.markClean()
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
