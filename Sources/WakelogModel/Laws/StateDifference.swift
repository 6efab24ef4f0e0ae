/// Where two states differ first.
public struct StateDifference: Hashable, Sendable {
  /// The table, as the property of `State` is named.
  public var table: String
  /// The row's number; 0 for what is no row.
  public var row: UInt32
}

extension State {
  /// The first row in which this state differs from another; nil when all are the same.
  ///
  /// For the law that replay equals live: rows are compared whole, in the order of the tables.
  public func firstDifference(from other: State) -> StateDifference? {
    // One after the other: as one expression the compiler does not come to an end.
    let tables: [() -> StateDifference?] = [
      { Self.difference("sessions", sessions, other.sessions) },
      { Self.difference("identities", identities, other.identities) },
      { Self.difference("agents", agents, other.agents) },
      { Self.difference("hosts", hosts, other.hosts) },
      { Self.difference("runs", runs, other.runs) },
      { Self.difference("pendings", pendings, other.pendings) },
      { Self.difference("reasons", reasons, other.reasons) },
      { Self.difference("lanes", lanes, other.lanes) },
      { Self.difference("mintings", mintings, other.mintings) },
      { Self.difference("misses", misses, other.misses) },
      { Self.difference("condemnations", condemnations, other.condemnations) },
      { Self.difference("alarms", alarms, other.alarms) },
      { Self.difference("versions", versions, other.versions) },
      { Self.difference("usages", usages, other.usages) },
      { Self.difference("bindings", bindings, other.bindings) },
    ]
    for table in tables {
      if let found = table() { return found }
    }
    return totals == other.totals ? nil : StateDifference(table: "totals", row: 0)
  }

  private static func difference<Row>(
    _ name: String, _ left: Table<Row>, _ right: Table<Row>
  ) -> StateDifference? {
    let count = UInt32(max(left.count, right.count))
    for number in 0..<count where left[number + 1] != right[number + 1] {
      return StateDifference(table: name, row: number + 1)
    }
    return left.count == right.count ? nil : StateDifference(table: name, row: count)
  }

  private static func difference<Row>(
    _ name: String, _ left: Arena<Row>, _ right: Arena<Row>
  ) -> StateDifference? {
    if let found = difference(name, left.slots, right.slots) { return found }
    return left.firstFree == right.firstFree ? nil : StateDifference(table: name, row: 0)
  }
}
