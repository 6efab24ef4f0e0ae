extension Decider {
  mutating func finish(_ finish: FinishCommand, _ state: inout State) throws(Fault) -> Answer {
    let row = try requireSession(finish.session, state)
    if row.lastFinish.exists, row.lastFinishAttempt == finish.attempt,
      row.lastFinishRequest == finish.request
    {
      return .duplicateFinish
    }
    let run = try requireFence(
      finish.fence, finish.session, .finish, finish.attempt, reported: finish.reported, &state)
    guard run.attempt == finish.attempt else {
      reject(.finish, .wrongAttempt, finish.attempt, finish.reported, finish.session, &state)
      throw .conflict(
        "attempt \(finish.attempt.value) is not the current one; finish \(run.attempt.value)")
    }
    let end = reading(finish, run, state)
    emit(.attemptFinished(end.event), finish.session, run: run.run, &state)
    if end.kind == nil {
      settleSuccess(end, finish, run, &state)
      endRun(finish.session, .succeeded, &state)
      return .finished(attempt: finish.attempt, run: run.run, settled: true)
    }
    if failedSessionFallsBack(end, finish, run, &state) {
      return .finished(attempt: finish.attempt, run: run.run, settled: false)
    }
    endRun(
      finish.session, end.event.outcome ?? .failed, failure: end.kind,
      because: end.event.because, &state)
    return .finished(attempt: finish.attempt, run: run.run, settled: true)
  }

  /// How an attempt's traces were read.
  private struct Ending {
    var event = AttemptFinished()
    /// Why it failed; nil when it did not.
    var kind: FailureKind?
    /// Whether the session was entered.
    var entered = false
    /// Whether the provider says that it started cold though asked to resume.
    var startedCold = false
    /// The session that the attempt was in; none when nobody knows.
    var identity = IdentitySymbol.none
  }

  private func reading(_ finish: FinishCommand, _ run: RunRow, _ state: State) -> Ending {
    let isResuming = run.mode == .resume
    var traces = finish.traces
    traces.provider = context.text(of: run.provider)
    traces.resuming = isResuming
    let turns = traces.turns
    // An attempt that was seen inside its session has taken a turn, whatever it says at its end.
    if run.hasEntered { traces.turns = max(turns ?? 1, 1) }
    let reading = finish.classification ?? classify(traces)
    var end = Ending()
    end.kind = reading.kind
    if end.kind == .unknownSession, run.plan.contains(.outside) { end.kind = .wrongWorkspace }
    let hadOutput = !traces.stdout.isEmpty || !traces.message.isEmpty
    end.entered =
      traces.turns.map { $0 > 0 }
      ?? (end.kind == nil && (hadOutput || finish.reported.exists))
    end.startedCold = isResuming && finish.resumed == false
    end.identity = run.identity(reporting: finish.reported, isCold: end.startedCold)
    end.event = finish.event(turns: turns)
    if !finish.isCounted {
      end.event.count(from: state.usages[state.identities[end.identity.number].usage])
    }
    end.event.outcome = reading.outcome.outcome
    end.event.failure = end.kind
    if end.kind != nil { end.event.because = context.symbol(ofCode: reading.because) }
    if end.entered { end.event.flags.insert(.entered) }
    if hadOutput { end.event.flags.insert(.hadOutput) }
    return end
  }

  /// Binds what a success proves. One without a turn proves nothing; one that says nothing at all
  /// still tells that a fresh attempt is not in the session that the key points to.
  private mutating func settleSuccess(
    _ end: Ending, _ finish: FinishCommand, _ run: RunRow, _ state: inout State
  ) {
    let saysNothing = end.event.turns == nil && !end.identity.exists
    guard run.mayBind, end.entered || saysNothing else { return }
    let bound = state.binding(of: finish.session, with: run.provider).identity
    if end.identity.exists {
      if let cause = bindingRefusal(end.identity, finish.session, state) {
        reject(.finish, cause, finish.attempt, end.identity, finish.session, &state)
        clear(finish.session, bound, .rejectedId, run: run.run, &state)
      } else {
        bind(end.identity, .success, finish.display, finish.params, run, finish.session, &state)
      }
    } else {
      clear(finish.session, bound, .noIdReported, run: run.run, &state)
    }
    if run.mode == .resume, end.startedCold || end.identity != run.asked {
      var fallback = FallbackTaken()
      fallback.from = finish.attempt
      fallback.cause = .providerReplaced
      emit(.fallbackTaken(fallback), finish.session, run: run.run, &state)
    }
  }

  /// Draws what a failure says about the session; gives whether the run goes on.
  private mutating func failedSessionFallsBack(
    _ end: Ending, _ finish: FinishCommand, _ run: RunRow, _ state: inout State
  ) -> Bool {
    guard let kind = end.kind else { return false }
    let row = state.sessions[finish.session.number]
    let rules = context.rules(session: finish.session, agent: row.agent, provider: run.provider)
    let mayGoOn = Int64(run.attempts) < Int64(rules.fallback.maxAttempts)
    var cause: FallbackCause?
    var refused: Verdict?
    if run.mode == .resume, kind.family == .session {
      cause = .failure
      switch kind {
      case .sessionInUse where rules.fallback.inUse == .fail:
        // Somebody else is in it, and the policy would rather have no answer than one beside it.
        cause = nil
      case .sessionInUse, .wrongWorkspace:
        refused = kind == .sessionInUse ? .inUse : .workspace
        if !mayGoOn {
          suspect(run, kind, finish.session, &state)
        } else if kind == .wrongWorkspace {
          noteMiss(run, finish.session, &state)
        }
      default:
        condemn(
          run.asked, .failure, kind, finish.attempt, finish.session, run.run, &state)
      }
    } else if run.mode == .resume, kind.makesSuspect, !end.entered {
      if suspect(run, kind, finish.session, &state) { cause = .suspect }
    }
    if kind.endsItsSession {
      unbindEnded(end.identity, finish.session, run, &state)
    } else if end.entered, run.mayBind, end.identity.exists {
      bindFailed(end, finish, run, &state)
    }
    guard let cause, mayGoOn else { return false }
    fallBack(cause, kind, refused, finish, run, rules, &state)
    return true
  }

  /// Binds the id of a failing attempt that entered its session.
  private mutating func bindFailed(
    _ end: Ending, _ finish: FinishCommand, _ run: RunRow, _ state: inout State
  ) {
    guard let cause = bindingRefusal(end.identity, finish.session, state) else {
      return bind(
        end.identity, .entered, finish.display, finish.params, run, finish.session, &state)
    }
    // What this very failure condemned was not reported by mistake.
    if end.identity != run.asked {
      reject(.finish, cause, finish.attempt, end.identity, finish.session, &state)
    }
  }

  /// Takes back what this run's signs of life bound: an id whose own run ends as one that cannot go
  /// on is not kept for the next.
  private mutating func unbindEnded(
    _ identity: IdentitySymbol, _ session: SessionSymbol, _ run: RunRow, _ state: inout State
  ) {
    guard run.mayBind, identity.exists,
      state.binding(of: session, with: run.provider).identity == identity
    else { return }
    clear(session, identity, .ended, run: run.run, &state)
  }

  private mutating func noteMiss(
    _ run: RunRow, _ session: SessionSymbol, _ state: inout State
  ) {
    var missed = SessionSuspected()
    missed.identity = run.asked
    missed.failure = .wrongWorkspace
    missed.workspace = run.workspace
    missed.host = run.host
    emit(.sessionSuspected(missed), session, run: run.run, &state)
  }

  /// Starts the run's next attempt: in the key's own session if the caller's was the one that
  /// failed and no reset stands between, else fresh.
  private mutating func fallBack(
    _ cause: FallbackCause, _ kind: FailureKind, _ refused: Verdict?, _ finish: FinishCommand,
    _ run: RunRow, _ rules: Rules, _ state: inout State
  ) {
    let row = state.sessions[finish.session.number]
    let binding = state.binding(of: finish.session, with: run.provider)
    var planner = Planner(
      session: finish.session, wake: PendingRow(of: run), reasons: [], rules: rules,
      before: row, binding: binding, facts: TranscriptFacts(of: run))
    planner.host = run.host
    planner.failedWorkspace = run.workspaceKind.map { Workspace(path: run.workspace, kind: $0) }
    planner.refused = refused.map { (run.asked, $0) }
    var plan: Plan?
    if run.from == .explicit, !run.hasReset, !run.plan.contains(.suspendedReset), binding.exists {
      plan = offer(binding.identity, .bound, &planner, &state)
    }
    var next = plan ?? planner.freshPlan()
    if refused == .inUse, plan == nil { next.flags.insert(.beside) }
    var taken = FallbackTaken()
    taken.from = finish.attempt
    taken.to = state.position.next.next
    taken.cause = cause
    taken.failure = kind
    emit(.fallbackTaken(taken), finish.session, run: run.run, &state)
    _ = startAttempt(next, finish.session, &state)
  }
}

