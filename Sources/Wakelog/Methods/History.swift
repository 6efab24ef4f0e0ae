import WakelogModel
import WakelogStore

extension EventsRequest: Executable {
  var writes: Bool { false }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> JSONObject {
    let last = core.state.position.value
    if let from { try core.requireNotArchived(SequenceNumber(from)) }
    let first = try max(from ?? 1, core.firstSequence())
    let end = min(to ?? last, last)
    var page = EventPage(limit: Int(limit))
    if let session {
      let stream = try core.stream(of: try core.session(session), downTo: first)
      let found =
        first <= end ? stream.positions(first...end, atMost: Int(clamping: limit) + 1) : []
      for sequence in found where try !page.add(sequence, from: core) { break }
    } else if first <= end {
      for sequence in first...end where try !page.add(SequenceNumber(sequence), from: core) {
        break
      }
    }
    var result = JSONObject()
    result.add("items", .array(page.items))
    result.add("next", page.next.map { .count($0.value) } ?? .null)
    return result
  }
}

/// One page of events.
private struct EventPage {
  let limit: Int
  var items: [JSONValue] = []
  /// The first event that has no room; nil while all had.
  var next: SequenceNumber?
  private var bytes = 0

  init(limit: Int) { self.limit = limit }

  /// Adds an event; false when the page is full.
  mutating func add(
    _ sequence: SequenceNumber, from core: Core
  ) throws(WakelogError) -> Bool {
    guard items.count < limit, bytes < PageSize.bytes else {
      next = sequence
      return false
    }
    if let event = try core.event(sequence) {
      let view = core.eventView(event)
      bytes += view.approximateBytes
      items.append(view)
    }
    return true
  }
}

extension WhyRequest: Executable {
  var writes: Bool { false }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> JSONObject {
    if let session { return try core.why(try core.session(session)) }
    guard let seq else {
      throw WakelogError(
        .invalidParameter, "give a session or the number of an event", field: "session")
    }
    return try core.why(event: SequenceNumber(seq))
  }
}

extension Core {
  /// Where the events of a key lie, from the last down to a position at least.
  func stream(
    of session: SessionSymbol, downTo first: UInt64
  ) throws(WakelogError) -> StreamPositions.Stream {
    try streams.stream(
      of: session, head: state.sessions[session.number].head, downTo: first
    ) { sequence throws(WakelogError) in try event(sequence)?.previous }
  }

  /// The events that made a key's binding and status what they are.
  fileprivate func why(_ session: SessionSymbol) throws(WakelogError) -> JSONObject {
    let row = state.sessions[session.number]
    let run = state.openRun(of: session)?.run ?? row.lastRun
    var binding: Event?
    var found: [Event] = []
    try walkBack(from: row.head) { event in
      if binding == nil, event.body.changesBinding { binding = event }
      if run.exists, event.run == run || event.sequence == run { found.append(event) }
      // Both are complete once the walk is past the run's first event with the binding found.
      return binding == nil || event.sequence > run
    }
    if let binding, !found.contains(where: { $0.sequence == binding.sequence }) {
      found.append(binding)
    }
    found.sort { $0.sequence < $1.sequence }
    return answer(sentence(row, binding, run), found)
  }

  private func sentence(_ row: SessionRow, _ binding: Event?, _ run: SequenceNumber) -> String {
    var text: String
    if let session = names.session(row.bound) {
      text = "The key points to \(session.id), proven by \(row.boundProof?.name ?? "nobody")"
    } else {
      text = "The key points to no session"
    }
    if let binding {
      text += " since event \(binding.sequence.value) (\(binding.body.kind?.name ?? "?"))"
    }
    text += ". "
    if row.openRun != 0 { return text + "Run \(run.value) is open." }
    guard row.lastRun.exists else { return text + "No run has ended yet." }
    text += "Run \(run.value) ended as \(row.lastRunOutcome?.name ?? "unknown")"
    if let failure = row.lastRunFailure {
      text += ": \(failure.name), because of \(names.text(row.lastRunBecause) ?? "nothing named")"
    }
    return text + "."
  }

  /// The event, and those of its run up to it.
  fileprivate func why(event number: SequenceNumber) throws(WakelogError) -> JSONObject {
    try requireNotArchived(number)
    guard let event = try event(number) else {
      throw WakelogError(.notFound, "no event has this number", field: "seq")
    }
    var found: [Event] = [event]
    if event.run.exists {
      try walkBack(from: event.previous) { earlier in
        if earlier.run == event.run || earlier.sequence == event.run { found.append(earlier) }
        return earlier.sequence > event.run
      }
    }
    let kind = event.body.kind?.name ?? "an event of a kind this version does not know"
    let cause =
      found.count > 1
      ? "follows from the events of run \(event.run.value) before it" : "stands by itself"
    return answer("Event \(number.value), \(kind), \(cause).", found.reversed())
  }

  private func answer(_ text: String, _ events: [Event]) -> JSONObject {
    var result = JSONObject()
    result.add("answer", .string(text))
    result.add("events", .array(events.map { eventView($0) }))
    return result
  }

  /// An event as PROTOCOL shows it.
  func eventView(_ event: Event) -> JSONValue {
    let agent = names.text(state.sessions[event.session.number].agent)
    return event.json(
      names, agent: agent, record: record(of: event),
      parse: { try? JSONParser.parse($0) })
  }

  /// The record of an event whose kind this version does not know; nil for others.
  private func record(of event: Event) -> [UInt8]? {
    event.body.kind == nil ? record(event.sequence) : nil
  }
}

extension EventBody {
  /// Whether it can change what a key points to.
  var changesBinding: Bool {
    switch self {
    case .sessionBound, .sessionCleared, .sessionReset: true
    default: false
    }
  }
}
