public import WakelogModel
public import WakelogTesting

/// The facts of a record decided anew.
///
/// The same functions that decide in live use decide here; what hosts and operators did, and what
/// attempts came to, is taken from the record as long as the replay does what was done then.
/// Where it does something else, `RecordedWorld` answers.
public struct Counterfactual {
  /// What the replay came to, as a log.
  public private(set) var events: [Event] = []
  /// The state after it.
  public private(set) var state = State()

  private var rules: any Deciding
  private let context: any RecordedContext
  private let recorded: AttemptReader
  private var world: RecordedWorld
  /// The replay's numbers of the record's wakes.
  private var wakes: [SequenceNumber: SequenceNumber] = [:]
  private var recordedWakes: [SequenceNumber: SequenceNumber] = [:]
  /// The wake of the record that is being decided on.
  private var arriving = SequenceNumber.none
  /// The record's attempts that are over there, or that an attempt of the replay stands for.
  private var isTaken: [Bool]
  /// The replay's attempt for one of the record.
  private var twins: [SequenceNumber: SequenceNumber] = [:]
  private var answers: [Awaited] = []
  /// Keys whose host asked for the waiting wake while a run was open here.
  private var owed: Set<SessionSymbol> = []
  private var deferredThere: Set<SequenceNumber> = []
  private var fences: UInt64 = 0

  /// An answer on its way.
  private struct Awaited {
    var due: Int64
    var offset: Int16
    var attempt: SequenceNumber
    var session: SessionSymbol
    var answer: RecordedWorld.Answer
  }

  /// Decides a record's facts anew, by the engine's own rules or by those of a host as it was,
  /// under the policies that a context puts in force.
  public init(
    _ record: [Event], _ context: any RecordedContext, rules: any Deciding = CleanRules()
  ) {
    self.rules = rules
    self.context = context
    recorded = AttemptReader(record)
    world = RecordedWorld(recorded.attempts, record)
    isTaken = [Bool](repeating: false, count: recorded.attempts.count)
    for event in record {
      if case .wakeDeferred(let deferral) = event.body { deferredThere.insert(deferral.wake) }
    }
    let facts = OutsideFactReader.facts(of: record, context)
    context.follow(State())
    for fact in facts {
      deliver(until: fact.at.nanoseconds)
      take(fact)
    }
    deliver(until: .max)
  }

  // MARK: What happens here

  @discardableResult
  private mutating func give(_ command: Command, at: Instant) -> Decided {
    context.follow(state)
    let decided = rules.execute(command, at: at, on: &state, context: context)
    events.append(contentsOf: decided.events)
    for event in decided.events {
      switch event.body {
      case .wakeRequested where arriving.exists:
        wakes[arriving] = event.sequence
        recordedWakes[event.sequence] = arriving
      case .attemptStarted(let start): begin(start, event)
      default: break
      }
    }
    for event in decided.events {
      if case .runFinished = event.body { startWaiting(event.session, at: at) }
    }
    return decided
  }

  /// Takes an event over as it is.
  private mutating func tell(_ body: EventBody, _ fact: OutsideFact, flags: EventFlags = []) {
    let row = state.sessions[fact.session.number]
    let event = Event(
      sequence: state.position.next, at: fact.at, session: fact.session,
      run: state.openRun(of: fact.session)?.run ?? .none, generation: row.generation,
      previous: fact.session.exists ? row.head : state.totals.systemHead, flags: flags,
      body: body)
    rules.reduce(event, into: &state)
    events.append(event)
  }

