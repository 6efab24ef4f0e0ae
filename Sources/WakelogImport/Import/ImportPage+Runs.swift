import Wakelog
import WakelogModel

// Wakes, runs and attempts.

extension ImportPage {
  /// Appends what a fact says.
  mutating func append(_ fact: Fact, _ session: SessionSymbol) throws(WakelogError) {
    switch fact.kind {
    case .started: try start(fact, session)
    case .retried: try retry(fact, session)
    case .ended: try end(fact, session)
    case .waked: wake(fact, session)
    case .bound: bind(fact, session, run: try run(fact))
    case .cleared: clear(fact, session, run: try run(fact))
    case .reset: reset(fact, session)
    case .flushed: try flush(fact, session)
    case .observed: try observe(fact, session)
    case .probed: probe(fact, session)
    case .noted: note(fact, session)
    }
  }

  /// The number of the fact's run; none when it names none or one that was not taken.
  func run(_ fact: Fact) throws(WakelogError) -> SequenceNumber {
    guard let run = fact.run else { return .none }
    return try position(of: "run \(run)") ?? .none
  }

  private func request(_ fact: Fact) -> WakeRequested {
    var wake = WakeRequested()
    wake.agent = bulk.symbol(fact.agent, Space.Agent.self)
    wake.provider = bulk.symbol(fact.provider, Space.Provider.self)
    wake.source = fact.source.flatMap { Source(name: $0) }
    if fact.forceFresh == true { wake.flags.insert(.forceFresh) }
    if fact.leavesNoSession == true { wake.flags.insert(.leavesNoSession) }
    if let source = wake.source, [.message, .manual, .assignment].contains(source) {
      wake.flags.insert(.interaction)
    }
    wake.reason = bulk.symbol(fact.reason, Space.Reason.self)
    wake.scope = bulk.symbol(fact.scope, Space.Scope.self)
    wake.workspaceKind = fact.workspaceKind.flatMap { WorkspaceKind(name: $0) }
    wake.workspace = bulk.symbol(fact.workspace, Space.Workspace.self)
    wake.host = bulk.symbol(fact.host, Space.Host.self)
    return wake
  }

  private mutating func start(_ fact: Fact, _ session: SessionSymbol) throws(WakelogError) {
    let run = bulk.position.next
    append(.wakeRequested(request(fact)), fact, session, run: run)
    var started = RunStarted()
    started.wake = run
    started.host = bulk.symbol(fact.host, Space.Host.self)
    append(.runStarted(started), fact, session, run: run)
    remember("run \(fact.run ?? fact.name)", as: run)
    attempt(fact, session, run, ordinal: 1)
  }

  private mutating func attempt(
    _ fact: Fact, _ session: SessionSymbol, _ run: SequenceNumber, ordinal: UInt32
  ) {
    var attempt = AttemptStarted()
    attempt.ordinal = ordinal
    attempt.identity = identity(fact.asked, fact)
    attempt.mode = fact.mode.flatMap { Mode(name: $0) }
    let bound = row(session).bound
    if attempt.identity.exists, attempt.identity == bound { attempt.from = .bound }
    attempt.workspaceKind = fact.workspaceKind.flatMap { WorkspaceKind(name: $0) }
    attempt.workspace = bulk.symbol(fact.workspace, Space.Workspace.self)
    let number = append(.attemptStarted(attempt), fact, session, run: run)
    remember("attempt \(fact.run ?? fact.name)", as: number)
  }

  /// An attempt's end, as the store has it; the cause of a failure is classified from the texts
  /// that the store kept, and stays unknown where it kept none.
  private func finish(_ fact: Fact) throws(WakelogError) -> (
    finished: AttemptFinished, evidence: [UInt8]?
  ) {
    var finished = AttemptFinished()
    finished.attempt = try position(of: "attempt \(fact.run ?? fact.name)") ?? .none
    finished.outcome = fact.outcome.flatMap { Outcome(name: $0) }
    finished.reported = identity(fact.identity, fact)
    finished.turns = fact.turns.map { Int32(clamping: $0) }
    finished.exitCode = fact.exitCode.map { max(Int32(clamping: $0), -.max) }
    finished.signal = fact.signal.map { max(Int32(clamping: $0), -.max) }
    finished.status = fact.status.map { max(Int32(clamping: $0), -.max) }
    finished.inputTokens = UInt64(clamping: fact.inputTokens ?? 0)
    finished.outputTokens = UInt64(clamping: fact.outputTokens ?? 0)
    finished.costMicros = UInt64(clamping: fact.costMicros ?? 0)
    finished.errorCode = bulk.symbol(fact.errorCode, Space.ErrorCode.self)
    if fact.entered == true || fact.turns ?? 0 > 0 { finished.flags.insert(.entered) }
    if fact.resumed == true { finished.flags.insert(.resumed) }
    if fact.resumed == false { finished.flags.insert(.startedCold) }
    finished.display = bulk.symbol(fact.display, Space.Display.self)
    finished.params = bulk.symbol(fact.params, Space.Params.self)
    let kept = Bulk.evidence(message: fact.message, stderr: fact.stderr, stdout: fact.stdout)
    if let judged = fact.judge(kept.traces) {
      finished.failure = judged.kind
      finished.because = bulk.symbol(judged.because, Space.Code.self)
    }
    return (finished, kept.bytes)
  }

