import Testing

@testable import WakelogModel

/// Rows are hashed and kept as their bytes: no byte of one may be left to chance.
struct RowTests {
  private static func size<Value>(_ value: Value) -> Int { MemoryLayout<Value>.size }

  private static func stored(_ row: some StateRow) -> Int {
    Mirror(reflecting: row).children.reduce(0) { $0 + size(of: $1.value) }
  }

  /// The size of a field, whatever its type: a nested row counts with its own fields.
  private static func size(of field: Any) -> Int {
    if let row = field as? any StateRow { return stored(row) }
    func open<Value>(_ value: Value) -> Int { MemoryLayout<Value>.size }
    return _openExistential(field, do: open)
  }

  private static func hasNoGaps<Row: StateRow>(_ row: Row.Type) -> Bool {
    stored(Row()) == MemoryLayout<Row>.size
      && MemoryLayout<Row>.size == MemoryLayout<Row>.stride
  }

  @Test func `rows have no gaps, between their fields or behind them`() {
    #expect(Self.hasNoGaps(SessionRow.self))
    #expect(Self.hasNoGaps(IdentityRow.self))
    #expect(Self.hasNoGaps(AgentRow.self))
    #expect(Self.hasNoGaps(HostRow.self))
    #expect(Self.hasNoGaps(RunRow.self))
    #expect(Self.hasNoGaps(PendingRow.self))
    #expect(Self.hasNoGaps(ReasonRow.self))
    #expect(Self.hasNoGaps(LaneRow.self))
    #expect(Self.hasNoGaps(MintingRow.self))
    #expect(Self.hasNoGaps(MissRow.self))
    #expect(Self.hasNoGaps(CondemnationRow.self))
    #expect(Self.hasNoGaps(AlarmRow.self))
    #expect(Self.hasNoGaps(VersionRow.self))
    #expect(Self.hasNoGaps(State.Totals.self))
    #expect(Self.hasNoGaps(Arena<RunRow>.Slot.self))
    #expect(Self.hasNoGaps(Arena<PendingRow>.Slot.self))
    #expect(Self.hasNoGaps(Arena<ReasonRow>.Slot.self))
  }

  @Test func `a row of nothing is all zeros or the bytes of nil`() {
    #expect(!SessionRow().exists)
    #expect(!IdentityRow().exists)
    #expect(Table<SessionRow>()[0] == SessionRow())
    #expect(Table<SessionRow>()[.max] == SessionRow())
  }
}