  /// Lets an attempt stand for one of the record that did the same, or asks the world.
  private mutating func begin(_ start: AttemptStarted, _ event: Event) {
    let run = recordedWakes[event.run] ?? .none
    let twin = recorded.places[run]?.first { place in
      let attempt = recorded.attempts[place]
      return !isTaken[place] && attempt.asked == start.identity
        && attempt.mayHaveRun(in: start.workspace)
    }
    if let twin {
      isTaken[twin] = true
      twins[recorded.attempts[twin].number] = event.sequence
      return
    }
    let provider = state.openRun(of: event.session)?.provider ?? .none
    let now = event.at.nanoseconds
    let answer = world.answer(start, event.session, provider, at: now)
    answers.append(
      Awaited(
        due: now.addingReportingOverflow(answer.duration).partialValue,
        offset: event.at.offsetMinutes, attempt: event.sequence, session: event.session,
        answer: answer))
  }

  /// Ends the attempts of the replay's own whose time has come.
  private mutating func deliver(until now: Int64) {
    while let index = answers.indices.min(by: { answers[$0].due < answers[$1].due }),
      answers[index].due <= now
    {
      let awaited = answers.remove(at: index)
      guard let run = state.openRun(of: awaited.session), run.attempt == awaited.attempt else {
        continue
      }
      var finish = awaited.answer.finish
      if awaited.answer.isNewSession, finish.reported.exists || finish.failure == nil {
        finish.reported = context.newIdentity(for: run.provider)
        world.note(finish.reported, begunBy: awaited.answer)
      }
      let at = Instant(nanoseconds: awaited.due, offsetMinutes: awaited.offset)
      give(.finish(command(finish, run, isRecordedOutside: false)), at: at)
    }
  }

  /// Starts a wake that waits here and did not wait in the record: its host finds the key free.
  private mutating func startWaiting(_ session: SessionSymbol, at: Instant) {
    guard state.openRun(of: session) == nil, let waiting = state.pending(of: session) else {
      return
    }
    let wake = recordedWakes[waiting.run] ?? .none
    guard !deferredThere.contains(wake) || owed.contains(session) else { return }
    owed.remove(session)
    give(.next(NextCommand(session: session, fence: drawFence())), at: at)
  }

  private mutating func drawFence() -> FenceDigest {
    fences += 1
    return FenceDigest(low: fences, high: 0xCFAC)
  }

  // MARK: What the record tells

  private mutating func take(_ fact: OutsideFact) {
    switch fact.deed {
    case .wake(let wake, let missing, let context): takeWake(wake, missing, context, fact)
    case .next(let start, let lease, let context): takeNext(start, lease, context, fact)
    case .progress(let progress): takeProgress(progress, fact)
    case .finish(let finish): takeFinish(finish, fact)
    case .flush(let flushed): takeFlush(flushed, fact)
    case .rejected(let rejected): takeRejected(rejected, fact)
    case .found(let event): tell(event.body, fact, flags: event.flags)
    default:
      if case .note(let note) = fact.deed {
        rules = rules.following(noteBy: context.text(of: note.by))
      }
      if let command = operatorCommand(fact) { give(command, at: fact.at) }
    }
  }

  private func operatorCommand(_ fact: OutsideFact) -> Command? {
    switch fact.deed {
    case .cancel(let cancelled): .cancel(session: fact.session, by: cancelled.by)
    case .reset(let reset):
      .reset(session: fact.session, because: reset.because, ifGeneration: nil)
    case .abandon(let end):
      wakes[fact.run].map {
        .abandon(session: fact.session, run: $0, by: end.by, why: end.why)
      }
    case .probe(let observed):
      .probe(
        session: fact.session, identity: observed.identity, exists: observed.seen == .present,
        detail: observed.detail)
    case .host(let started): .host(started.host, version: started.version)
    case .upgrade(let upgraded):
      upgraded.step.map {
        .upgrade(upgraded.host, to: upgraded.to, step: $0, detail: upgraded.detail)
      }
    case .pause(let agent, let isPaused): .pause(agent.agent, isPaused: isPaused, by: agent.by)
    case .repair(let repaired, let revive, let setting):
      .repair(self.repair(repaired, revive, setting, fact.session))
    case .adopt(let adopted): .adopt(adopted.policy)
    case .redact(let redacted):
      .redact(redacted.target, by: redacted.by, why: redacted.why)
    case .note(let note): .note(session: fact.session, by: note.by, text: note.text)
    case .endImported: .endImportedRuns
    default: nil
    }
  }

