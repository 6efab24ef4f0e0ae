import WakelogModel
import WakelogStore

extension WakeRequest: Executable {
  static var writes: Bool { true }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> JSONObject {
    let secret = FenceText.draw()
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
    let done = try core.execute(.wake(command), at: call.at)
    return try core.wakeResult(done, session: command.session, secret: secret)
  }
}

extension NextRequest: Executable {
  static var writes: Bool { true }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> JSONObject {
    let secret = FenceText.draw()
    var command = NextCommand(
      session: try core.session(session), fence: FenceText.digest(secret))
    command.host = core.claim(host, epoch, call)
    command.leaseSeconds = lease
    command.isResumeOfAnotherProvider = try core.isResumeOfAnotherProvider(
      .none, waitingOn: command.session)
    let done = try core.execute(.next(command), at: call.at)
    return try core.wakeResult(done, session: command.session, secret: secret)
  }
}

extension CancelRequest: Executable {
  static var writes: Bool { true }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> JSONObject {
    let symbol = try core.session(session)
    _ = try core.execute(
      .cancel(session: symbol, by: core.names.symbol(by, Space.Actor.self)), at: call.at)
    return core.sessionView(symbol)
  }
}

extension Core {
  /// The result of `wake` and `next`.
  func wakeResult(
    _ done: (answer: Answer, events: [Event]), session: SessionSymbol, secret: [UInt8]
  ) throws(WakelogError) -> JSONObject {
    guard case .wake(let disposition, let run, let attempt) = done.answer else {
      throw WakelogError(.corrupt, "a wake was answered by something else")
    }
    var result = JSONObject()
    result.add("run", .position(run))
    result.add("disposition", .string(disposition.name))
    result.add("attempt", .position(attempt))
    let isStarted = disposition == .started
    result.add(
      "fence", isStarted ? .string(FenceText(run: run, secret: secret).text) : .null)
    let start = done.events.last { $0.sequence == attempt }
    let fingerprint = state.openRun(of: session)?.fingerprint ?? .none
    result.add("plan", start.map { planView($0, fingerprint: fingerprint) } ?? .null)
    if case .refused(let cause) = disposition { result.add("because", .string(cause.name)) }
    if isStarted || disposition == .deferred {
      result.add(
        "merged", .array(try merged(run, session, done.events).map { .count($0) }))
    }
    return result
  }

  /// The wakes that were merged into a run, or that wait for it to come.
  private func merged(
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
    if let first = fresh.first(where: { $0.session == session }), first.sequence > run {
      try walkBack(from: first.previous, take)
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
