import Testing

@testable import WakelogModel

/// Rows are hashed and kept by their bytes: a gap between two fields would hold anything.
struct RowLayoutTests {
  static let rows: [any StateRow] = [
    SessionRow(), IdentityRow(), AgentRow(), HostRow(), RunRow(), PendingRow(), ReasonRow(),
    LaneRow(), MintingRow(), MissRow(), CondemnationRow(), AlarmRow(), VersionRow(), UsageRow(),
    BindingRow(),
    State.Totals(), LogClock(), Arena<RunRow>.Slot(), Arena<PendingRow>.Slot(),
    Arena<ReasonRow>.Slot(),
  ]

  @Test(arguments: rows.indices)
  func `A row is as long as its fields together`(index: Int) {
    let row = Self.rows[index]
    #expect(size(row) == sum(row), "\(type(of: row))")
  }

  @Test func `Every table's rows are looked at`() throws {
    var names = RowNames()
    var state = State()
    try state.forEachTable(&names)
    #expect(names.names.isSubset(of: Set(Self.rows.map { "\(type(of: $0))" })))
    #expect(names.names.count == 15)
  }

  private func size<Row: StateRow>(_ row: Row) -> Int { MemoryLayout<Row>.size }

  private func sum(_ row: Any) -> Int {
    Mirror(reflecting: row).children.reduce(0) { $0 + width($1.value) }
  }

  private func width<Value>(_ value: Value) -> Int {
    func measured<Field>(_ field: Field) -> Int { MemoryLayout<Field>.size }
    return _openExistential(value as Any, do: measured)
  }
}

private struct RowNames: TableVisitor {
  var names: Set<String> = []

  mutating func visit<Row>(_ number: UInt8, _ table: inout Table<Row>) throws {
    names.insert("\(Row.self)")
  }
  mutating func visit<Row>(_ number: UInt8, _ arena: inout Arena<Row>) throws {
    names.insert("\(Row.self)")
  }
}