extension FinishCommand {
  /// The facts of the call as the event keeps them.
  fileprivate func event(turns: Int64?) -> AttemptFinished {
    var event = AttemptFinished()
    event.attempt = attempt
    event.request = request
    event.reported = reported
    event.display = display
    event.params = params
    event.errorCode = errorCode
    event.turns = Self.kept(turns)
    event.exitCode = Self.kept(traces.exitCode)
    event.signal = Self.kept(traces.signal)
    event.status = Self.kept(traces.status)
    event.inputTokens = inputTokens
    event.cachedTokens = cachedTokens
    event.totals = totals
    event.outputTokens = outputTokens
    event.costMicros = costMicros
    event.retryAfterPlusOne = retryAfterSeconds.map { $0 &+ 1 } ?? 0
    if let resumed { event.flags.insert(resumed ? .resumed : .startedCold) }
    return event
  }

  /// The nearest number that a record keeps: it has no room for the least of 32 bits.
  private static func kept(_ number: Int64?) -> Int32? {
    number.map { max(Int32(clamping: $0), -.max) }
  }
}

extension FailureKind {
  /// Whether a resuming attempt without turns that fails so casts suspicion on its id.
  var makesSuspect: Bool {
    switch self {
    case .timeout, .emptyResponse, .processLost, .unclassified: true
    // The request is made of the session's history: refused once, it is refused for ever.
    case .invalidRequest: true
    default: false
    }
  }
}

extension FailureKind {
  /// Whether the session of an attempt that fails so cannot go on, whatever turns it took.
  var endsItsSession: Bool { self == .poisonedSession || self == .contextOverflow }
}

extension PendingRow {
  /// The wake of an open run, as far as its next plan asks.
  init(of run: RunRow) {
    self.init()
    self.run = run.run
    provider = run.provider
    scope = run.scope
    workspace = run.wakeWorkspace
    workspaceKind = run.wakeWorkspaceKind
    fingerprint = run.fingerprint
    source = run.source
    flags = run.flags
  }
}

extension ReportedOutcome {
  /// The outcome as the log keeps it.
  fileprivate var outcome: Outcome {
    switch self {
    case .succeeded: .succeeded
    case .failed: .failed
    case .timedOut: .timedOut
    case .cancelled: .cancelled
    case .interrupted: .interrupted
    }
  }
}
