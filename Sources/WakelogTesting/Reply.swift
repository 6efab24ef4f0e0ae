public import WakelogModel

/// What a command came to, in words.
public struct Reply {
  /// How a wake was disposed of; nil for other commands.
  public var disposition: Disposition?
  /// The run concerned.
  public var run = SequenceNumber.none
  /// The right to write that a start, or a fallback, gave.
  public var hold: World.Hold?
  /// The plan of the attempt that began, if one did.
  public var plan: Plan?
  /// How the attempt ended, where one did.
  public var outcome: Outcome?
  /// Why it failed.
  public var failure: FailureKind?
  /// Whether the run is over; nil for other commands than `finish`.
  public var isSettled: Bool?
  /// What a fallback answered to, where one was taken.
  public var fallback: FallbackCause?
  /// Why ids were condemned, as `x failure unknownSession`.
  public var condemned: [String] = []
  /// Why writes were rejected.
  public var rejected: [RejectCause] = []
  /// Whether the `finish` repeats the latest one.
  public var isDuplicate = false
  /// Runs that a host's start ended, and what it left unfinished.
  public var interrupted: [SequenceNumber] = []
  /// Why nothing was done.
  public var fault: Fault?
  /// The events.
  public var events: [Event]

  /// The events' kinds.
  public var kinds: [EventKind] { events.compactMap(\.body.kind) }

  /// How an attempt begins.
  public struct Plan: Hashable {
    /// Resuming or fresh.
    public var mode: Mode?
    /// The id it resumes.
    public var sessionId: String?
    /// Where, as `project:/srv/app`.
    public var workspace: String?
    /// The generation.
    public var generation: UInt32
    /// Why this wake ended the generation before.
    public var reset: ResetCause?
    /// The fingerprint's names that differ without a reset.
    public var drift: [String]
    /// What was found of each candidate, as `bound x offered`.
    public var considered: [String]
  }

  init(_ decision: Decision, in world: World) {
    events = decision.events
    switch decision.answer {
    case .failure(let fault): self.fault = fault
    case .success(.wake(let disposition, let run, _)):
      self.disposition = disposition
      self.run = run
    case .success(.finished(_, let run, let settled)):
      self.run = run
      isSettled = settled
    case .success(.duplicateFinish): isDuplicate = true
    case .success(.host(_, let ended, _)): interrupted = ended.map(\.run)
    case .success(.done), .success(.leaseUntil), .success(.reset): break
    }
    for event in events { note(event, in: world) }
  }

  private mutating func note(_ event: Event, in world: World) {
    switch event.body {
    case .runStarted(let start):
      let session = world.text(of: event.session.number, in: .session) ?? ""
      let hold = World.Hold(
        session: session, run: event.run, attempt: .none, fence: start.fence)
      world.holds[session] = hold
    case .attemptStarted(let start):
      let session = world.text(of: event.session.number, in: .session) ?? ""
      world.holds[session]?.attempt = event.sequence
      hold = world.holds[session]
      plan = Plan(start, event, world)
    case .attemptFinished(let finish):
      outcome = finish.outcome
      failure = finish.failure
    case .fallbackTaken(let taken): fallback = taken.cause
    case .sessionCondemned(let condemned):
      let words = [
        world.id(of: condemned.identity), condemned.cause?.name, condemned.failure?.name,
      ]
      self.condemned.append(words.compactMap { $0 }.joined(separator: " "))
    case .writeRejected(let rejection):
      if let because = rejection.because { rejected.append(because) }
    default: break
    }
  }
}

extension Reply.Plan {
  fileprivate init(_ start: AttemptStarted, _ event: Event, _ world: World) {
    mode = start.mode
    sessionId = world.id(of: start.identity)
    workspace = world.words(of: start.workspace, start.workspaceKind)
    generation = event.generation.value
    reset = start.reset
    let wake = world.state.openRun(of: event.session)?.fingerprint ?? .none
    drift =
      start.drift.exists
      ? differingNames(world.fingerprint(start.drift), world.fingerprint(wake)) : []
    considered = start.considered.map { found in
      let words = [found.from?.name, world.id(of: found.identity), found.verdict?.name]
      return words.compactMap { $0 }.joined(separator: " ")
    }
  }
}

extension World {
  /// A workspace in words, as `project:/srv/app`; nil for none.
  func words(of workspace: WorkspaceSymbol, _ kind: WorkspaceKind?) -> String? {
    guard let kind else { return nil }
    return kind.name + ":" + (text(of: workspace.number, in: .workspace) ?? "")
  }

  /// A workspace read from words; nil for none or for a kind that does not exist.
  func workspace(_ words: String?) -> Workspace? {
    guard let words, let colon = words.firstIndex(of: ":"),
      let kind = WorkspaceKind(name: String(words[..<colon]))
    else { return nil }
    return Workspace(path: symbol(String(words[words.index(after: colon)...])), kind: kind)
  }
}
