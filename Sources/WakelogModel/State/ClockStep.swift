// What a key's rules look at are times that its events gave. When its clock turns out to have been
// wrong by more than an hour, those times are set right, so that nothing holds for years.

/// What the time of a key's next event says of the times that the key has from those before.
struct ClockStep {
  /// Which way the clock went.
  enum Direction {
    /// Back: what is more than an hour later than now came from a clock that was ahead.
    case back
    /// Ahead, to where it was before it stepped back: what it gave meanwhile was too early.
    case ahead
  }

  var direction: Direction
  /// What a wrong time counts as: now after a step back, else the time before it.
  var right: Int64
  /// The times given between a step back and the return from it.
  var wrong: ClosedRange<Int64> = 0...0
  /// The beginning of the generation and the last interaction before the step back.
  var kept: (generationBegan: Int64, lastInteraction: Int64) = (0, 0)

  /// A time set right.
  func corrected(_ time: Int64) -> Int64 {
    guard time != 0 else { return 0 }
    switch direction {
    case .back: return Instant.isAhead(time, of: right) ? right : time
    case .ahead: return wrong.contains(time) ? right : time
    }
  }

  /// A time set right that was kept as it was before the step back: it is that again, unless it has
  /// been given anew.
  fileprivate func corrected(_ time: Int64, keeping before: Int64) -> Int64 {
    guard direction == .ahead else { return corrected(time) }
    let meanwhile = Instant.isAhead(before, of: wrong.lowerBound) ? wrong.lowerBound : before
    return time == meanwhile ? before : corrected(time)
  }
}

extension State {
  /// What a time says of a key's clock; nil when it goes on as clocks do.
  func clockStep(of session: SessionSymbol, at time: Int64) -> ClockStep? {
    let row = sessions[session.number]
    guard time >= row.latestTime else {
      return Instant.isAhead(row.latestTime, of: time)
        ? ClockStep(direction: .back, right: time) : nil
    }
    return row.alarm == 0 ? nil : alarms[row.alarm].clockReturn(from: row.latestTime, to: time)
  }

  /// The open run of a key with its times set right for a look at some time.
  public func openRun(of session: SessionSymbol, at time: Int64) -> RunRow? {
    guard var run = openRun(of: session) else { return nil }
    if let step = clockStep(of: session, at: time) { run.correct(step) }
    return run
  }

  /// A key with its times set right for a look at some time.
  public func session(_ session: SessionSymbol, at time: Int64) -> SessionRow {
    var row = sessions[session.number]
    if let step = clockStep(of: session, at: time) { row.correct(step) }
    return row
  }

  /// Sets the times of a key right by a step of its clock, and remembers where it stepped back from.
  ///
  /// To be called before the row of the session takes the time of the event.
  mutating func correct(_ session: SessionSymbol, _ step: ClockStep) {
    let row = sessions[session.number]
    if step.direction == .back {
      alarms.update(alarmToWrite(of: session)) { alarm in
        alarm.steppedFrom = row.latestTime
        alarm.steppedTo = step.right
        alarm.keptBeginning = row.generationBegan
        alarm.keptInteraction = row.lastInteraction
      }
    } else {
      if row.bound.exists { identities.update(row.bound.number) { $0.correct(step) } }
      var aside = row.asides
      while aside != 0 {
        identities.update(bindings[aside].bound.number) { $0.correct(step) }
        aside = bindings[aside].next
      }
    }
    sessions.update(session.number) { $0.correct(step) }
    alarms.update(sessions[session.number].alarm) { $0.correct(step) }
    runs.update(row.openRun) { $0.correct(step) }
    pendings.update(row.pending) { $0.correct(step) }
    pendings.update(row.arriving) { $0.correct(step) }
  }

  /// The row of a key's alarms, made if need be.
  mutating func alarmToWrite(of session: SessionSymbol) -> UInt32 {
    let row = sessions[session.number]
    guard row.alarm == 0 else { return row.alarm }
    let number = UInt32(alarms.count + 1)
    sessions.update(session.number) { $0.alarm = number }
    return number
  }
}

extension AlarmRow {
  /// The return from a step back, when a time leads to where the clock was before it in one leap; a
  /// clock that walks there was ahead before.
  fileprivate func clockReturn(from latest: Int64, to time: Int64) -> ClockStep? {
    guard steppedFrom != 0, time >= steppedFrom, latest >= steppedTo else { return nil }
    let way = Instant.span(from: steppedTo, to: steppedFrom)
    guard Instant.isReturn(leap: Instant.span(from: latest, to: time), over: way) else {
      return nil
    }
    return ClockStep(
      direction: .ahead, right: steppedFrom, wrong: steppedTo...latest,
      kept: (keptBeginning, keptInteraction))
  }

  fileprivate mutating func correct(_ step: ClockStep) {
    latest = step.corrected(latest)
    second = step.corrected(second)
    third = step.corrected(third)
    condemnedAt = step.corrected(condemnedAt)
    emptySince = step.corrected(emptySince)
  }

  /// Forgets a step back once the clock is where it was before.
  mutating func forgetStep() {
    steppedFrom = 0
    steppedTo = 0
    keptBeginning = 0
    keptInteraction = 0
  }
}

extension SessionRow {
  mutating func correct(_ step: ClockStep) {
    generationBegan = step.corrected(generationBegan, keeping: step.kept.generationBegan)
    lastInteraction = step.corrected(lastInteraction, keeping: step.kept.lastInteraction)
    lastRunEndedAt = step.corrected(lastRunEndedAt)
    guard notBefore != 0 else { return }
    let began = Instant.span(from: Int64(notBeforeSeconds) * 1_000_000_000, to: notBefore)
    let right = step.corrected(began)
    guard right != began else { return }
    // Nobody knows when a wait that a clock ahead began is over; it would have held for years.
    notBefore =
      step.direction == .back ? 0 : State.later(right, bySeconds: Int64(notBeforeSeconds))
  }
}

extension RunRow {
  fileprivate mutating func correct(_ step: ClockStep) {
    startedAt = step.corrected(startedAt)
    let right = step.corrected(heardAt)
    guard right != heardAt else { return }
    heardAt = right
    guard leaseUntil != 0 else { return }
    // A lease that a clock ahead gave has run out; its holder's next sign of life renews it.
    leaseUntil = step.direction == .back ? right : State.lease(leasePlusOne, from: right)
  }
}

extension PendingRow {
  mutating func correct(_ step: ClockStep) {
    since = step.corrected(since)
    lastInteraction = step.corrected(lastInteraction)
    interactionBefore = step.corrected(
      interactionBefore, keeping: step.kept.lastInteraction)
  }
}

extension IdentityRow {
  fileprivate mutating func correct(_ step: ClockStep) {
    mintingRunAt = step.corrected(mintingRunAt)
    lastRunAt = step.corrected(lastRunAt)
  }
}
