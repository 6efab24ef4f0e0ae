internal import WakelogModel
internal import WakelogTesting

/// One step of a story: something that came from outside, as a test would give it to a `World`.
///
/// One list of arguments serves both who plays the step and who writes it down.
struct Step {
  /// What a run of the story is called: the step that asked for it.
  typealias RunName = Int

  enum Deed {
    case clock(String)
    case wake(Wake)
    case next(String)
    case progress(run: RunName, sessionId: String?, entered: Bool)
    case finish(run: RunName, End)
    case flush(run: RunName, from: UInt64, to: UInt64)
    case cancel(String)
    case reset(String, because: String?)
    case abandon(run: RunName)
    case probe(String, sessionId: String, exists: Bool)
    case host(String, version: String?)
    case upgrade(String, to: String, UpgradeStep)
    case pause(String, isPaused: Bool)
    case note(by: String, text: String)
  }

  struct Wake {
    var session = ""
    var agent = ""
    var provider = ""
    var source = Source.event
    var reason: String?
    var scope: String?
    var workspace: String?
    var kind: WorkspaceKind?
    var forceFresh = false
    var keep: Bool?
    var resume: String?
    var fingerprint: [(name: String, value: String)] = []
    var transcript: Bool?
    var missing: [String] = []
    var resumable = true
    var lease: UInt32?
    var host: String?
    var hasPayload = false
  }

  struct End {
    var failure: FailureKind?
    var outcome: Outcome?
    var exitCode: Int32?
    var sessionId: String?
    var turns: Int32?
    var hadOutput = false
    var resumed: Bool?
    var inputTokens: UInt64 = 0
    var retryAfterSeconds: UInt32?
  }

  /// Its name: other steps call the run that it asks for so.
  var name: RunName
  var deed: Deed
}

extension Step {
  /// What a story has come to while it is played.
  struct Stage {
    /// The numbers of the runs that were asked for.
    var runs: [RunName: Int] = [:]
    /// The step that asked for a run last; that one's steps do not name it.
    var latest: RunName?

    /// The number by which a step names a run; nil for the latest.
    func number(of run: RunName) -> Int? { run == latest ? nil : runs[run] }
  }

  /// Carries the step out; one of a run that was never asked for does nothing.
  func play(on world: World, _ stage: inout Stage) {
    if let run, run != stage.latest, stage.runs[run] == nil { return }
    if run != nil, world.lastRun == 0 { return }
    switch deed {
    case .clock(let time): world.set(clock: time)
    case .wake(let wake):
      let reply = world.wake(
        wake.session, agent: wake.agent, provider: wake.provider, source: wake.source,
        reason: wake.reason, scope: wake.scope, workspace: wake.workspace,
        kind: wake.kind ?? .project, forceFresh: wake.forceFresh, keep: wake.keep,
        resume: wake.resume,
        fingerprint: wake.fingerprint.isEmpty
          ? nil
          : Dictionary(wake.fingerprint.map { ($0.name, $0.value) }) { _, last in last },
        transcript: wake.transcript,
        transcripts: Dictionary(wake.missing.map { ($0, false) }) { first, _ in first },
        resumable: wake.resumable, lease: wake.lease, host: wake.host,
        hasPayload: wake.hasPayload)
      stage.latest = name
      if let run = reply.run { stage.runs[name] = run }
    case .next(let session): world.next(session)
    case .progress(let run, let id, let entered):
      world.progress(run: stage.number(of: run), sessionId: id, entered: entered)
    case .finish(let run, let end):
      world.finish(
        run: stage.number(of: run), exitCode: end.exitCode.map { Int64($0) },
        sessionId: end.sessionId,
        turns: end.turns.map { Int64($0) }, stdout: end.hadOutput ? "done" : "",
        outcome: end.reported, resumed: end.resumed, inputTokens: end.inputTokens,
        retryAfterSeconds: end.retryAfterSeconds, failure: end.failure)
    case .flush(let run, let from, let to):
      world.flush(run: stage.number(of: run), from: from, to: to)
    case .cancel(let session): world.cancel(session)
    case .reset(let session, let because): world.reset(session, because: because)
    case .abandon(let run):
      world.abandon(run: stage.number(of: run))
    case .probe(let session, let id, let exists):
      world.probe(session, sessionId: id, exists: exists)
    case .host(let host, let version): world.host(host, version: version)
    case .upgrade(let host, let to, let step): world.upgrade(host, to: to, step: step)
    case .pause(let agent, let isPaused):
      if isPaused { world.pause(agent) } else { world.unpause(agent) }
    case .note(let by, let text): world.note(by: by, text: text)
    }
  }

  /// The run that the step is of.
  var run: RunName? {
    switch deed {
    case .progress(let run, _, _), .finish(let run, _), .flush(let run, _, _), .abandon(let run):
      run
    default: nil
    }
  }
}

extension Step.End {
  /// The outcome where the traces would be read otherwise.
  var reported: ReportedOutcome? {
    guard let outcome else { return nil }
    let read = ReportedOutcome(rawValue: outcome.name)
    return failure == nil || read != .failed ? read : nil
  }
}
