public import WakelogModel

/// What came of a command, in plain words; what does not apply to it is nil.
public struct Reply {
  /// Why nothing was done; nil when it was.
  public var fault: Fault?
  /// Of `wake` and `next`.
  public var disposition: Disposition?
  /// The run concerned.
  public var run: Int?
  /// The attempt that began with this command.
  public var attempt: Int?
  /// How that attempt begins: a run's first, or after a failure its next one.
  public var plan: PlanReading?
  /// The wakes that were merged into the run that starts or waits.
  public var merged: [Int] = []
  /// Of `finish`: how the attempt ended.
  public var outcome: WakelogModel.Outcome?
  /// Of `finish`: why it failed; nil for a success.
  public var failure: FailureKind?
  /// Of `finish`: whether the run is over.
  public var settled: Bool?
  /// Of `finish`: it repeats the latest one.
  public var isDuplicate = false
  /// Of `host`.
  public var epoch: Int?
  /// Of `host`: the runs that it ended.
  public var interrupted: [Int] = []
  /// Of `host`: the upgrade left on its way.
  public var unfinished: String?
  /// What was written to the log.
  public var events: [Event]

  /// The kinds of the events, by their names in JSON.
  public var kinds: [String] { events.compactMap { $0.body.kind?.name } }

  /// The fault's word on the wire; nil when there is none.
  public var error: String? {
    switch fault {
    case nil: nil
    case .staleFence: "staleFence"
    case .hostSuperseded: "hostSuperseded"
    case .notFound: "notFound"
    case .conflict, .cursor: "conflict"
    case .busy: "busy"
    case .invalid: "invalid"
    }
  }

  init(_ decided: Decided, _ world: World) {
    events = decided.events
    switch decided.answer {
    case .failure(let fault): self.fault = fault
    case .success(let answer): read(answer, world)
    }
    for event in events {
      switch event.body {
      case .attemptStarted(let start):
        attempt = Int(event.sequence.value)
        plan = PlanReading(start, event, world)
      case .attemptFinished(let finish):
        outcome = finish.outcome
        failure = finish.failure
      default: break
      }
    }
  }

  private mutating func read(_ answer: Answer, _ world: World) {
    switch answer {
    case .wake(let disposition, let run, _):
      self.disposition = disposition
      self.run = Int(run.value)
      if disposition == .started || disposition == .deferred {
        merged = world.wakes(of: Int(run.value))
      }
    case .finished(_, let run, let settled):
      self.run = Int(run.value)
      self.settled = settled
    case .duplicateFinish: isDuplicate = true
    case .host(let epoch, let interrupted, let unfinished):
      self.epoch = Int(epoch)
      self.interrupted = interrupted.map { Int($0.run.value) }
      self.unfinished = world.strings.text(unfinished)
    case .done, .leaseUntil, .reset, .revived: break
    }
  }
}

/// How an attempt begins, in plain words.
public struct PlanReading: Hashable {
  /// Resuming or fresh.
  public var mode: Mode?
  /// The id to resume.
  public var sessionId: String?
  /// Where the id comes from.
  public var from: CandidateSource?
  /// Where to run; nil for anywhere.
  public var workspace: String?
  /// What the workspace is.
  public var workspaceKind: WorkspaceKind?
  /// The opaque parameters to resume with.
  public var params: String?
  /// Whether it runs beside a session that somebody else is in.
  public var isBeside: Bool
  /// Why this wake ended the generation before; nil when it did not.
  public var reset: ResetCause?
  /// The generation.
  public var generation: Int
  /// Fingerprint names that changed without a reset.
  public var drift: [String]
  /// The candidates looked at, each as `bound x: offered`.
  public var considered: [String]

  init(_ start: AttemptStarted, _ event: Event, _ world: World) {
    mode = start.mode
    from = start.from
    sessionId = world.strings.session(start.identity)?.id
    workspace = world.strings.text(start.workspace)
    workspaceKind = start.workspaceKind
    params = world.strings.text(start.params)
    isBeside = start.flags.contains(.beside)
    reset = start.reset
    generation = Int(event.generation.value)
    let given = world.state.openRun(of: event.session)?.fingerprint ?? .none
    drift =
      start.drift.exists
      ? differingNames(
        world.policies.fingerprint(start.drift), world.policies.fingerprint(given)) : []
    considered = start.considered.map { candidate in
      let id = world.strings.session(candidate.identity)?.id ?? "?"
      return "\(candidate.from?.name ?? "?") \(id): \(candidate.verdict?.name ?? "?")"
    }
  }
}

extension World {
  /// The wakes merged into a run, its own first.
  func wakes(of run: Int) -> [Int] {
    var wakes: Set<Int> = [run]
    for event in events where event.run.value == UInt64(run) {
      if case .wakeDeferred(let deferred) = event.body { wakes.insert(Int(deferred.wake.value)) }
      if case .runStarted(let start) = event.body { wakes.insert(Int(start.wake.value)) }
    }
    return wakes.sorted()
  }
}
