public import WakelogModel

/// A historical bug, put back by a wrapper around the clean functions.
///
/// It lets the engine decide, changes the events as the buggy host would have written them, and
/// reduces those. The engine itself knows nothing of it. A test that no mutant breaks proves
/// nothing.
public struct Mutant: Sendable {
  /// What the host did.
  public var name: String
  /// Where it happened, as `paperclip#6608`.
  public var incident: String
  /// The law that shows it.
  public var breaks: Law
  /// Changes what was decided.
  var rewrite: @Sendable (inout Deciding) -> Void
  /// Whether an event reaches the state; the log has them all.
  var reduces: @Sendable (Event) -> Bool = { _ in true }

  /// A decision on its way to the log.
  struct Deciding {
    /// The command.
    let command: Command
    /// The state before.
    let before: State
    /// The moment.
    let at: Instant
    /// What the engine answers.
    let answer: Result<Answer, Fault>
    /// The events, still to be reduced.
    var events: [Event]
  }

  /// Decides as the buggy host did.
  func execute(_ command: Command, on state: inout State, in world: World) -> Decision {
    var clean = state
    var decision = clean.execute(command, at: world.now, context: world)
    var deciding = Deciding(
      command: command, before: state, at: world.now, answer: decision.answer,
      events: decision.events)
    rewrite(&deciding)
    for event in deciding.events where reduces(event) { state.reduce(event) }
    decision.events = deciding.events
    return decision
  }
}

extension Mutant.Deciding {
  /// Puts words that change nothing in the place of some events.
  mutating func silence(_ isUnwanted: (EventBody) -> Bool) {
    for index in events.indices where isUnwanted(events[index].body) {
      events[index].body = .noteAdded(NoteAdded())
    }
  }

  /// Changes the bodies.
  mutating func change(_ change: (inout EventBody) -> Void) {
    for index in events.indices { change(&events[index].body) }
  }

  /// Writes one more event, before the run's end if that is the last one.
  mutating func write(_ body: EventBody, _ session: SessionSymbol, run: SequenceNumber) {
    let row = before.sessions[session.number]
    var event = Event(
      sequence: before.position.next, at: at, session: session, run: run,
      generation: row.generation, previous: row.head, body: body)
    guard let last = events.last else { return events.append(event) }
    event.generation = last.generation
    event.sequence = last.sequence.next
    guard case .runFinished = last.body else {
      event.previous = last.session == session ? last.sequence : row.head
      return events.append(event)
    }
    event.sequence = last.sequence
    event.previous = last.previous
    events[events.count - 1].sequence = event.sequence.next
    events[events.count - 1].previous = event.sequence
    events.insert(event, at: events.count - 1)
  }

  /// Resumes what was found unfit, for a verdict.
  mutating func ignore(_ verdict: Verdict, from: CandidateSource? = nil) {
    change { body in
      guard case .attemptStarted(var start) = body, start.mode == .fresh,
        let found = start.considered.first(where: { $0.verdict == verdict })
      else { return }
      start.mode = .resume
      start.identity = found.identity
      start.from = from ?? found.from
      body = .attemptStarted(start)
    }
  }
}
