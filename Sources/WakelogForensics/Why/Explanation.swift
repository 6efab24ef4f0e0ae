public import Wakelog
public import WakelogModel

/// Why something is as it is: the few events that alone make it so.
///
/// Found by dropping events, and checked: the reducers give the same answer for `events` alone,
/// and another when any one of them is left out.
public struct Explanation: Sendable {
  /// One event, in words.
  public struct Step: Sendable {
    /// The event.
    public var event: Event
    /// What it did, for a person.
    public var sentence: String
    /// What would be different without it; empty for the event that is explained itself.
    public var decides: [String]
  }

  /// What is explained, in a sentence or two.
  public var answer: String
  /// The events, in order.
  public var steps: [Step]
  /// Whether the events alone give the answer that all events give.
  public var isSufficient: Bool
  /// Whether each of them is needed.
  public var isMinimal: Bool
}

extension IncidentLog {
  /// Explains what a session points to and how it stands, after a position or at the end.
  public func why(_ session: SessionSymbol) throws(WakelogError) -> Explanation {
    let state = try state()
    guard state.sessions[session.number].exists else {
      throw WakelogError(
        .notFound, "there is no session with this key; list them with `sessions`",
        field: "session")
    }
    let binding = try explain(.binding(session), state)
    let status = try explain(.status(session), state)
    return Explanation(
      answer: sentence(of: session, in: state), steps: merged(binding.steps, status.steps),
      isSufficient: binding.isSufficient && status.isSufficient,
      isMinimal: binding.isMinimal && status.isMinimal)
  }

  /// Explains one event: what it was decided on, or that it came from outside.
  public func why(_ sequence: SequenceNumber) throws(WakelogError) -> Explanation {
    let first = try first()
    if sequence.exists, sequence < first { throw .archived(before: first.value) }
    guard let event = try event(sequence) else {
      throw WakelogError(
        .notFound, "no event \(sequence.value): the log has \(last.value)", field: "seq")
    }
    let own = Explanation.Step(event: event, sentence: sentence(of: event), decides: [])
    let before = try state(at: SequenceNumber(sequence.value - 1))
    let question = Question.decision(event, before.sessions[event.session.number].agent)
    guard question.facts(in: before) != nil else {
      return Explanation(
        answer: "Event \(sequence.value) came from outside: \(own.sentence)", steps: [own],
        isSufficient: true, isMinimal: true)
    }
    var found = try explain(question, before)
    found.steps.append(own)
    found.answer =
      "Event \(sequence.value) was decided by "
      + (event.flags.contains(.imported) ? "the host that left this log" : "the engine")
      + ": \(own.sentence)"
      + (found.steps.count > 1 ? " What it was decided on:" : " It needed nothing from before.")
    return found
  }

  private func explain(_ question: Question, _ state: State) throws(WakelogError) -> Explanation {
    let set = MinimalSet(facts: question.facts(in: state) ?? [])
    let wanted = set.facts.map { $0.read(state) }
    var events = try candidates(question.session, state)
    if set.answer(events).values != wanted {
      events = try candidates(question.session, state, touching: events)
    }
    let found = few(events, question)
    // Checked with the log's own numbers, and against the state of the whole log.
    let steps = found.map { event in
      Explanation.Step(
        event: event, sentence: sentence(of: event),
        decides: set.difference(without: event, in: found))
    }
    return Explanation(
      answer: "", steps: steps, isSufficient: set.answer(found).values == wanted,
      isMinimal: steps.allSatisfy { !$0.decides.isEmpty })
  }

  /// The minimal set among events, found with small numbers.
  private func few(_ events: [Event], _ question: Question) -> [Event] {
    var numbers = Renumbering()
    let renumbered = events.map { numbers.place($0) }
    var state = State()
    for event in renumbered { state.reduce(event) }
    let facts = question.renumbered(&numbers).facts(in: state) ?? []
    let kept = Set(MinimalSet(facts: facts).find(in: renumbered).map(\.sequence))
    return events.filter { kept.contains($0.sequence) }
  }

  /// The events that may matter to a session up to a state: its own, and those of no session.
  private func candidates(
    _ session: SessionSymbol, _ state: State
  ) throws(WakelogError) -> [Event] {
    var found: [Event] = []
    for head in [state.sessions[session.number].head, state.totals.systemHead] {
      try walkBack(from: head) { event in
        found.append(event)
        return true
      }
    }
    let first = try first()
    if let missing = found.first(where: { $0.previous.exists && $0.previous < first }),
      missing.session.exists
    {
      throw .archived(before: first.value)
    }
    return found.sorted { $0.sequence < $1.sequence }
  }

  /// With those of other sessions that share an id with these events.
  private func candidates(
    _ session: SessionSymbol, _ state: State, touching events: [Event]
  ) throws(WakelogError) -> [Event] {
    var ids: Set<UInt32> = []
    for event in events {
      event.forEachSymbol { if $0 == .identity { ids.insert($1) } }
    }
    var others: Set<SessionSymbol> = [session]
    try forEachEvent(through: state.position) { event in
      event.forEachSymbol {
        if $0 == .identity, ids.contains($1) { others.insert(event.session) }
      }
      return true
    }
    var found: [Event] = []
    try forEachEvent(through: state.position) { event in
      if !event.session.exists || others.contains(event.session) { found.append(event) }
      return true
    }
    return found
  }

  private func merged(_ left: [Explanation.Step], _ right: [Explanation.Step])
    -> [Explanation.Step]
  {
    var found = left
    for step in right {
      if let index = found.firstIndex(where: { $0.event.sequence == step.event.sequence }) {
        found[index].decides += step.decides
      } else {
        found.append(step)
      }
    }
    return found.sorted { $0.event.sequence < $1.event.sequence }
  }

  private func sentence(of session: SessionSymbol, in state: State) -> String {
    let row = state.sessions[session.number]
    let key = text(session) ?? "the key"
    var text =
      row.bound.exists
      ? "\(key) points to \(self.text(row.bound) ?? "?")"
        + (row.boundProof.map { ", proven by \($0.inWords)" } ?? "")
      : "\(key) points to no provider session: the next run starts fresh"
    if let run = state.openRun(of: session) {
      text += ". Run \(run.run.value) is open"
    } else if row.pending != 0 {
      text += ". A wake waits, and no run is open"
    } else if row.lastRun.exists {
      text +=
        ". Nothing runs; run \(row.lastRun.value) was its last and "
        + ended(row.lastRunOutcome, row.lastRunFailure)
    } else {
      text += ". No run has ended yet"
    }
    if state.agents[row.agent.number].isPaused { text += ". Its agent is paused" }
    return text + "."
  }
}

extension Explanation {
  /// The explanation as `why` of PROTOCOL shows it, with its sentences and what was checked.
  public func json(_ log: IncidentLog) throws(WakelogError) -> JSONValue {
    var events: [JSONValue] = []
    var sentences: [JSONValue] = []
    for step in steps {
      events.append(try log.json(step.event))
      sentences.append([
        "seq": .integer(Int64(clamping: step.event.sequence.value)),
        "text": .string(step.sentence),
        "decides": .array(step.decides.map { .string($0) }),
      ])
    }
    return [
      "answer": .string(answer), "events": .array(events), "sentences": .array(sentences),
      "checked": ["sufficient": .bool(isSufficient), "minimal": .bool(isMinimal)],
    ]
  }
}
