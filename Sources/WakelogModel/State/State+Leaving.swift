/// What became of an attempt to write pages that nobody changed for long.
public enum ColdWrite: Equatable, Sendable {
  /// There are no more.
  case nothing
  /// Those of a block are in the file.
  case written(table: UInt8, block: Int)
  /// The file cannot take them; they stay in memory.
  case refused
}

extension State {
  /// Has the rows of large tables lie in memory whose pages can leave.
  public mutating func lie(in source: any RowMemorySource) { run(.lie(source)) }

  /// Looks which pages changed since the last look; the others are a look older.
  public mutating func look() { run(.look) }

  /// Writes the pages that more looks than some found unchanged, those of one block at a time: the
  /// next one from a place on.
  public mutating func writeCold(
    fromTable table: UInt8, block: Int, after looks: UInt8
  ) -> ColdWrite {
    run(.write(table: table, block: block, looks: looks)).outcome
  }

  /// Lets the pages of a block go that were written and are in the file as they are.
  public mutating func releaseWritten(ofTable table: UInt8, block: Int) {
    run(.release(table: table, block: block))
  }

  /// How many pages left and were not found changed since.
  public mutating func pagesGone() -> Int { run(.count).count }

  @discardableResult
  private mutating func run(_ step: LeavingVisitor.Step) -> LeavingVisitor {
    var visitor = LeavingVisitor(step: step)
    // No table throws here.
    do { try forEachTable(&visitor) } catch { preconditionFailure("leaving: \(error)") }
    return visitor
  }
}

private struct LeavingVisitor: TableVisitor {
  enum Step {
    case lie(any RowMemorySource)
    case look, count
    case write(table: UInt8, block: Int, looks: UInt8)
    case release(table: UInt8, block: Int)
  }

  let step: Step
  var outcome = ColdWrite.nothing
  var count = 0

  init(step: Step) { self.step = step }

  mutating func visit<Row>(_ number: UInt8, _ table: inout Table<Row>) throws {
    switch step {
    case .lie(let source): table.lie(in: source)
    case .look: table.look()
    case .count: count += table.pagesGone
    case .write(let first, let block, let looks):
      guard number >= first, outcome == .nothing else { return }
      outcome = table.writeCold(number, from: number == first ? block : 0, after: looks)
    case .release(number, let block): table.releaseWritten(block: block)
    case .release: break
    }
  }

  mutating func visit<Row>(_ number: UInt8, _ arena: inout Arena<Row>) throws {
    try visit(number, &arena.slots)
  }
}
