import WakelogModel
import WakelogStore

extension WakeRequest: Executable {
  var writes: Bool { true }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> WakeView {
    let secret = call.fenceSecret
    let names = core.names
    var command = WakeCommand(
      session: names.symbol(session, Space.Session.self),
      agent: names.symbol(agent, Space.Agent.self),
      provider: names.symbol(provider, Space.Provider.self), source: source,
      fence: FenceText.digest(secret))
    command.reason = names.symbol(reason, Space.Reason.self)
    command.scope = names.symbol(scope, Space.Scope.self)
    command.workspace = workspace.map { workspace in
      Workspace(
        path: names.symbol(workspace.path, Space.Workspace.self), kind: workspace.kind)
    }
    command.forceFresh = forceFresh
    command.keep = keep
    command.fingerprint = core.fingerprint(fingerprint)
    command.transcript = transcript
    command.resumable = resumable
    command.leaseSeconds = lease
    command.host = core.claim(host, epoch, call)
    if let resume {
      command.resume = core.identity(resume, provider)
    }
    command.isResumeOfAnotherProvider = try core.isResumeOfAnotherProvider(
      command.resume, waitingOn: command.session)
    for fact in transcripts?.pairs ?? [] {
      if let identity = core.knownIdentity(fact.name, provider) {
        command.transcripts.append((identity, fact.value))
      }
    }
    command.hasPayload = payload != nil
    command.trace = trace ?? .none
    let done = try core.execute(
      .wake(command), at: call.at, evidence: payload.map(Payload.evidence))
    return try WakeView(core, done, session: command.session, secret: secret)
  }
}

extension NextRequest: Executable {
  var writes: Bool { true }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> WakeView {
    let secret = call.fenceSecret
    var command = NextCommand(
      session: try core.session(session), fence: FenceText.digest(secret))
    command.host = core.claim(host, epoch, call)
    command.leaseSeconds = lease
    command.isResumeOfAnotherProvider = try core.isResumeOfAnotherProvider(
      .none, waitingOn: command.session)
    let done = try core.execute(.next(command), at: call.at)
    return try WakeView(core, done, session: command.session, secret: secret)
  }
}

extension CancelRequest: Executable {
  var writes: Bool { true }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> SessionView {
    let symbol = try core.session(session)
    _ = try core.execute(
      .cancel(session: symbol, by: core.names.symbol(by, Space.Actor.self)), at: call.at)
    return SessionView(core, symbol)
  }
}

/// What `wake` and `next` give.
struct WakeView: ObjectResult {
  private let core: Core
  private let disposition: Disposition
  private let run: SequenceNumber
  private let attempt: SequenceNumber
  private let secret: [UInt8]
  private let plan: PlanView?
  private let merged: [UInt64]
  private let payloads: [Payload]

  init(
    _ core: Core, _ done: (answer: Answer, events: [Event]), session: SessionSymbol,
    secret: [UInt8]
  ) throws(WakelogError) {
    guard case .wake(let disposition, let run, let attempt) = done.answer else {
      throw WakelogError(.corrupt, "a wake was answered by something else")
    }
    self.core = core
    self.disposition = disposition
    self.run = run
    self.attempt = attempt
    self.secret = secret
    let fingerprint = core.state.openRun(of: session)?.fingerprint ?? .none
    plan = done.events.last { $0.sequence == attempt }
      .flatMap { PlanView(core, $0, fingerprint: fingerprint) }
    let isMerged = disposition == .started || disposition == .deferred
    merged = isMerged ? try core.merged(run, session, done.events) : []
    let open = disposition == .started ? core.state.openRun(of: session) : nil
    payloads = open?.flags.contains(.hasPayload) == true ? try core.payloads(of: merged) : []
  }

  func show<Sink: Members>(in view: inout Sink) {
    view.add("run", run)
    view.add("disposition", disposition.name)
    view.add("attempt", attempt)
    let isStarted = disposition == .started
    view.add("fence", isStarted ? FenceText(run: run, secret: secret).text : nil)
    view.add("plan", plan)
    if case .refused(let cause) = disposition { view.add("because", cause.name) }
    if isStarted || disposition == .deferred {
      view.add("merged", .array(merged.map { .count($0) }))
    }
    if isStarted { view.add("payloads", payloads) }
  }
}

extension Core {
  /// The wakes that were merged into a run, or that wait for it to come.
  func merged(
    _ run: SequenceNumber, _ session: SessionSymbol, _ fresh: [Event]
  ) throws(WakelogError) -> [UInt64] {
    var wakes: Set<UInt64> = [run.value]
    func take(_ event: Event) -> Bool {
      guard event.sequence >= run else { return false }
      if event.run == run {
        if case .wakeDeferred(let deferred) = event.body { wakes.insert(deferred.wake.value) }
        if case .runStarted(let started) = event.body { wakes.insert(started.wake.value) }
      }
      return true
    }
    for event in fresh where event.session == session { _ = take(event) }
    // What came before these is in the log, unless the run is all of these.
    if let first = fresh.first(where: { $0.session == session }) {
      if first.sequence > run { try walkBack(from: first.previous, take) }
    } else {
      try walkBack(from: state.sessions[session.number].head, take)
    }
    return wakes.sorted()
  }
}

extension Disposition {
  /// The word on the wire.
  var name: String {
    switch self {
    case .started: "started"
    case .coalesced: "coalesced"
    case .deferred: "deferred"
    case .refused: "refused"
    case .none: "none"
    case .busy: "busy"
    }
  }
}
