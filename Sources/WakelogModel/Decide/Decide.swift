extension State {
  /// Decides what a command comes to, without changing anything.
  ///
  /// Pure: the same state, command, time and strings give the same events. This copies the
  /// state; `execute` is the same decision in place.
  public func decide(_ command: Command, at: Instant, context: any Context) -> Decision {
    var copy = self
    return copy.execute(command, at: at, context: context)
  }

  /// Decides what a command comes to, and reduces the events on the way.
  ///
  /// Afterwards the state is what reducing `events` on the state before gives. A fault without
  /// events has changed nothing.
  public mutating func execute(
    _ command: Command, at: Instant, context: any Context
  ) -> Decision {
    var decider = Decider(at: at, context: context)
    do {
      let answer = try decider.run(command, on: &self)
      decider.decision.answer = .success(answer)
    } catch {
      decider.decision.answer = .failure(error)
    }
    return decider.decision
  }
}

/// One command being decided: the events so far, and what they were decided by.
struct Decider {
  let at: Instant
  let context: any Context
  var decision = Decision()

  init(at: Instant, context: any Context) {
    self.at = at
    self.context = context
  }

  mutating func run(_ command: Command, on state: inout State) throws(Fault) -> Answer {
    switch command {
    case .wake(let wake): return try self.wake(wake, &state)
    case .next(let next): return try self.next(next, &state)
    case .progress(let progress): return try self.progress(progress, &state)
    case .finish(let finish): return try self.finish(finish, &state)
    case .check(let session, let fence):
      try requireFence(fence, session, .check, .none, &state)
    case .flush(let session, let fence, let from, let to):
      try flush(session, fence, from, to, &state)
    case .cancel(let session, let by): try cancel(session, by, &state)
    case .reset(let session, let because, let generation):
      return try reset(session, because, generation, &state)
    case .abandon(let session, let run, let by, let why):
      try abandon(session, run, by, why, &state)
    case .probe(let session, let identity, let exists, let detail):
      try probe(session, identity, exists, detail, &state)
    case .host(let host, let version, let process):
      return try startHost(host, version, process, &state)
    case .upgrade(let host, let to, let step, let detail):
      try upgrade(host, to, step, detail, &state)
    case .pause(let agent, let isPaused, let by): try pause(agent, isPaused, by, &state)
    case .repair(let repair): try self.repair(repair, &state)
    case .adoptId(let adopt): try self.adopt(adopt, &state)
    case .revive(let revive): return self.revive(revive, &state)
    case .adopt(let policy):
      if state.totals.policy != policy {
        var adopted = PolicyAdopted()
        adopted.policy = policy
        emit(.policyAdopted(adopted), .none, &state)
      }
    case .redact(let target, let by, let why):
      var redacted = EvidenceRedacted()
      redacted.target = target
      redacted.by = by
      redacted.why = why
      emit(.evidenceRedacted(redacted), .none, &state)
    case .trim(let trimmed): emit(.logTrimmed(trimmed), .none, &state)
    case .forget(let session, let by, let why): try forget(session, by, why, &state)
    case .endImportedRuns:
      for run in openRuns(state) { endRun(run.session, .interrupted, cause: .imported, &state) }
    case .note(let session, let by, let text):
      if session.exists { _ = try requireSession(session, state) }
      var note = NoteAdded()
      note.by = by
      note.text = text
      emit(.noteAdded(note), session, &state)
    }
    return .done
  }

  /// Appends an event and reduces it; gives its position.
  @discardableResult
  mutating func emit(
    _ body: EventBody, _ session: SessionSymbol, run: SequenceNumber = .none,
    generation: Generation? = nil, _ state: inout State
  ) -> SequenceNumber {
    let row = state.sessions[session.number]
    let event = Event(
      sequence: state.position.next, at: at, session: session, run: run,
      generation: generation ?? row.generation,
      previous: session.exists ? row.head : state.totals.systemHead, body: body)
    state.reduce(event)
    decision.events.append(event)
    return event.sequence
  }

  /// The time that a key's rules look at: the later of now and the key's latest. A latest time that
  /// is more than an hour ahead came from a wrong clock, and now counts.
  func now(_ session: SessionSymbol, _ state: State) -> Int64 {
    let latest = state.sessions[session.number].latestTime
    return Instant.isAhead(latest, of: at.nanoseconds)
      ? at.nanoseconds : max(at.nanoseconds, latest)
  }

  func requireSession(_ session: SessionSymbol, _ state: State) throws(Fault) -> SessionRow {
    let row = state.sessions[session.number]
    // A key that was spoken of and never woken has no agent, and nothing to act on.
    guard row.agent.exists else {
      throw .notFound("no such session; wake it first, or list the keys with `sessions`")
    }
    return row
  }

  /// The open run that a fence holds; a stale fence is recorded on the key's stream.
  @discardableResult
  mutating func requireFence(
    _ fence: FenceClaim, _ session: SessionSymbol, _ method: WritingMethod,
    _ attempt: SequenceNumber, reported: IdentitySymbol = .none, _ state: inout State
  ) throws(Fault) -> RunRow {
    _ = try requireSession(session, state)
    if let run = state.openRun(of: session), run.run == fence.run, run.fence == fence.digest {
      return run
    }
    reject(method, .staleFence, attempt, reported, session, &state)
    throw .staleFence
  }

  /// Records a write that changes nothing.
  mutating func reject(
    _ method: WritingMethod, _ because: RejectCause, _ attempt: SequenceNumber,
    _ reported: IdentitySymbol, _ session: SessionSymbol, _ state: inout State
  ) {
    var rejected = WriteRejected()
    rejected.method = method
    rejected.because = because
    rejected.attempt = attempt
    rejected.reported = reported
    emit(.writeRejected(rejected), session, run: state.openRun(of: session)?.run ?? .none, &state)
  }
}
