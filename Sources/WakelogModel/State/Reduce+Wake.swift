// A wake arrives, and its disposition follows within the same commit: it is dropped, or it joins
// those that wait, or it starts a run together with them.

extension State {
  mutating func reduceWake(_ wake: WakeRequested, _ event: Event) {
    dropArriving(event.session)
    var row = PendingRow()
    row.run = event.sequence
    row.last = event.sequence
    row.since = sessions[event.session.number].latestTime
    row.offset = event.at.offsetMinutes
    row.lastInteraction = wake.flags.contains(.interaction) ? row.since : 0
    row.interactionBefore = sessions[event.session.number].lastInteraction
    row.provider = wake.provider
    row.scope = wake.scope
    row.workspace = wake.workspace
    row.workspaceKind = wake.workspaceKind
    row.fingerprint = wake.fingerprint
    row.host = wake.host
    row.epoch = wake.epoch
    row.leasePlusOne = wake.leasePlusOne
    row.resume = wake.resume
    if wake.resume.exists { row.resumeProvider = wake.provider }
    row.transcript = wake.transcript
    row.wakes = 1
    row.reason = wake.reason
    row.source = wake.source
    row.flags = wake.flags
    if wake.reason.exists {
      var reason = ReasonRow()
      reason.reason = wake.reason
      row.reasons = reasons.insert(reason)
    }
    let number = pendings.insert(row)
    sessions.update(event.session.number) { session in
      session.wakes += 1
      session.arriving = number
    }
  }

  /// The wake goes no further by itself; that somebody spoke stays true.
  mutating func reduceDisposed(_ event: Event) {
    let spoken = pendings[sessions[event.session.number].arriving].lastInteraction
    dropArriving(event.session)
    noteInteraction(spoken, event.session)
  }

  mutating func reduceCancelled(_ event: Event) {
    let spoken = pendings[sessions[event.session.number].pending].lastInteraction
    dropPending(event.session)
    noteInteraction(spoken, event.session)
  }

  mutating func reduceDeferred(_ event: Event) {
    let row = sessions[event.session.number]
    guard row.arriving != 0 else { return }
    if row.pending == 0 {
      sessions.update(event.session.number) { session in
        session.pending = session.arriving
        session.arriving = 0
      }
    } else {
      mergeArriving(event.session)
    }
    pendings.update(sessions[event.session.number].pending) { $0.transcript = nil }
  }

  mutating func reduceRunStarted(_ start: RunStarted, _ event: Event) {
    let now = sessions[event.session.number].latestTime
    let hasWaited = sessions[event.session.number].pending != 0
    if hasWaited { mergeArriving(event.session) }
    let row = sessions[event.session.number]
    let wake = pendings[hasWaited ? row.pending : row.arriving]
    var run = RunRow()
    run.run = event.run
    run.startedAt = now
    run.heardAt = now
    run.offset = event.at.offsetMinutes
    run.fence = start.fence
    run.session = event.session
    run.provider = wake.provider
    run.reason = wake.reason
    run.scope = wake.scope
    run.wakeWorkspace = wake.workspace
    run.wakeWorkspaceKind = wake.workspaceKind
    run.fingerprint = wake.fingerprint
    run.source = wake.source
    if wake.transcript == .missing {
      run.missing = binding(of: event.session, with: wake.provider).identity
    }
    run.flags = wake.flags
    run.host = start.host
    run.epoch = start.epoch
    run.leasePlusOne = start.leasePlusOne
    run.leaseUntil = Self.lease(start.leasePlusOne, from: now)
    // A run that nobody ended gives way: only a damaged or foreign log has one here.
    closeRun(event.session)
    let number = runs.insert(run)
    if hasWaited { dropPending(event.session) } else { dropArriving(event.session) }
    noteInteraction(wake.lastInteraction, event.session)
    sessions.update(event.session.number) { session in
      session.runs += 1
      session.openRun = number
      if wake.provider.exists { session.provider = wake.provider }
    }
    agents.update(sessions[event.session.number].agent.number) { $0.openRuns += 1 }
  }

