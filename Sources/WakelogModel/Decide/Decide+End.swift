// How runs end from outside, and how ids are condemned.

extension Decider {
  /// Ends a key's open run when its lease has run out; to be told nothing is a suspicion.
  mutating func endExpiredRun(_ session: SessionSymbol, _ state: inout State) {
    guard let run = state.openRun(of: session, at: at.nanoseconds), run.leaseUntil != 0,
      now(session, state) >= run.leaseUntil
    else { return }
    if run.mode == .resume, !run.hasEntered {
      suspect(run, .interrupted, session, &state)
    }
    endRun(session, .interrupted, cause: .lease, &state)
  }

  mutating func abandon(
    _ session: SessionSymbol, _ number: SequenceNumber, _ by: Symbol<Space.Actor>,
    _ why: Symbol<Space.Text>, _ state: inout State
  ) throws(Fault) {
    if let waiting = state.pending(of: session), waiting.run == number {
      throw .conflict("this run waits and has not begun; drop it with `cancel`")
    }
    guard let run = state.openRun(of: session), run.run == number else {
      throw .conflict("this run has ended; look at it with `run`")
    }
    endRun(session, .interrupted, cause: .abandoned, by: by, why: why, &state)
  }

  mutating func reset(
    _ session: SessionSymbol, _ because: Symbol<Space.Text>, _ expected: Generation?,
    _ state: inout State
  ) throws(Fault) -> Answer {
    let row = try requireSession(session, state)
    if let expected, expected != row.generation {
      throw .conflict(
        "the generation is \(row.generation.value); read the session again and decide anew")
    }
    if state.openRun(of: session) != nil {
      endRun(session, .superseded, cause: .reset, &state)
    }
    var reset = SessionReset()
    reset.cause = .asked
    reset.previous = row.bound
    reset.because = because
    emit(.sessionReset(reset), session, generation: row.generation.next, &state)
    return .reset(previous: row)
  }

  /// Ends the open run, from outside (`cause`) or as its last attempt went.
  mutating func endRun(
    _ session: SessionSymbol, _ outcome: Outcome, failure: FailureKind? = nil,
    because: Symbol<Space.Code> = .none, cause: EndCause? = nil,
    by: Symbol<Space.Actor> = .none, why: Symbol<Space.Text> = .none, _ state: inout State
  ) {
    guard let run = state.openRun(of: session) else { return }
    var finished = RunFinished()
    finished.outcome = outcome
    finished.via = run.hasFallback ? .fallback : run.mode == .resume ? .resume : .fresh
    finished.failure = outcome == .interrupted && cause != nil ? .interrupted : failure
    finished.because =
      outcome == .interrupted
      ? cause.map { context.symbol(ofCode: "run.\($0.name)") } ?? because : because
    finished.cause = cause
    finished.attempts = run.attempts
    finished.by = by
    finished.why = why
    emit(.runFinished(finished), session, run: run.run, &state)
  }

  /// Counts a failure that may be the id's own fault; condemns it when that was one too many.
  ///
  /// Gives whether it was.
  @discardableResult
  mutating func suspect(
    _ run: RunRow, _ kind: FailureKind, _ session: SessionSymbol, _ state: inout State
  ) -> Bool {
    var suspected = SessionSuspected()
    suspected.identity = run.asked
    suspected.failure = kind
    suspected.counts = 1
    if kind == .wrongWorkspace {
      suspected.workspace = run.workspace
      suspected.host = run.host
    }
    emit(.sessionSuspected(suspected), session, run: run.run, &state)
    let row = state.sessions[session.number]
    let rules = context.rules(session: session, agent: row.agent, provider: run.provider)
    let identity = state.identities[run.asked.number]
    guard Int64(identity.suspicion) >= Int64(rules.fallback.suspectLimit),
      identity.condemned == nil
    else { return false }
    condemn(run.asked, .suspect, kind, run.attempt, session, run.run, &state)
    return true
  }

  /// Condemns an id on every key: none points to it any more.
  mutating func condemn(
    _ identity: IdentitySymbol, _ cause: CondemnCause, _ failure: FailureKind,
    _ attempt: SequenceNumber, _ session: SessionSymbol, _ run: SequenceNumber,
    _ state: inout State
  ) {
    guard state.identities[identity.number].condemned == nil else { return }
    var condemned = SessionCondemned()
    condemned.identity = identity
    condemned.cause = cause
    condemned.failure = failure
    condemned.attempt = attempt
    emit(.sessionCondemned(condemned), session, run: run, &state)
    while state.identities[identity.number].boundBy.exists {
      let place = state.identities[identity.number].boundBy
      let holder = state.session(at: place)
      clear(holder, identity, .condemned, run: holder == session ? run : .none, &state)
      // Each turn takes one key off the chain; a chain that does not shrink is damaged.
      if state.identities[identity.number].boundBy == place { break }
    }
  }

  /// Lets a key point to nothing for the provider of an id that it points to.
  mutating func clear(
    _ session: SessionSymbol, _ bound: IdentitySymbol, _ because: ClearCause,
    run: SequenceNumber, _ state: inout State
  ) {
    guard bound.exists else { return }
    var cleared = SessionCleared()
    cleared.identity = bound
    cleared.because = because
    emit(.sessionCleared(cleared), session, run: run, &state)
  }
}
