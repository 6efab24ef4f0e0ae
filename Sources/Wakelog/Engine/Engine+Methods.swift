import WakelogModel

// Every method of PROTOCOL, waiting and suspending. Errors are those of `Engine.call`.

extension Engine {
  private func done<R: Executable, Result: MethodResult>(
    _ request: R, _ type: Result.Type
  ) throws(WakelogError) -> Result {
    if !request.isPlainlyValid { try request.validate() }
    return Result(json: try perform(request))
  }

  private func done<R: Executable, Result: MethodResult>(
    _ request: R, _ type: Result.Type
  ) async throws(WakelogError) -> Result {
    if !request.isPlainlyValid { try request.validate() }
    let result: Swift.Result<JSONValue, WakelogError> = await withCheckedContinuation {
      continuation in
      submit(request) { continuation.resume(returning: $0) }
    }
    return Result(json: try result.get())
  }

  /// Says what the engine is and which log it has open. See PROTOCOL, hello.
  @discardableResult
  public func hello(_ request: HelloRequest) throws(WakelogError) -> PlainResult {
    try done(request, PlainResult.self)
  }

  /// Says what the engine is and which log it has open. Suspends, and blocks no thread.
  @discardableResult
  public func hello(_ request: HelloRequest) async throws(WakelogError) -> PlainResult {
    try await done(request, PlainResult.self)
  }

  /// Asks for a run. See PROTOCOL, wake.
  @discardableResult
  public func wake(_ request: WakeRequest) throws(WakelogError) -> WakeResult {
    try done(request, WakeResult.self)
  }

  /// Asks for a run. Suspends, and blocks no thread.
  @discardableResult
  public func wake(_ request: WakeRequest) async throws(WakelogError) -> WakeResult {
    try await done(request, WakeResult.self)
  }

  /// Gives a sign of life of an attempt, and renews its lease. See PROTOCOL, progress.
  @discardableResult
  public func progress(_ request: ProgressRequest) throws(WakelogError) -> PlainResult {
    try done(request, PlainResult.self)
  }

  /// Gives a sign of life of an attempt, and renews its lease. Suspends, and blocks no thread.
  @discardableResult
  public func progress(_ request: ProgressRequest) async throws(WakelogError) -> PlainResult {
    try await done(request, PlainResult.self)
  }

  /// Ends an attempt with what it left. See PROTOCOL, finish.
  @discardableResult
  public func finish(_ request: FinishRequest) throws(WakelogError) -> FinishResult {
    try done(request, FinishResult.self)
  }

  /// Ends an attempt with what it left. Suspends, and blocks no thread.
  @discardableResult
  public func finish(_ request: FinishRequest) async throws(WakelogError) -> FinishResult {
    try await done(request, FinishResult.self)
  }

  /// Starts the wake that waits. See PROTOCOL, next.
  @discardableResult
  public func next(_ request: NextRequest) throws(WakelogError) -> WakeResult {
    try done(request, WakeResult.self)
  }

  /// Starts the wake that waits. Suspends, and blocks no thread.
  @discardableResult
  public func next(_ request: NextRequest) async throws(WakelogError) -> WakeResult {
    try await done(request, WakeResult.self)
  }

  /// Drops the wake that waits. See PROTOCOL, cancel.
  @discardableResult
  public func cancel(_ request: CancelRequest) throws(WakelogError) -> SessionResult {
    try done(request, SessionResult.self)
  }

  /// Drops the wake that waits. Suspends, and blocks no thread.
  @discardableResult
  public func cancel(_ request: CancelRequest) async throws(WakelogError) -> SessionResult {
    try await done(request, SessionResult.self)
  }

  /// Ends a generation. See PROTOCOL, reset.
  @discardableResult
  public func reset(_ request: ResetRequest) throws(WakelogError) -> PlainResult {
    try done(request, PlainResult.self)
  }

  /// Ends a generation. Suspends, and blocks no thread.
  @discardableResult
  public func reset(_ request: ResetRequest) async throws(WakelogError) -> PlainResult {
    try await done(request, PlainResult.self)
  }

  /// Ends an open run as interrupted. See PROTOCOL, abandon.
  @discardableResult
  public func abandon(_ request: AbandonRequest) throws(WakelogError) -> SessionResult {
    try done(request, SessionResult.self)
  }

  /// Ends an open run as interrupted. Suspends, and blocks no thread.
  @discardableResult
  public func abandon(_ request: AbandonRequest) async throws(WakelogError) -> SessionResult {
    try await done(request, SessionResult.self)
  }

