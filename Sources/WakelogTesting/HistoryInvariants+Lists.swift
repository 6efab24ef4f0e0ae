import WakelogModel

extension HistoryAudit {
  /// Every waiting wake belongs to one key, every reason to one wake, and no wake still arrives.
  mutating func checkWaiting() {
    let state = state
    var owned: [UInt32: Int] = [:]
    state.sessions.forEach { number, row in
      expect(row.arriving == 0, "key \(number): a wake arrived and was not disposed of")
      if row.pending != 0 { owned[row.pending, default: 0] += 1 }
    }
    var reasonsOwned = 0
    state.pendings.forEach { slot, row in
      expect(owned[slot] == 1, "wake in slot \(slot): it belongs to \(owned[slot] ?? 0) keys")
      expect(row.wakes > 0, "wake in slot \(slot): of no wakes")
      let reasons = reasons(row) ?? []
      reasonsOwned += reasons.count
      let distinct = Set(reasons.map { state.reasons[$0].reason })
      expect(distinct.count == reasons.count, "wake in slot \(slot): a reason stands twice")
    }
    var reasonsUsed = 0
    state.reasons.forEach { _, _ in reasonsUsed += 1 }
    expect(reasonsUsed == reasonsOwned, "\(reasonsUsed - reasonsOwned) reasons belong to no wake")
    checkFree("pendings", state.pendings)
    checkFree("reasons", state.reasons)
  }

  /// Rows that are only ever added belong to one list each.
  mutating func checkLists() {
    let state = state
    var counts = (mintings: 0, misses: 0, condemnations: 0, versions: 0, lanes: 0, alarms: 0)
    state.identities.forEach { number, row in
      let others = (mintings(row) ?? []).map { state.mintings[$0].session }
      counts.mintings += others.count
      expect(
        Set(others + [row.mintedBy]).count == others.count + 1,
        "identity \(number): a key minted it twice")
      counts.misses += misses(row)?.count ?? 0
    }
    state.sessions.forEach { number, row in
      let ids = (condemnations(row) ?? []).map { state.condemnations[$0].identity }
      expect(Set(ids).count == ids.count, "key \(number): an id is listed as condemned twice")
      counts.condemnations += ids.count
      counts.alarms += row.alarm == 0 ? 0 : 1
    }
    state.hosts.forEach { counts.versions += versions($1)?.count ?? 0 }
    state.agents.forEach { counts.lanes += lanes($1)?.count ?? 0 }
    expect(counts.mintings == filled(state.mintings), "a minting belongs to no identity")
    expect(counts.condemnations == filled(state.condemnations), "a condemnation has no key")
    expect(counts.versions == state.versions.count, "a version belongs to no host")
    expect(counts.lanes == state.lanes.count, "a lane belongs to no agent")
    // A key's alarms may say nothing: what was remembered of a step of its clock is over.
    expect(
      counts.alarms >= filled(state.alarms) && counts.alarms <= state.alarms.count,
      "an alarm belongs to no key")
    // Reviving an id forgets where it was not found, so that misses may outlive their lists.
    expect(counts.misses <= state.misses.count, "a miss stands in two lists")
  }

  /// How many rows say something: those of a key that was forgotten are empty, and nobody's.
  private func filled<Row>(_ table: Table<Row>) -> Int {
    var count = 0
    table.forEach { if $1 != Row() { count += 1 } }
    return count
  }

  mutating func checkSessions() {
    let state = state
    var perAgent: [UInt32: UInt32] = [:]
    state.sessions.forEach { number, row in
      guard row.agent.exists else { return }
      perAgent[row.agent.number, default: 0] += 1
      expect(row.head <= state.position, "key \(number): its stream ends after the log")
      expect(row.wall <= row.head, "key \(number): its wall stands after its stream's end")
      for binding in state.bindings(of: SessionSymbol(number)) {
        let identity = state.identities[binding.identity.number]
        expect(identity.isProven, "key \(number): bound to what is not proven")
        expect(binding.generation == row.generation, "key \(number): bound before its reset")
        expect(
          state.minted(binding.identity, for: SessionSymbol(number)) >= row.wall,
          "key \(number): bound to what was minted before its reset")
      }
    }
    state.agents.forEach { number, row in
      expect(row.sessions == perAgent[number] ?? 0, "agent \(number): its keys are miscounted")
    }
  }
}
