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

  var rules: any Deciding
  let context: any RecordedContext
  let recorded: AttemptReader
  var world: RecordedWorld
  /// The replay's numbers of the record's wakes.
  var wakes: [SequenceNumber: SequenceNumber] = [:]
  private var recordedWakes: [SequenceNumber: SequenceNumber] = [:]
  /// The wake of the record that is being decided on.
  var arriving = SequenceNumber.none
  /// The record's attempts that are over there, or that an attempt of the replay stands for.
  var isTaken: [Bool]
  /// The replay's attempt for one of the record.
  var twins: [SequenceNumber: SequenceNumber] = [:]
  private var answers: [Awaited] = []
  /// Keys whose host asked for the waiting wake while a run was open here.
  var owed: Set<SessionSymbol> = []
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

  @discardableResult
  mutating func give(_ command: Command, at: Instant) -> Decided {
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
  mutating func tell(_ body: EventBody, _ fact: OutsideFact, flags: EventFlags = []) {
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

  mutating func drawFence() -> FenceDigest {
    fences += 1
    return FenceDigest(low: fences, high: 0xCFAC)
  }
}
