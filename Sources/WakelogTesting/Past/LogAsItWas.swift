internal import WakelogModel

/// The events that a host's decision comes to, in the order of its telling.
struct LogAsItWas {
  var state: State
  let at: Instant
  let rules: AsItWas
  var events: [Event] = []
  var answer: Result<Answer, Fault>?

  /// Takes over events of the engine's, under the numbers that they have here.
  mutating func append(_ taken: [Event], of session: SessionSymbol) {
    for event in taken {
      emit(event.body, event.session, run: event.run, generation: event.generation)
    }
  }

  @discardableResult
  mutating func emit(
    _ body: EventBody, _ session: SessionSymbol, run: SequenceNumber = .none,
    generation: Generation? = nil
  ) -> SequenceNumber {
    let row = state.sessions[session.number]
    let event = Event(
      sequence: state.position.next, at: at, session: session, run: run,
      generation: generation ?? row.generation,
      previous: session.exists ? row.head : state.totals.systemHead, body: body)
    rules.reduce(event, into: &state)
    events.append(event)
    return event.sequence
  }

  @discardableResult
  mutating func begin(
    _ choice: ChoiceAsItWas, _ run: SequenceNumber, ordinal: UInt32, _ session: SessionSymbol
  ) -> SequenceNumber {
    var started = AttemptStarted()
    started.ordinal = ordinal
    started.mode = choice.resume.exists ? .resume : .fresh
    started.from = choice.resume.exists ? .bound : nil
    started.identity = choice.resume
    started.reset = choice.reset
    started.workspace = choice.workspace?.path ?? .none
    started.workspaceKind = choice.workspace?.kind
    return emit(.attemptStarted(started), session, run: run)
  }

  mutating func close(_ run: RunRow, _ ending: EndingAsItWas) {
    if ending.stores.exists {
      var bound = SessionBound()
      bound.identity = ending.stores
      bound.provider = run.provider
      bound.proof = ending.outcome == .succeeded ? .success : nil
      bound.workspace = run.workspace
      bound.workspaceKind = run.workspaceKind
      emit(.sessionBound(bound), run.session, run: run.run)
    }
    let stored = state.sessions[run.session.number].bound
    if ending.clears, stored.exists {
      var cleared = SessionCleared()
      cleared.identity = stored
      emit(.sessionCleared(cleared), run.session, run: run.run)
    }
    var finished = RunFinished()
    finished.outcome = ending.outcome
    finished.failure = ending.failure
    finished.via = run.attempts > 1 ? .fallback : run.mode == .resume ? .resume : .fresh
    finished.attempts = run.attempts
    emit(.runFinished(finished), run.session, run: run.run)
  }
}
