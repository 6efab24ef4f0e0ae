extension Decider {
  mutating func wake(_ wake: WakeCommand, _ state: inout State) throws(Fault) -> Answer {
    let row = state.sessions[wake.session.number]
    if row.agent.exists, row.agent != wake.agent {
      throw .conflict(
        "this session belongs to another agent; use a key of its own for each agent")
    }
    let epoch = try requireEpoch(wake.host, wake.session, .wake, &state)
    let rules = context.rules(
      session: wake.session, agent: wake.agent, provider: wake.provider)
    // Words about a key, or an import, may have come before its first wake.
    if !row.agent.exists {
      var opened = SessionOpened()
      opened.agent = wake.agent
      opened.provider = wake.provider
      emit(.sessionOpened(opened), wake.session, &state)
    }
    for fact in wake.transcripts where !fact.exists {
      var observed = ProbeObserved()
      observed.identity = fact.identity
      observed.seen = .missing
      emit(.probeObserved(observed), wake.session, &state)
    }
    let facts = TranscriptFacts(bound: wake.transcript, others: wake.transcripts)
    var requested = requestedEvent(wake, epoch: epoch, rules)
    let bound = state.binding(of: wake.session, with: wake.provider).identity
    requested.transcript = facts.exists(bound, isBound: true).map { $0 ? .present : .missing }
    let number = emit(.wakeRequested(requested), wake.session, &state)
    if let cause = refusal(wake.session, wake.source, state) {
      var refused = WakeRefused()
      refused.wake = number
      refused.because = cause
      emit(.wakeRefused(refused), wake.session, &state)
      return .wake(.refused(cause), run: number, attempt: .none)
    }
    endExpiredRun(wake.session, &state)
    if let open = state.openRun(of: wake.session) {
      return join(wake, number, requested.flags, open, &state)
    }
    return start(
      wake.session, claim: wake.host, lease: wake.leaseSeconds, fence: wake.fence,
      isOfAnotherProvider: wake.isResumeOfAnotherProvider, facts, &state)
  }

  mutating func next(_ next: NextCommand, _ state: inout State) throws(Fault) -> Answer {
    _ = try requireSession(next.session, state)
    _ = try requireEpoch(next.host, next.session, .next, &state)
    guard let pending = state.pending(of: next.session) else {
      return .wake(.none, run: .none, attempt: .none)
    }
    endExpiredRun(next.session, &state)
    if let open = state.openRun(of: next.session) {
      return .wake(.busy, run: open.run, attempt: .none)
    }
    if let cause = refusal(next.session, pending.source ?? .timer, state) {
      return .wake(.refused(cause), run: pending.run, attempt: .none)
    }
    return start(
      next.session, claim: next.host, lease: next.leaseSeconds, fence: next.fence,
      isOfAnotherProvider: next.isResumeOfAnotherProvider, TranscriptFacts(), &state)
  }

  mutating func cancel(
    _ session: SessionSymbol, _ by: Symbol<Space.Actor>, _ state: inout State
  ) throws(Fault) {
    _ = try requireSession(session, state)
    guard let pending = state.pending(of: session) else { return }
    var cancelled = WakeCancelled()
    cancelled.by = by
    emit(.wakeCancelled(cancelled), session, run: pending.run, &state)
  }

  /// The epoch that a wake carries: the host's current one unless it was given.
  private mutating func requireEpoch(
    _ claim: HostClaim?, _ session: SessionSymbol, _ method: WritingMethod,
    _ state: inout State
  ) throws(Fault) -> UInt32 {
    guard let claim else { return 0 }
    let current = state.hosts[claim.host.number].epoch
    guard let epoch = claim.epoch else { return current }
    if epoch > current {
      throw .invalid(field: "epoch", "this host was never given that epoch; call `host` first")
    }
    if epoch < current {
      if state.sessions[session.number].exists {
        reject(method, .staleEpoch, .none, .none, session, &state)
      }
      throw .hostSuperseded(claim.host)
    }
    return epoch
  }

  private func requestedEvent(
    _ wake: WakeCommand, epoch: UInt32, _ rules: Rules
  ) -> WakeRequested {
    var event = WakeRequested()
    event.agent = wake.agent
    event.provider = wake.provider
    event.source = wake.source
    event.reason = wake.reason
    event.scope = wake.scope
    event.workspace = wake.workspace?.path ?? .none
    event.workspaceKind = wake.workspace?.kind
    event.fingerprint = wake.fingerprint
    event.host = wake.host?.host ?? .none
    event.epoch = epoch
    event.leasePlusOne = wake.leaseSeconds.map { $0 &+ 1 } ?? 0
    event.resume = wake.resume
    if wake.forceFresh { event.flags.insert(.forceFresh) }
    if wake.keep != nil { event.flags.insert(.keepGiven) }
    if wake.keep == true { event.flags.insert(.keep) }
    if !wake.resumable { event.flags.insert(.leavesNoSession) }
    if !rules.reset.exemptSources.contains(wake.source) { event.flags.insert(.interaction) }
    if isDemand(wake.reason, rules) { event.flags.insert(.demandingReason) }
    if wake.hasPayload { event.flags.insert(.hasPayload) }
    event.trace = wake.trace
    return event
  }

  /// Whether a reason is one of the policy's `reset.reasons`.
  func isDemand(_ reason: ReasonSymbol, _ rules: Rules) -> Bool {
    guard reason.exists, !rules.reset.reasons.isEmpty else { return false }
    let text = context.text(of: reason)
    return rules.reset.reasons.contains { $0.isSame(as: text) }
  }

  /// Why a wake of that source may not run now.
  private func refusal(
    _ session: SessionSymbol, _ source: Source, _ state: State
  ) -> RefusalCause? {
    let row = state.session(session, at: at.nanoseconds)
    if state.agents[row.agent.number].isPaused { return .paused }
    if source == .message || source == .manual { return nil }
    return now(session, state) < row.notBefore ? .notBefore : nil
  }

  /// Lets a wake coalesce into the open run, or wait for its end.
  private mutating func join(
    _ wake: WakeCommand, _ number: SequenceNumber, _ flags: WakeFlags, _ open: RunRow,
    _ state: inout State
  ) -> Answer {
    let mayCoalesce: [Source] = [.timer, .cron, .event, .recovery]
    let demands = !flags.isDisjoint(with: [.forceFresh, .demandingReason]) || wake.resume.exists
    if mayCoalesce.contains(wake.source), wake.scope == open.scope,
      wake.resumable == open.leavesSession, !demands, !wake.hasPayload
    {
      var coalesced = WakeCoalesced()
      coalesced.wake = number
      emit(.wakeCoalesced(coalesced), wake.session, run: open.run, &state)
      return .wake(.coalesced, run: open.run, attempt: .none)
    }
    let run = state.pending(of: wake.session)?.run ?? number
    var deferred = WakeDeferred()
    deferred.wake = number
    emit(.wakeDeferred(deferred), wake.session, run: run, &state)
    return .wake(.deferred, run: run, attempt: .none)
  }

  /// Starts a run of the arriving wake, of the waiting one, or of both merged.
  private mutating func start(
    _ session: SessionSymbol, claim: HostClaim?, lease: UInt32?, fence: FenceDigest,
    isOfAnotherProvider: Bool, _ facts: TranscriptFacts, _ state: inout State
  ) -> Answer {
    // The run's first event may be what sets the key's times right.
    let step = state.clockStep(of: session, at: at.nanoseconds)
    var before = state.sessions[session.number]
    if let step { before.correct(step) }
    // Read before the run starts: its reasons leave the state with the wake.
    let reasons = reasonsToRun(session, state)
    let first = state.pendings[before.pending != 0 ? before.pending : before.arriving]
    var merged = first
    if before.pending != 0, before.arriving != 0 { merged.merge(state.pendings[before.arriving]) }
    if let step { merged.correct(step) }
    let rules = context.rules(
      session: session, agent: before.agent, provider: merged.provider)
    let binding = state.binding(of: session, with: merged.provider)

    var started = RunStarted()
    started.fence = fence
    started.wake = merged.last
    started.host = claim?.host ?? merged.host
    started.epoch = epochToRun(claim, merged, state)
    let seconds = lease.map { $0 &+ 1 } ?? merged.leasePlusOne
    started.leasePlusOne = seconds != 0 ? seconds : leasePlusOne(rules)
    emit(.runStarted(started), session, run: merged.run, &state)

    var planner = Planner(
      session: session, wake: merged, reasons: reasons, rules: rules, before: before,
      binding: binding, facts: facts)
    planner.isOfAnotherProvider =
      isOfAnotherProvider
      || (merged.resumeProvider.exists && merged.resumeProvider != merged.provider)
    planner.host = started.host
    let plan = self.plan(&planner, &state)
    let attempt = startAttempt(plan, session, &state)
    return .wake(.started, run: merged.run, attempt: attempt)
  }

  private func epochToRun(_ claim: HostClaim?, _ wake: PendingRow, _ state: State) -> UInt32 {
    guard let claim else {
      return wake.host.exists ? state.hosts[wake.host.number].epoch : 0
    }
    return claim.epoch ?? state.hosts[claim.host.number].epoch
  }

  private func leasePlusOne(_ rules: Rules) -> UInt32 {
    guard let seconds = rules.lease.seconds else { return 0 }
    return UInt32(clamping: seconds &+ 1)
  }

  private func reasonsToRun(_ session: SessionSymbol, _ state: State) -> [ReasonSymbol] {
    let row = state.sessions[session.number]
    var found: [ReasonSymbol] = []
    for slot in [row.pending, row.arriving] where slot != 0 {
      var link = state.pendings[slot].reasons
      while link != 0 {
        found.append(state.reasons[link].reason)
        link = state.reasons[link].next
      }
    }
    return found
  }

  /// Appends an attempt of the key's open run; gives its number.
  mutating func startAttempt(
    _ plan: Plan, _ session: SessionSymbol, _ state: inout State
  ) -> SequenceNumber {
    let open = state.openRun(of: session) ?? RunRow()
    var started = AttemptStarted()
    started.ordinal = open.attempts &+ 1
    started.mode = plan.identity.exists ? .resume : .fresh
    started.from = plan.from
    started.identity = plan.identity
    started.reset = plan.reset
    started.flags = plan.flags
    started.workspace = plan.workspace?.path ?? .none
    started.workspaceKind = plan.workspace?.kind
    started.drift = plan.drift
    started.params = plan.params
    if plan.considered.count > 0 { started.first = plan.considered[0] }
    if plan.considered.count > 1 { started.second = plan.considered[1] }
    if plan.considered.count > 2 { started.third = plan.considered[2] }
    return emit(.attemptStarted(started), session, run: open.run, &state)
  }
}