  /// When a lease that begins now runs out; 0 without a lease.
  static func lease(_ secondsPlusOne: UInt32, from now: Int64) -> Int64 {
    guard secondsPlusOne > 0 else { return 0 }
    return later(now, bySeconds: Int64(secondsPlusOne) - 1)
  }

  /// A time some seconds later, the last time there is where that is too late.
  static func later(_ time: Int64, bySeconds seconds: Int64) -> Int64 {
    let (product, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, isTooLate) = time.addingReportingOverflow(product)
    return isTooLong || isTooLate ? .max : sum
  }

  private mutating func noteInteraction(_ time: Int64, _ session: SessionSymbol) {
    guard time > sessions[session.number].lastInteraction else { return }
    sessions.update(session.number) { $0.lastInteraction = time }
  }

  mutating func dropArriving(_ session: SessionSymbol) {
    let number = sessions[session.number].arriving
    guard number != 0 else { return }
    dropReasons(pendings[number].reasons)
    pendings.remove(number)
    sessions.update(session.number) { $0.arriving = 0 }
  }

  mutating func dropPending(_ session: SessionSymbol) {
    let number = sessions[session.number].pending
    guard number != 0 else { return }
    dropReasons(pendings[number].reasons)
    pendings.remove(number)
    sessions.update(session.number) { $0.pending = 0 }
  }

  private mutating func dropReasons(_ first: UInt32) {
    var link = first
    while link != 0 {
      let next = reasons[link].next
      reasons.remove(link)
      link = next
    }
  }

  /// Joins the arriving wake to the waiting one: demands and reasons are united, `message`
  /// sticks, the rest takes the latest value given.
  private mutating func mergeArriving(_ session: SessionSymbol) {
    let row = sessions[session.number]
    guard row.arriving != 0, row.pending != 0 else { return }
    let new = pendings[row.arriving]
    var link = new.reasons
    while link != 0 {
      unite(reasons[link].reason, into: row.pending)
      link = reasons[link].next
    }
    pendings.update(row.pending) { $0.merge(new) }
    dropArriving(session)
  }

  private mutating func unite(_ reason: ReasonSymbol, into pending: UInt32) {
    var link = pendings[pending].reasons
    while link != 0 {
      if reasons[link].reason == reason { return }
      link = reasons[link].next
    }
    var row = ReasonRow()
    row.reason = reason
    row.next = pendings[pending].reasons
    let number = reasons.insert(row)
    pendings.update(pending) { $0.reasons = number }
  }
}

extension PendingRow {
  /// Takes in a later wake; its reasons are united elsewhere.
  mutating func merge(_ new: PendingRow) {
    last = new.last
    offset = new.offset
    transcript = new.transcript
    wakes += new.wakes
    lastInteraction = max(lastInteraction, new.lastInteraction)
    provider = new.provider.or(provider)
    scope = new.scope.or(scope)
    if new.workspaceKind != nil {
      workspace = new.workspace
      workspaceKind = new.workspaceKind
    }
    fingerprint = new.fingerprint.or(fingerprint)
    if new.host.exists {
      host = new.host
      epoch = new.epoch
    }
    if new.leasePlusOne != 0 { leasePlusOne = new.leasePlusOne }
    resume = new.resume.or(resume)
    resumeProvider = new.resumeProvider.or(resumeProvider)
    reason = new.reason.or(reason)
    if source != .message { source = new.source ?? source }
    flags = flags.merged(with: new.flags)
  }
}

extension WakeFlags {
  // Made once: a list of options is an array, unless the optimiser sees through it.
  private static let demands: WakeFlags = [
    .forceFresh, .interaction, .demandingReason, .hasPayload,
  ]
  private static let keeping: WakeFlags = [.keep, .keepGiven]

  /// Demands of both, `leavesNoSession` only of both, `keep` as last given.
  func merged(with new: WakeFlags) -> WakeFlags {
    var result = union(new).intersection(Self.demands)
    if contains(.leavesNoSession), new.contains(.leavesNoSession) {
      result.insert(.leavesNoSession)
    }
    let keeping = new.contains(.keepGiven) ? new : self
    result.formUnion(keeping.intersection(Self.keeping))
    return result
  }
}
