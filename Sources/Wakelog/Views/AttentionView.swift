import WakelogModel

extension Core {
  /// What an operator should look at, as of a time. Reads only.
  func attention(at: Instant) -> [JSONValue] {
    var found: [(since: Int64, value: JSONValue)] = []
    state.runs.forEach { _, run in self.run(run, at, &found) }
    state.sessions.forEach { number, row in
      if row.pending != 0 { stuck(SessionSymbol(number), at, &found) }
      if row.alarm != 0 { alarms(SessionSymbol(number), row, at, &found) }
    }
    clock(at, &found)
    return found.sorted { $0.since < $1.since }.map(\.value)
  }

  /// A time of a clock that was ahead says nothing of how long something has lasted: too long, for
  /// whoever has to look.
  private func run(
    _ open: RunRow, _ at: Instant, _ found: inout [(since: Int64, value: JSONValue)]
  ) {
    let now = at.nanoseconds
    guard let run = state.openRun(of: open.session, at: now) else { return }
    let row = state.sessions[run.session.number]
    let rules = context.rules(session: run.session, agent: row.agent, provider: run.provider)
    if run.leaseUntil != 0, now >= run.leaseUntil {
      found.append(
        entry(
          .leaseExpired, .infrastructure, run.session, run.run, run.leaseUntil, row,
          "nothing was heard before the lease ran out"))
    }
    let isAhead = Instant.isAhead(open.heardAt, of: now)
    let silent = run.heardAt.advanced(seconds: rules.attention.silentSeconds)
    guard isAhead || now >= silent else { return }
    found.append(
      entry(
        .silentRun, .infrastructure, run.session, run.run, run.heardAt, row,
        isAhead
          ? "it was last heard of by a clock that is ahead of this one"
          : "nothing was heard for \(rules.attention.silentSeconds) seconds"))
  }

  private func stuck(
    _ session: SessionSymbol, _ at: Instant, _ found: inout [(since: Int64, value: JSONValue)]
  ) {
    let now = at.nanoseconds
    let row = state.session(session, at: now)
    let pending = state.pendings[row.pending]
    let rules = context.rules(session: session, agent: row.agent, provider: pending.provider)
    let mayPass = pending.source == .message || pending.source == .manual
    let agent = state.agents[row.agent.number]
    let isHeldBack = row.openRun != 0 || agent.isPaused || (!mayPass && now < row.notBefore)
    // What was held back is stuck only some time after it is held back no more.
    let times = [
      pending.since, state.sessions[session.number].lastRunEndedAt, agent.unpausedAt,
      mayPass ? 0 : row.notBefore,
    ]
    let since = times.filter { !Instant.isAhead($0, of: now) }.max() ?? 0
    guard !isHeldBack, now >= since.advanced(seconds: rules.attention.stuckSeconds) else { return }
    found.append(
      entry(
        .stuckQueue, .infrastructure, session, pending.run,
        Instant.isAhead(pending.since, of: now) ? now : pending.since, row,
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
          .condemnedLoop, .session, session, row.lastRun, alarm.condemnedAt, row,
          "\(row.condemnedInARow) ids in a row were condemned at their first resume"))
    }
    if row.emptyInARow >= SessionRow.mostEmptyInARow {
      found.append(
        entry(
          .noProgress, .session, session, row.lastRun, alarm.emptySince, row,
          "\(row.emptyInARow) runs in a row resumed, succeeded and took no turn: nothing happens. "
            + "Look at what the program prints; if its session is worn out, call `reset`"))
    }
    let hour: Int64 = 3_600
    if alarm.third != 0, alarm.latest <= alarm.third.advanced(seconds: hour),
      at.nanoseconds <= alarm.latest.advanced(seconds: hour),
      !Instant.isAhead(alarm.latest, of: at.nanoseconds)
    {
      found.append(
        entry(
          .flapping, .session, session, row.lastRun, alarm.third, row,
          "three condemnations or resets within an hour that nobody asked for"))
    }
  }

  private func entry(
    _ kind: AttentionKind, _ family: FailureFamily, _ session: SessionSymbol, _ run: SequenceNumber,
    _ since: Int64, _ row: SessionRow, _ because: String
  ) -> (since: Int64, value: JSONValue) {
    let value: JSONValue = [
      "kind": .string(kind.rawValue), "session": .text(names.text(session)), "run": .position(run),
      "since": .time(since, row.latestOffset), "family": .string(family.name),
      "because": .string(because),
    ]
    return (since, value)
  }
}

// One entry for the whole log: a wrong clock is the machine's, whichever keys it was asked for.

extension Core {
  private func clock(_ at: Instant, _ found: inout [(since: Int64, value: JSONValue)]) {
    let now = at.nanoseconds
    let clock = state.totals.clock
    var keys: [SessionSymbol] = []
    var latest = clock.latest
    state.sessions.forEach { number, row in
      guard Instant.isAhead(row.latestTime, of: now) else { return }
      keys.append(SessionSymbol(number))
      latest = max(latest, row.latestTime)
    }
    guard Instant.isAhead(latest, of: now) else { return }
    let since = clock.wrongSince(asOf: now)
    let what =
      keys.isEmpty ? "the log" : keys.count == 1 ? "1 key" : "\(keys.count) keys"
    let until = Instant(nanoseconds: latest, offsetMinutes: at.offsetMinutes).description
    let value: JSONValue = [
      "kind": .string(AttentionKind.clock.rawValue),
      "session": keys.count == 1 ? .text(names.text(keys[0])) : .null,
      "run": .null, "since": .time(since, at.offsetMinutes),
      "family": .string(FailureFamily.infrastructure.name), "keys": .integer(Int64(keys.count)),
      "because": .string(
        "\(what) heard from a clock that is more than an hour ahead of this one, up to \(until). "
          + "Compare the clocks of the machines that write this log. If this one is right, the "
          + "next call for each key corrects it; until then this stays, and harms nothing"),
    ]
    found.append((since, value))
  }
}

extension Int64 {
  /// A time in nanoseconds some seconds later; the last there is where that is too late.
  func advanced(seconds: Int64) -> Int64 {
    Instant(nanoseconds: self).adding(seconds: seconds).nanoseconds
  }
}
