extension Decider {
  mutating func progress(
    _ progress: ProgressCommand, _ state: inout State
  ) throws(Fault) -> Answer {
    let run = try requireFence(
      progress.fence, progress.session, .progress, progress.attempt,
      reported: progress.reported, &state)
    guard run.attempt == progress.attempt else {
      reject(
        .progress, .wrongAttempt, progress.attempt, progress.reported, progress.session, &state)
      throw .conflict(
        "attempt \(progress.attempt.value) is not the current one; it is \(run.attempt.value)")
    }
    var event = AttemptProgressed()
    event.attempt = progress.attempt
    event.reported = progress.reported
    event.process = progress.process
    if progress.entered { event.flags.insert(.entered) }
    emit(.attemptProgressed(event), progress.session, run: run.run, &state)
    let identity = progress.reported.or(run.entered).or(run.asked)
    if progress.entered, run.mayBind, identity.exists {
      if let cause = bindingRefusal(identity, progress.session, state) {
        reject(.progress, cause, progress.attempt, identity, progress.session, &state)
      } else {
        bind(identity, .entered, .none, .none, run, progress.session, &state)
      }
    }
    return .leaseUntil(state.openRun(of: progress.session)?.leaseUntil ?? 0)
  }

  mutating func flush(
    _ session: SessionSymbol, _ fence: FenceClaim, _ from: UInt64, _ to: UInt64,
    _ state: inout State
  ) throws(Fault) {
    let run = try requireFence(fence, session, .flush, .none, &state)
    guard to >= from else {
      throw .invalid(field: "to", "must not be less than `from`")
    }
    let cursor = state.sessions[session.number].cursor
    guard from == cursor else { throw .cursor(cursor) }
    var flushed = TranscriptFlushed()
    flushed.from = from
    flushed.to = to
    emit(.transcriptFlushed(flushed), session, run: run.run, &state)
  }

  /// Why an id that an attempt reports may not be bound; nil when it may.
  func bindingRefusal(
    _ identity: IdentitySymbol, _ session: SessionSymbol, _ state: State
  ) -> RejectCause? {
    if state.identities[identity.number].condemned != nil { return .condemnedId }
    let isOld = state.minted(identity, for: session) < state.sessions[session.number].wall
    return isOld ? .beforeReset : nil
  }

  /// Lets a key point to the session of an attempt; says nothing when it does so already.
  mutating func bind(
    _ identity: IdentitySymbol, _ proof: Proof, _ display: Symbol<Space.Display>,
    _ params: Symbol<Space.Params>, _ run: RunRow, _ session: SessionSymbol,
    _ state: inout State
  ) {
    let row = state.sessions[session.number]
    let binding = state.binding(of: session, with: run.provider)
    let known = state.identities[identity.number]
    let isKnown = known.lastBound.exists
    let isSame = binding.identity == identity
    var bound = SessionBound()
    bound.identity = identity
    bound.provider = run.provider
    bound.proof = proof
    bound.workspace = run.workspace
    bound.workspaceKind = run.workspaceKind
    bound.fingerprint = run.fingerprint.or(isSame ? binding.fingerprint : .none)
    bound.host = run.host.or(isKnown ? known.host : .none)
    bound.display = display.or(isKnown ? known.display : .none)
    bound.params = params.or(isKnown ? known.params : .none)
    let saysNothingNew =
      isSame && binding.generation == row.generation && known.isProven
      && binding.fingerprint == bound.fingerprint && known.workspace == bound.workspace
      && known.workspaceKind == bound.workspaceKind && known.host == bound.host
      && known.display == bound.display && known.params == bound.params
    guard !saysNothingNew else { return }
    emit(.sessionBound(bound), session, run: run.run, &state)
  }

  mutating func repair(_ repair: RepairCommand, _ state: inout State) throws(Fault) {
    let row = try requireSession(repair.session, state)
    if state.openRun(of: repair.session) != nil {
      throw .busy("a run is open; finish it, or end it with `abandon` or `reset`")
    }
    if case .exactly(let identity) = repair.expectedIdentity,
      row.bound != (identity ?? .none)
    {
      throw .conflict("the key points to another session than `expect.sessionId` says")
    }
    if case .exactly(let outcome) = repair.expectedOutcome, row.lastRunOutcome != outcome {
      throw .conflict("the last run ended otherwise than `expect.lastRun` says")
    }
    let revived = state.identities[repair.revive.number]
    if repair.revive.exists, revived.condemned == nil {
      throw .conflict("the id in `set.revive` is not condemned")
    }
    if case .bind(let identity, _) = repair.setting, identity != repair.revive,
      state.identities[identity.number].condemned != nil
    {
      throw .conflict("the id in `set.sessionId` is condemned; revive it in the same call")
    }
    var repaired = SessionRepaired()
    repaired.by = repair.by
    repaired.why = repair.why
    emit(.sessionRepaired(repaired), repair.session, &state)
    if repair.revive.exists {
      var event = SessionRevived()
      event.identity = repair.revive
      event.by = repair.by
      event.why = repair.why
      emit(.sessionRevived(event), repair.session, &state)
    }
    switch repair.setting {
    case .keep: break
    case .clear: clear(repair.session, row.bound, .operator, run: .none, &state)
    case .bind(let identity, let provider):
      assertBinding(identity, provider, repair.session, &state)
    }
  }

  /// Binds an id on an operator's word, with what is known of it.
  mutating func assertBinding(
    _ identity: IdentitySymbol, _ provider: ProviderSymbol, _ session: SessionSymbol,
    _ state: inout State
  ) {
    let known = state.identities[identity.number]
    var bound = SessionBound()
    bound.identity = identity
    bound.provider = provider
    bound.proof = .operator
    bound.workspace = known.workspace
    bound.workspaceKind = known.workspaceKind
    bound.fingerprint = known.fingerprint
    bound.host = known.host
    bound.display = known.display
    bound.params = known.params
    emit(.sessionBound(bound), session, &state)
  }
}
