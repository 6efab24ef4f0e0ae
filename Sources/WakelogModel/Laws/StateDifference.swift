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
    var found: StateDifference?
    found = found ?? Self.difference("sessions", sessions, other.sessions)
    found = found ?? Self.difference("identities", identities, other.identities)
    found = found ?? Self.difference("agents", agents, other.agents)
    found = found ?? Self.difference("hosts", hosts, other.hosts)
    found = found ?? Self.difference("runs", runs, other.runs)
    found = found ?? Self.difference("pendings", pendings, other.pendings)
    found = found ?? Self.difference("reasons", reasons, other.reasons)
    found = found ?? Self.difference("lanes", lanes, other.lanes)
    found = found ?? Self.difference("mintings", mintings, other.mintings)
    found = found ?? Self.difference("misses", misses, other.misses)
    found = found ?? Self.difference("condemnations", condemnations, other.condemnations)
    found = found ?? Self.difference("alarms", alarms, other.alarms)
    found = found ?? Self.difference("versions", versions, other.versions)
    if totals != other.totals { found = found ?? StateDifference(table: "totals", row: 0) }
    return found
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
