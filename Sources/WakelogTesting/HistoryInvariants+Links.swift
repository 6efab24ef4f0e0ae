import WakelogModel

// Lists that are known to end: whether they hold what they should.

extension HistoryAudit {
  mutating func checkSharing() {
    let state = state
    var bound: [UInt32: Int] = [:]
    state.sessions.forEach { number, row in
      if row.bound.exists { bound[row.bound.number, default: 0] += 1 }
    }
    state.identities.forEach { number, row in
      let keys = sharing(row) ?? []
      expect(keys.count == bound[number] ?? 0, "identity \(number): a bound key is not listed")
      for key in keys {
        expect(
          state.sessions[key].bound.number == number,
          "identity \(number): key \(key) is listed and not bound to it")
      }
      expect(
        row.condemned == nil || keys.isEmpty, "identity \(number): condemned and still bound")
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
        var previous: UInt32 = 0
        for key in self.lane(lane) ?? [] {
          let session = state.sessions[key]
          listed[key, default: 0] += 1
          expect(session.bound.exists, "lane \(number): key \(key) is not bound")
          expect(session.lane == number, "lane \(number): key \(key) is of another")
          expect(session.agent.number == agent, "lane \(number): key \(key) has another agent")
          expect(
            session.previousInLane.number == previous, "lane \(number): no way back from \(key)")
          expect(
            state.identities[session.bound.number].provider == lane.provider,
            "lane \(number): key \(key) is bound to another provider's session")
          previous = key
        }
      }
    }
    state.sessions.forEach { number, row in
      expect(
        listed[number] ?? 0 == (row.bound.exists ? 1 : 0),
        "key \(number): in \(listed[number] ?? 0) lanes")
    }
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
