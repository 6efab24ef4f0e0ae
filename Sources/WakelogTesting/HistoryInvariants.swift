public import WakelogModel

extension State {
  /// What is wrong with the links between rows, in words; empty when nothing is.
  ///
  /// Between commands every link points to a row that points back, every list ends, every row of
  /// an arena in use belongs to somebody, and every count is that of the rows it counts.
  public func brokenInvariants() -> [String] {
    var audit = HistoryAudit(state: self)
    audit.checkCycles()
    guard audit.found.isEmpty else { return audit.found }
    audit.checkSharing()
    audit.checkLanes()
    audit.checkRuns()
    audit.checkWaiting()
    audit.checkLists()
    audit.checkSessions()
    return audit.found
  }

  /// The lists that never end; reducers and decisions would follow them for ever.
  public func endlessLists() -> [String] {
    var audit = HistoryAudit(state: self)
    audit.checkCycles()
    return audit.found
  }
}

/// Looks for broken links.
struct HistoryAudit {
  let state: State
  var found: [String] = []

  init(state: State) { self.state = state }

  mutating func expect(_ isTrue: Bool, _ words: @autoclosure () -> String) {
    if !isTrue { found.append(words()) }
  }

  /// The members of a list; nil when it is longer than there are rows.
  func members(_ first: UInt32, of count: Int, next: (UInt32) -> UInt32) -> [UInt32]? {
    var link = first
    var members: [UInt32] = []
    while link != 0 {
      members.append(link)
      if members.count > count + 1 { return nil }
      link = next(link)
    }
    return members
  }

  mutating func checkCycles() {
    let state = state
    state.identities.forEach { number, row in
      let sharing = sharing(row)
      expect(sharing != nil, "identity \(number): the keys bound to it go in a circle")
      expect(mintings(row) != nil, "identity \(number): its mintings go in a circle")
      expect(misses(row) != nil, "identity \(number): its misses go in a circle")
    }
    state.sessions.forEach { number, row in
      expect(condemnations(row) != nil, "session \(number): its condemnations go in a circle")
      expect(asides(row) != nil, "session \(number): its bindings go in a circle")
    }
    state.agents.forEach { number, row in
      expect(lanes(row) != nil, "agent \(number): its lanes go in a circle")
    }
    state.lanes.forEach { number, row in
      expect(lane(row) != nil, "lane \(number) goes in a circle")
    }
    state.hosts.forEach { number, row in
      expect(versions(row) != nil, "host \(number): its versions go in a circle")
    }
    state.pendings.forEach { number, row in
      expect(reasons(row) != nil, "wake \(number): its reasons go in a circle")
    }
    expect(free(state.runs) != nil, "the free runs go in a circle")
    expect(free(state.pendings) != nil, "the free wakes go in a circle")
    expect(free(state.reasons) != nil, "the free reasons go in a circle")
    expect(free(state.bindings) != nil, "the free bindings go in a circle")
  }

  func sharing(_ row: IdentityRow) -> [BindingLink]? {
    places(from: row.boundBy) { state.nextSharing(at: $0) }
  }

  func lane(_ row: LaneRow) -> [BindingLink]? {
    places(from: row.first) { state.nextInLane(at: $0) }
  }

  func asides(_ row: SessionRow) -> [UInt32]? {
    members(row.asides, of: state.bindings.slots.count) { state.bindings[$0].next }
  }

  /// The bindings of a list; nil when it goes in a circle.
  private func places(
    from first: BindingLink, _ next: (BindingLink) -> BindingLink
  ) -> [BindingLink]? {
    var found: [BindingLink] = []
    var place = first
    while place.exists {
      guard found.count < state.sessions.count + state.bindings.slots.count else { return nil }
      found.append(place)
      place = next(place)
    }
    return found
  }

  func lanes(_ row: AgentRow) -> [UInt32]? {
    members(row.lanes, of: state.lanes.count) { state.lanes[$0].next }
  }

  func mintings(_ row: IdentityRow) -> [UInt32]? {
    members(row.mintings, of: state.mintings.count) { state.mintings[$0].next }
  }

  func misses(_ row: IdentityRow) -> [UInt32]? {
    members(row.misses, of: state.misses.count) { state.misses[$0].next }
  }

  func condemnations(_ row: SessionRow) -> [UInt32]? {
    members(row.condemnations, of: state.condemnations.count) { state.condemnations[$0].next }
  }

  func versions(_ row: HostRow) -> [UInt32]? {
    members(row.versions, of: state.versions.count) { state.versions[$0].next }
  }

  func reasons(_ row: PendingRow) -> [UInt32]? {
    members(row.reasons, of: state.reasons.slots.count) { state.reasons[$0].next }
  }

  func free<Row>(_ arena: Arena<Row>) -> [UInt32]? {
    members(arena.firstFree, of: arena.slots.count) { arena.slots[$0].nextFree }
  }
}