  /// Says whether a transcript was seen. See PROTOCOL, probe.
  @discardableResult
  public func probe(_ request: ProbeRequest) throws(WakelogError) -> SessionResult {
    try done(request, SessionResult.self)
  }

  /// Says whether a transcript was seen. Suspends, and blocks no thread.
  @discardableResult
  public func probe(_ request: ProbeRequest) async throws(WakelogError) -> SessionResult {
    try await done(request, SessionResult.self)
  }

  /// Asks whether a fence is live; throws `staleFence` when it is not. See PROTOCOL, check.
  @discardableResult
  public func check(_ request: CheckRequest) throws(WakelogError) -> PlainResult {
    try done(request, PlainResult.self)
  }

  /// Asks whether a fence is live; throws `staleFence` when it is not. Suspends, and blocks no thread.
  @discardableResult
  public func check(_ request: CheckRequest) async throws(WakelogError) -> PlainResult {
    try await done(request, PlainResult.self)
  }

  /// Moves the flush cursor. See PROTOCOL, flush.
  @discardableResult
  public func flush(_ request: FlushRequest) throws(WakelogError) -> PlainResult {
    try done(request, PlainResult.self)
  }

  /// Moves the flush cursor. Suspends, and blocks no thread.
  @discardableResult
  public func flush(_ request: FlushRequest) async throws(WakelogError) -> PlainResult {
    try await done(request, PlainResult.self)
  }

  /// Begins a host's epoch. See PROTOCOL, host.
  @discardableResult
  public func host(_ request: HostRequest) throws(WakelogError) -> PlainResult {
    try done(request, PlainResult.self)
  }

  /// Begins a host's epoch. Suspends, and blocks no thread.
  @discardableResult
  public func host(_ request: HostRequest) async throws(WakelogError) -> PlainResult {
    try await done(request, PlainResult.self)
  }

  /// Takes an upgrade one step. See PROTOCOL, upgrade.
  @discardableResult
  public func upgrade(_ request: UpgradeRequest) throws(WakelogError) -> PlainResult {
    try done(request, PlainResult.self)
  }

  /// Takes an upgrade one step. Suspends, and blocks no thread.
  @discardableResult
  public func upgrade(_ request: UpgradeRequest) async throws(WakelogError) -> PlainResult {
    try await done(request, PlainResult.self)
  }

  /// Pauses an agent. See PROTOCOL, pause.
  @discardableResult
  public func pause(_ request: PauseRequest) throws(WakelogError) -> PlainResult {
    try done(request, PlainResult.self)
  }

  /// Pauses an agent. Suspends, and blocks no thread.
  @discardableResult
  public func pause(_ request: PauseRequest) async throws(WakelogError) -> PlainResult {
    try await done(request, PlainResult.self)
  }

  /// Unpauses an agent. See PROTOCOL, unpause.
  @discardableResult
  public func unpause(_ request: UnpauseRequest) throws(WakelogError) -> PlainResult {
    try done(request, PlainResult.self)
  }

  /// Unpauses an agent. Suspends, and blocks no thread.
  @discardableResult
  public func unpause(_ request: UnpauseRequest) async throws(WakelogError) -> PlainResult {
    try await done(request, PlainResult.self)
  }

  /// Sets a key right. See PROTOCOL, repair.
  @discardableResult
  public func repair(_ request: RepairRequest) throws(WakelogError) -> SessionResult {
    try done(request, SessionResult.self)
  }

  /// Sets a key right. Suspends, and blocks no thread.
  @discardableResult
  public func repair(_ request: RepairRequest) async throws(WakelogError) -> SessionResult {
    try await done(request, SessionResult.self)
  }

  /// Gives a session. See PROTOCOL, session.
  @discardableResult
  public func session(_ request: SessionRequest) throws(WakelogError) -> SessionResult {
    try done(request, SessionResult.self)
  }

  /// Gives a session. Suspends, and blocks no thread.
  @discardableResult
  public func session(_ request: SessionRequest) async throws(WakelogError) -> SessionResult {
    try await done(request, SessionResult.self)
  }

  /// Gives an agent. See PROTOCOL, agent.
  @discardableResult
  public func agent(_ request: AgentRequest) throws(WakelogError) -> PlainResult {
    try done(request, PlainResult.self)
  }

  /// Gives an agent. Suspends, and blocks no thread.
  @discardableResult
  public func agent(_ request: AgentRequest) async throws(WakelogError) -> PlainResult {
    try await done(request, PlainResult.self)
  }

  /// Gives a run. See PROTOCOL, run.
  @discardableResult
  public func run(_ request: RunRequest) throws(WakelogError) -> PlainResult {
    try done(request, PlainResult.self)
  }

