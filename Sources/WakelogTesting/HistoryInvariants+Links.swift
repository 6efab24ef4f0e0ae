import WakelogModel

// Lists that are known to end: whether they hold what they should.

extension HistoryAudit {
  mutating func checkSharing() {
    let state = state
    var bound: [UInt32: Int] = [:]
    state.sessions.forEach { number, row in
      for binding in state.bindings(of: SessionSymbol(number)) {
        bound[binding.identity.number, default: 0] += 1
      }
    }
    state.identities.forEach { number, row in
      let places = sharing(row) ?? []
      expect(places.count == bound[number] ?? 0, "identity \(number): a bound key is not listed")
      for place in places {
        expect(
          state.binding(at: place).identity.number == number,
          "identity \(number): key \(state.session(at: place).number) is not bound to it")
      }
      expect(
        row.condemned == nil || places.isEmpty, "identity \(number): condemned and still bound")
      guard row.heldBy.exists else { return }
      let run = state.openRun(of: row.heldBy)
      expect(
        run?.asked.number == number || run?.entered.number == number,
        "identity \(number): held by key \(row.heldBy.number), whose run is elsewhere")
    }
  }

  mutating func checkLanes() {
    let state = state
    var listed: [UInt32: Int] = [:]
    state.agents.forEach { agent, row in
      for number in lanes(row) ?? [] {
        let lane = state.lanes[number]
        var previous = BindingLink.none
        for place in self.lane(lane) ?? [] {
          let key = state.session(at: place).number
          let session = state.sessions[key]
          let aside = place.row.map { state.bindings[$0] }
          let binding = state.binding(at: place)
          listed[key, default: 0] += 1
          expect(binding.exists, "lane \(number): key \(key) is not bound")
          expect(
            aside?.lane ?? session.lane == number, "lane \(number): key \(key) is of another")
          expect(session.agent.number == agent, "lane \(number): key \(key) has another agent")
          expect(
            aside?.previousInLane ?? session.previousInLane == previous,
            "lane \(number): no way back from \(key)")
          expect(
            state.identities[binding.identity.number].provider == lane.provider,
            "lane \(number): key \(key) is bound to another provider's session")
          previous = place
        }
      }
    }
    state.sessions.forEach { number, row in
      let bindings = state.bindings(of: SessionSymbol(number))
      expect(
        listed[number] ?? 0 == bindings.count, "key \(number): in \(listed[number] ?? 0) lanes")
      let providers = bindings.map { state.identities[$0.identity.number].provider }
      expect(
        Set(providers).count == providers.count, "key \(number): bound twice with a provider")
    }
    checkFree("bindings", state.bindings)
  }

  mutating func checkRuns() {
    let state = state
    var perAgent: [UInt32: UInt32] = [:]
    state.runs.forEach { slot, run in
      let session = state.sessions[run.session.number]
      expect(session.openRun == slot, "run in slot \(slot): its key does not know it")
      expect(run.attempt.exists, "run \(run.run.value): open without an attempt")
      perAgent[session.agent.number, default: 0] += 1
      for identity in [run.asked, run.entered] where identity.exists {
        expect(
          state.identities[identity.number].heldBy.exists,
          "run \(run.run.value): nobody holds identity \(identity.number), which it is in")
      }
    }
    state.sessions.forEach { number, row in
      guard row.openRun != 0 else { return }
      expect(
        state.runs.slots[row.openRun].isUsed && state.runs[row.openRun].session.number == number,
        "key \(number): its open run is none")
    }
    state.agents.forEach { number, row in
      expect(row.openRuns == perAgent[number] ?? 0, "agent \(number): open runs miscounted")
    }
    checkFree("runs", state.runs)
  }

  /// Every slot is either in use or free, and free slots are empty.
  mutating func checkFree<Row>(_ name: String, _ arena: Arena<Row>) {
    var used = 0
    arena.slots.forEach { number, slot in
      if slot.isUsed {
        used += 1
      } else {
        expect(slot.row == Row(), "\(name): free slot \(number) is not empty")
      }
    }
    let freed = free(arena)?.count ?? 0
    expect(used + freed == arena.slots.count, "\(name): a slot is neither used nor free")
  }
}