  private func repair(
    _ repaired: SessionRepaired, _ revive: IdentitySymbol, _ setting: RepairCommand.Setting,
    _ session: SessionSymbol
  ) -> RepairCommand {
    var repair = RepairCommand(session: session, by: repaired.by, why: repaired.why)
    // What is not condemned here needs no reviving.
    if state.identities[revive.number].condemned != nil { repair.revive = revive }
    repair.setting = setting
    return repair
  }

  private mutating func takeWake(
    _ wake: WakeRequested, _ missing: [IdentitySymbol], _ told: OutsideFact.WakeContext, _ fact: OutsideFact
  ) {
    var command = WakeCommand(
      session: fact.session, agent: wake.agent, provider: wake.provider,
      source: wake.source ?? .event, fence: told.fence == .none ? drawFence() : told.fence)
    command.reason = wake.reason
    command.scope = wake.scope
    command.workspace = wake.workspaceKind.map { Workspace(path: wake.workspace, kind: $0) }
    command.forceFresh = wake.flags.contains(.forceFresh)
    if wake.flags.contains(.keepGiven) { command.keep = wake.flags.contains(.keep) }
    command.resume = wake.resume
    command.isResumeOfAnotherProvider = told.isResumeOfAnotherProvider
    command.fingerprint = wake.fingerprint
    command.transcripts = missing.map { ($0, false) }
    command.resumable = !wake.flags.contains(.leavesNoSession)
    command.leaseSeconds = wake.leasePlusOne == 0 ? nil : wake.leasePlusOne - 1
    if told.endsWaitingLease { command.leaseSeconds = .max }
    command.host = wake.host.exists ? HostClaim(host: wake.host) : nil
    if let seen = wake.transcript {
      // What was seen is a fact of the id that the key pointed to then.
      if state.sessions[fact.session.number].bound == told.bound {
        command.transcript = seen == .present
      } else if seen == .missing, told.bound.exists {
        command.transcripts.append((told.bound, false))
      }
    }
    arriving = fact.sequence
    give(.wake(command), at: fact.at)
    arriving = .none
  }

  private mutating func takeNext(
    _ start: RunStarted?, _ lease: UInt32?, _ told: OutsideFact.WakeContext, _ fact: OutsideFact
  ) {
    guard state.sessions[fact.session.number].agent.exists else { return }
    var next = NextCommand(
      session: fact.session, fence: told.fence == .none ? drawFence() : told.fence)
    next.isResumeOfAnotherProvider = told.isResumeOfAnotherProvider
    if let start, start.host.exists { next.host = HostClaim(host: start.host) }
    next.leaseSeconds = lease
    let decided = give(.next(next), at: fact.at)
    if case .success(.wake(.busy, _, _)) = decided.answer, start != nil {
      owed.insert(fact.session)
    }
  }

  /// The open run here that stands for one of the record, if the attempt stands for its attempt.
  private func openRun(_ attempt: SequenceNumber, _ fact: OutsideFact) -> RunRow? {
    guard let run = state.openRun(of: fact.session), run.run == wakes[fact.run] ?? .none else {
      return nil
    }
    let there = attempt.exists ? attempt : recorded.places[fact.run]?.last
      .map { recorded.attempts[$0].number } ?? .none
    return twins[there] == run.attempt ? run : nil
  }

  private mutating func takeProgress(_ progress: AttemptProgressed, _ fact: OutsideFact) {
    guard let run = openRun(progress.attempt, fact) else { return }
    var command = ProgressCommand(
      session: fact.session, fence: FenceClaim(run: run.run, digest: run.fence),
      attempt: run.attempt)
    command.reported = progress.reported
    command.entered = progress.flags.contains(.entered)
    command.pid = progress.pid
    give(.progress(command), at: fact.at)
  }