  /// Gives a run. Suspends, and blocks no thread.
  @discardableResult
  public func run(_ request: RunRequest) async throws(WakelogError) -> PlainResult {
    try await done(request, PlainResult.self)
  }

  /// Lists sessions. See PROTOCOL, sessions.
  @discardableResult
  public func sessions(_ request: SessionsRequest) throws(WakelogError) -> PlainResult {
    try done(request, PlainResult.self)
  }

  /// Lists sessions. Suspends, and blocks no thread.
  @discardableResult
  public func sessions(_ request: SessionsRequest) async throws(WakelogError) -> PlainResult {
    try await done(request, PlainResult.self)
  }

  /// Lists agents. See PROTOCOL, agents.
  @discardableResult
  public func agents(_ request: AgentsRequest) throws(WakelogError) -> PlainResult {
    try done(request, PlainResult.self)
  }

  /// Lists agents. Suspends, and blocks no thread.
  @discardableResult
  public func agents(_ request: AgentsRequest) async throws(WakelogError) -> PlainResult {
    try await done(request, PlainResult.self)
  }

  /// Lists what an operator should look at. See PROTOCOL, attention.
  @discardableResult
  public func attention(_ request: AttentionRequest) throws(WakelogError) -> PlainResult {
    try done(request, PlainResult.self)
  }

  /// Lists what an operator should look at. Suspends, and blocks no thread.
  @discardableResult
  public func attention(_ request: AttentionRequest) async throws(WakelogError) -> PlainResult {
    try await done(request, PlainResult.self)
  }

  /// Says which events made something what it is. See PROTOCOL, why.
  @discardableResult
  public func why(_ request: WhyRequest) throws(WakelogError) -> PlainResult {
    try done(request, PlainResult.self)
  }

  /// Says which events made something what it is. Suspends, and blocks no thread.
  @discardableResult
  public func why(_ request: WhyRequest) async throws(WakelogError) -> PlainResult {
    try await done(request, PlainResult.self)
  }

  /// Lists events. See PROTOCOL, events.
  @discardableResult
  public func events(_ request: EventsRequest) throws(WakelogError) -> PlainResult {
    try done(request, PlainResult.self)
  }

  /// Lists events. Suspends, and blocks no thread.
  @discardableResult
  public func events(_ request: EventsRequest) async throws(WakelogError) -> PlainResult {
    try await done(request, PlainResult.self)
  }

  /// Gives the policy in force, and adopts one. See PROTOCOL, policy.
  @discardableResult
  public func policy(_ request: PolicyRequest) throws(WakelogError) -> PlainResult {
    try done(request, PlainResult.self)
  }

  /// Gives the policy in force, and adopts one. Suspends, and blocks no thread.
  @discardableResult
  public func policy(_ request: PolicyRequest) async throws(WakelogError) -> PlainResult {
    try await done(request, PlainResult.self)
  }

  /// Removes an event's evidence for good. See PROTOCOL, redact.
  ///
  /// Returns `{ "redacted", "overwritten" }`: whether there was any, and whether its bytes are
  /// overwritten in the file. A reader that began before may see them still; the engine then does it
  /// later.
  @discardableResult
  public func redact(_ request: RedactRequest) throws(WakelogError) -> PlainResult {
    try done(request, PlainResult.self)
  }

  /// Removes an event's evidence for good. Suspends, and blocks no thread.
  @discardableResult
  public func redact(_ request: RedactRequest) async throws(WakelogError) -> PlainResult {
    try await done(request, PlainResult.self)
  }

  /// Points a key to an id that its host had before this log. See PROTOCOL, adopt.
  @discardableResult
  public func adopt(_ request: AdoptRequest) throws(WakelogError) -> SessionResult {
    try done(request, SessionResult.self)
  }

  /// Points a key to an id that its host had before this log. Suspends, and blocks no thread.
  @discardableResult
  public func adopt(_ request: AdoptRequest) async throws(WakelogError) -> SessionResult {
    try await done(request, SessionResult.self)
  }

  /// Takes back condemnations in bulk. See PROTOCOL, revive.
  @discardableResult
  public func revive(_ request: ReviveRequest) throws(WakelogError) -> PlainResult {
    try done(request, PlainResult.self)
  }

  /// Takes back condemnations in bulk. Suspends, and blocks no thread.
  @discardableResult
  public func revive(_ request: ReviveRequest) async throws(WakelogError) -> PlainResult {
    try await done(request, PlainResult.self)
  }
}
