import WakelogModel

extension Core {
  /// What an operator should look at, as of a time. Reads only.
  func attention(at: Instant) -> [JSONValue] {
    var found: [(since: Int64, value: JSONValue)] = []
    state.runs.forEach { _, run in
      let row = state.sessions[run.session.number]
      let rules = context.rules(session: run.session, agent: row.agent, provider: run.provider)
      if run.leaseUntil != 0, at.nanoseconds >= run.leaseUntil {
        found.append(
          entry(
            "leaseExpired", .infrastructure, run.session, run.run, run.leaseUntil, row,
            "nothing was heard before the lease ran out"))
      }
      let silent = run.heardAt.advanced(seconds: rules.attention.silentSeconds)
      if at.nanoseconds >= silent {
        found.append(
          entry(
            "silentRun", .infrastructure, run.session, run.run, run.heardAt, row,
            "nothing was heard for \(rules.attention.silentSeconds) seconds"))
      }
    }
    state.sessions.forEach { number, row in
      if row.pending != 0 { stuck(SessionSymbol(number), row, at, &found) }
      if row.alarm != 0 { alarms(SessionSymbol(number), row, at, &found) }
    }
    return found.sorted { $0.since < $1.since }.map(\.value)
  }

  private func stuck(
    _ session: SessionSymbol, _ row: SessionRow, _ at: Instant,
    _ found: inout [(since: Int64, value: JSONValue)]
  ) {
    let pending = state.pendings[row.pending]
    let rules = context.rules(session: session, agent: row.agent, provider: pending.provider)
    let mayPass = pending.source == .message || pending.source == .manual
    let agent = state.agents[row.agent.number]
    let isHeldBack =
      row.openRun != 0 || agent.isPaused || (!mayPass && at.nanoseconds < row.notBefore)
    // What was held back is stuck only some time after it is held back no more.
    let since = max(
      pending.since, row.lastRunEndedAt, agent.unpausedAt, mayPass ? 0 : row.notBefore)
    guard !isHeldBack,
      at.nanoseconds >= since.advanced(seconds: rules.attention.stuckSeconds)
    else { return }
    found.append(
      entry(
        "stuckQueue", .infrastructure, session, pending.run, pending.since, row,
        "a wake waits, no run is open and nothing holds it back; call `next`"))
  }

  private func alarms(
    _ session: SessionSymbol, _ row: SessionRow, _ at: Instant,
    _ found: inout [(since: Int64, value: JSONValue)]
  ) {
    let alarm = state.alarms[row.alarm]
    if row.condemnedInARow >= 3 {
      found.append(
        entry(
          "condemnedLoop", .session, session, row.lastRun, alarm.condemnedAt, row,
          "\(row.condemnedInARow) ids in a row were condemned at their first resume"))
    }
    let hour: Int64 = 3_600
    if alarm.third != 0, alarm.latest <= alarm.third.advanced(seconds: hour),
      at.nanoseconds <= alarm.latest.advanced(seconds: hour)
    {
      found.append(
        entry(
          "flapping", .session, session, row.lastRun, alarm.third, row,
          "three condemnations or resets within an hour that nobody asked for"))
    }
  }

  private func entry(
    _ kind: String, _ family: FailureFamily, _ session: SessionSymbol, _ run: SequenceNumber,
    _ since: Int64, _ row: SessionRow, _ because: String
  ) -> (since: Int64, value: JSONValue) {
    let value: JSONValue = [
      "kind": .string(kind), "session": .text(names.text(session)), "run": .position(run),
      "since": .time(since, row.latestOffset), "family": .string(family.name),
      "because": .string(because),
    ]
    return (since, value)
  }
}

extension Int64 {
  /// A time in nanoseconds some seconds later; the last there is where that is too late.
  func advanced(seconds: Int64) -> Int64 {
    Instant(nanoseconds: self).adding(seconds: seconds).nanoseconds
  }
}