  private mutating func retry(_ fact: Fact, _ session: SessionSymbol) throws(WakelogError) {
    let run = try run(fact)
    let ended = try finish(fact)
    append(.attemptFinished(ended.finished), fact, session, run: run, evidence: ended.evidence)
    let ordinal = bulk.openRun(of: session).map { $0.run == run ? $0.attempts : 1 } ?? 1
    var step = FallbackTaken()
    step.from = ended.finished.attempt
    step.to = bulk.position.next.next
    step.cause = ended.finished.failure == nil ? nil : .failure
    step.failure = ended.finished.failure
    append(.fallbackTaken(step), fact, session, run: run)
    attempt(fact, session, run, ordinal: ordinal &+ 1)
  }

  private mutating func end(_ fact: Fact, _ session: SessionSymbol) throws(WakelogError) {
    let run = try run(fact)
    guard run.exists else {
      return report.add(
        .init(.skipped, row: fact.row, because: "its run began in a row that was not imported"))
    }
    let open = bulk.openRun(of: session).flatMap { $0.run == run ? $0 : nil }
    let ended = try finish(fact)
    append(.attemptFinished(ended.finished), fact, session, run: run, evidence: ended.evidence)
    if let stores = fact.stores { store(stores, fact, session, run) }
    if let id = fact.identity, row(session).bound == ended.finished.reported {
      remember("last \(fact.session) \(id)", as: run)
    }
    var finished = RunFinished()
    finished.outcome = ended.finished.outcome
    finished.failure = ended.finished.failure
    finished.because = ended.finished.because
    finished.attempts = open?.attempts ?? 1
    if let open, open.attempts > 1 {
      finished.via = .fallback
    } else {
      finished.via = open?.mode.map { $0 == .resume ? .resume : .fresh }
    }
    append(.runFinished(finished), fact, session, run: run)
  }

  /// What the run's end left in the key, unless that is what the key points to.
  private mutating func store(
    _ id: String, _ fact: Fact, _ session: SessionSymbol, _ run: SequenceNumber
  ) {
    var bound = fact
    bound.identity = id
    if id.isEmpty { return clear(fact, session, run: run) }
    if row(session).bound == identity(id, fact) { return }
    if fact.outcome == Outcome.succeeded.name { bound.proof = Proof.success.name }
    bind(bound, session, run: run)
  }

  private mutating func wake(_ fact: Fact, _ session: SessionSymbol) {
    let open = bulk.openRun(of: session)
    let wake = bulk.position.next
    append(.wakeRequested(request(fact)), fact, session, run: wake)
    switch fact.disposition {
    case "coalesced":
      var coalesced = WakeCoalesced()
      coalesced.wake = wake
      append(.wakeCoalesced(coalesced), fact, session, run: open?.run ?? .none)
    case "refused":
      var refused = WakeRefused()
      refused.wake = wake
      append(.wakeRefused(refused), fact, session, run: wake)
    default:
      var deferred = WakeDeferred()
      deferred.wake = wake
      append(.wakeDeferred(deferred), fact, session, run: wake)
      guard fact.disposition == "cancelled" else { return }
      append(.wakeCancelled(WakeCancelled()), fact, session, run: wake)
    }
  }
}

extension Fact {
  /// Why an attempt failed, by what the store kept of it; nil where that is nothing, or where it
  /// did not fail.
  func judge(_ traces: Traces) -> Classification? {
    guard let outcome, outcome != Outcome.succeeded.name else { return nil }
    var traces = traces
    traces.outcome = ReportedOutcome(rawValue: outcome)
    let isSaid =
      [message, stderr, stdout].contains { $0?.isEmpty == false } || errorCode != nil
      || signal != nil || status != nil || traces.outcome != .failed
    guard isSaid else { return nil }
    traces.provider = provider
    traces.exitCode = exitCode
    traces.signal = signal
    traces.status = status
    traces.errorCode = errorCode
    traces.turns = turns
    traces.resuming = asked != nil || mode == Mode.resume.name
    return classify(traces)
  }
}