  private mutating func takeFinish(_ finish: AttemptFinished, _ fact: OutsideFact) {
    let place = recorded.places[fact.run]?.last {
      !finish.attempt.exists || recorded.attempts[$0].number == finish.attempt
    }
    if let run = openRun(finish.attempt, fact) {
      let isOutside = place.map { recorded.attempts[$0].isOutside } ?? false
      give(.finish(command(finish, run, isRecordedOutside: isOutside)), at: fact.at)
    }
    // It is over there: no later attempt here can be that one.
    if let place { isTaken[place] = true }
  }

  /// The call that a finished attempt came from.
  private func command(
    _ finish: AttemptFinished, _ run: RunRow, isRecordedOutside: Bool
  ) -> FinishCommand {
    var traces = Traces(
      exitCode: finish.exitCode.map { Int64($0) }, signal: finish.signal.map { Int64($0) },
      stdout: finish.flags.contains(.hadOutput) ? "output" : "",
      status: finish.status.map { Int64($0) }, turns: finish.turns.map { Int64($0) })
    traces.resuming = run.mode == .resume
    var command = FinishCommand(
      session: run.session, fence: FenceClaim(run: run.run, digest: run.fence),
      attempt: run.attempt, request: finish.request, traces: traces)
    var kind = finish.failure
    // Said of where it ran; whether it runs outside here is decided anew.
    if isRecordedOutside, kind == .wrongWorkspace { kind = .unknownSession }
    command.classification = Classification(
      kind: kind, because: context.text(of: finish.because),
      outcome: finish.outcome.flatMap { ReportedOutcome(rawValue: $0.name) }
        ?? (kind == nil ? .succeeded : .interrupted))
    command.reported = finish.reported
    command.display = finish.display
    command.params = finish.params
    command.errorCode = finish.errorCode
    if finish.flags.contains(.resumed) { command.resumed = true }
    if finish.flags.contains(.startedCold) { command.resumed = false }
    command.inputTokens = finish.inputTokens
    command.outputTokens = finish.outputTokens
    command.costMicros = finish.costMicros
    command.retryAfterSeconds =
      finish.retryAfterPlusOne == 0 ? nil : finish.retryAfterPlusOne - 1
    return command
  }

  private mutating func takeFlush(_ flushed: TranscriptFlushed, _ fact: OutsideFact) {
    guard let number = wakes[fact.run] else { return }
    let open = state.openRun(of: fact.session)
    let digest = open?.run == number ? open?.fence ?? .none : .none
    let fence = FenceClaim(run: number, digest: digest)
    let decided = give(
      .flush(session: fact.session, fence: fence, from: flushed.from, to: flushed.to),
      at: fact.at)
    // Told where its transcript ends, a host writes from there.
    guard case .failure(.cursor(let cursor)) = decided.answer, flushed.to >= flushed.from else {
      return
    }
    give(
      .flush(
        session: fact.session, fence: fence, from: cursor,
        to: cursor + (flushed.to - flushed.from)), at: fact.at)
  }

  private mutating func takeRejected(_ rejected: WriteRejected, _ fact: OutsideFact) {
    if rejected.method == .finish, let twin = twins[rejected.attempt],
      let run = state.openRun(of: fact.session), run.attempt == twin,
      let place = recorded.attempts.firstIndex(where: { $0.number == rejected.attempt })
    {
      // The run that the record had ended is open here: its end is no late one.
      let attempt = recorded.attempts[place]
      var start = AttemptStarted()
      start.identity = attempt.asked
      start.workspace = attempt.workspace
      var finish = world.answer(
        start, fact.session, run.provider, at: fact.at.nanoseconds
      ).finish
      finish.reported = rejected.reported.or(finish.reported)
      give(.finish(command(finish, run, isRecordedOutside: false)), at: fact.at)
      return
    }
    tell(.writeRejected(rejected), fact)
  }
}
