internal import Wakelog
internal import WakelogModel

extension Command {
  static let events = Command(
    name: "events",
    summary: "Print events, filtered, and follow the log as it grows",
    about: """
      The log as it is, one event a line. With --follow new events are printed as they become \
      durable, whichever process writes them, until the command is interrupted. With --json each \
      line is an object as in 'export'.
      """,
    options: [
      .log, .archive,
      Option(name: "--session", value: "KEY", help: "only events of this session"),
      Option(name: "--from", value: "SEQ", help: "the first event to look at"),
      Option(name: "--to", value: "SEQ", help: "the last event to look at"),
      Option(
        name: "--kind", value: "KIND", help: "only this kind, as run.started; may be repeated"),
      .agent, .since, .until, .outcome, .family,
      Option(name: "--limit", value: "N", help: "print so many, then stop"),
      Option(name: "--follow", value: nil, help: "go on with events as they come"),
    ],
    examples: [
      "wakelog events --log /var/lib/agents/log --session agent:main --kind session.condemned",
      "wakelog events --log /var/lib/agents/log --follow --json",
    ],
    run: { invocation in
      var reading = try EventReading(invocation)
      return try Log.reading(invocation) { log in
        try reading.run(log)
        return .done
      }
    })
}

extension Log {
  /// Events from one position to another, in pages, each printed as `line` says; nil stops.
  func events(
    from: UInt64, to: UInt64, session: String? = nil, _ line: (JSONValue) -> String?
  ) throws {
    var next = from
    while next <= to, !StandardOutput.hasFailed {
      let page = try call(
        "events",
        object([
          ("from", .integer(Int64(clamping: next))), ("to", .integer(Int64(clamping: to))),
          ("session", session.map(JSONValue.string)),
        ]))
      var text: [UInt8] = []
      for event in page["items"]?.array ?? [] {
        guard let line = line(event) else { return printOut(text) }
        text += line.utf8
      }
      printOut(text)
      guard let after = page["next"]?.integer, after > 0 else { return }
      next = UInt64(after)
    }
  }
}

/// What `events` prints.
private struct EventReading {
  private let session: String?
  private let from: UInt64?
  private let to: UInt64?
  private let kinds: Set<String>
  private let filter: Filter
  private var left: Int64
  private let follows: Bool
  private let asJSON: Bool

  init(_ invocation: Invocation) throws {
    session = invocation.value("--session")
    from = try invocation.integer("--from", in: 1...Int64.max).map(UInt64.init)
    to = try invocation.integer("--to", in: 1...Int64.max).map(UInt64.init)
    kinds = Set(invocation.options.filter { $0.name == "--kind" }.map(\.value))
    filter = try Filter(invocation)
    left = try invocation.integer("--limit") ?? .max
    follows = invocation.has("--follow")
    asJSON = invocation.wantsJSON
    let known = EventKind.allCases.map(\.name)
    for kind in kinds.sorted() where !known.contains(kind) {
      throw CommandError.usage("no kind of event is called '\(kind)'\(hint(kind, among: known))")
    }
  }

  mutating func run(_ log: Log) throws {
    var next = try from ?? log.engine.firstEvent()
    if let since = filter.since { next = max(next, try log.engine.position(before: since) + 1) }
    var last = log.last
    let now = Clock.now
    while left > 0, !StandardOutput.hasFailed {
      let end = min(last, to ?? .max)
      if next <= end {
        try log.events(from: next, to: end, session: session) { event in
          guard left > 0 else { return nil }
          guard kinds.isEmpty || kinds.contains(event.shown("kind")), filter.holds(event) else {
            return ""
          }
          left -= 1
          return asJSON ? event.text + "\n" : eventLine(event, now: now)
        }
        next = end + 1
      }
      if !follows || to.map({ next > $0 }) == true { return }
      last = log.engine.waitForEvents(after: next - 1, timeoutMilliseconds: 1_000)
    }
  }
}

extension Filter {
  /// Whether an event is of the time, agent, outcome and family asked for.
  fileprivate func holds(_ event: JSONValue) -> Bool {
    let failure = event["failure"]?.string.flatMap { FailureKind(name: $0) }
    return holds(event["at"]?.string) && holds(agent: event["agent"]?.string)
      && holds(outcome: event["outcome"]?.string) && holds(families: [failure?.family.name])
  }
}

/// An event in a line: number, time, kind, whose it is, and what it says.
func eventLine(_ event: JSONValue, now: Instant) -> String {
  let number = event.shown("seq")
  let kind = event.shown("kind")
  let style: Style =
    switch kind {
    case "session.condemned", "write.rejected": .red
    case "session.reset", "fallback.taken", "wake.refused", "session.suspected": .yellow
    case "session.bound", "run.started": .green
    default: .plain
    }
  let gap = String(repeating: " ", count: max(0, 8 - number.count))
  let kindGap = String(repeating: " ", count: max(0, 18 - kind.count))
  let details = eventDetails(event)
  return gap + Style.dim.apply(number) + "  " + Clock.date(event.shown("at")) + "  "
    + style.apply(kind) + kindGap + "  " + printable(event["session"]?.string ?? "")
    + (details.isEmpty ? "" : "  " + Style.dim.apply(details)) + "\n"
}

/// What an event says beyond number, time, kind and session, as `name value` pairs.
private func eventDetails(_ event: JSONValue) -> String {
  let shownAlready: Set = ["seq", "at", "kind", "session", "agent", "generation"]
  let members = event.object?.members ?? []
  let words = members.filter { !shownAlready.contains($0.name) && !$0.value.isNull }.map {
    let text = printable($0.value.shown)
    return "\($0.name) " + (text.count > 60 ? text.prefix(59) + "…" : text)
  }
  return words.joined(separator: ", ")
}
