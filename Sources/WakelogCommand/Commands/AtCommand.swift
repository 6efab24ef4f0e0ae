internal import Wakelog
internal import WakelogForensics
internal import WakelogModel

extension Command {
  static let at = Command(
    name: "at",
    summary: "Show a session, an agent, a run or the totals as they were at an event or a time",
    about: """
      "What did the host believe at five in the morning?" POSITION is the number of an event: shown \
      is what was so right after it. TIME has its offset, or says how long ago, as 2h; it means the \
      last event that was not later. Events of a clock that was wrong by more than an hour, ahead or \
      behind, do not move it. The past is rebuilt from the nearest checkpoint, so old logs are no \
      slower than young ones.
      """,
    operands: [Operand(name: "POSITION|TIME")],
    options: [
      .log, .archive,
      Option(name: "--session", value: "KEY", help: "this session, in full"),
      Option(name: "--agent", value: "NAME", help: "this agent, in full"),
      Option(name: "--run", value: "RUN", help: "this run, as far as it had come"),
      Option(name: "--sessions", value: nil, help: "the table of all sessions"),
      Option(name: "--agents", value: nil, help: "the table of all agents"),
    ],
    examples: [
      "wakelog at 1042 --session agent:main --log /var/lib/agents/log",
      "wakelog at 2026-01-18T05:00:00+01:00 --log /var/lib/agents/log",
    ],
    run: { invocation in
      let place = try Place(invocation.operands[0])
      let what = ["--session", "--agent", "--run", "--sessions", "--agents"].filter(invocation.has)
      guard what.count <= 1 else {
        throw CommandError.usage("\(what.joined(separator: " and ")) exclude each other")
      }
      return try invocation.withIncidentLog { log in
        let position = try place.position(in: log)
        var past = Past(log: log, position: position, state: try log.state(at: position))
        try past.print(what.first, invocation)
        return .done
      }
    })

  private enum Place {
    case position(UInt64)
    case time(Instant)

    init(_ text: String) throws {
      if let number = UInt64(text) {
        self = .position(number)
      } else {
        self = .time(try Moment.read(text, "POSITION|TIME"))
      }
    }

    func position(in log: IncidentLog) throws -> SequenceNumber {
      switch self {
      case .time(let moment): return try log.position(at: moment)
      case .position(let number):
        guard number <= log.last.value else {
          throw CommandError.refused("no event \(number): the log has \(log.last.value)")
        }
        return SequenceNumber(number)
      }
    }
  }
}

/// A log as it stood at a position.
private struct Past {
  let log: IncidentLog
  let position: SequenceNumber
  var state: State

  mutating func print(_ what: String?, _ invocation: Invocation) throws {
    switch what {
    case "--session":
      try printOne("session", "session", .string(invocation.value("--session")!), invocation)
    case "--agent":
      try printOne("agent", "agent", .string(invocation.value("--agent")!), invocation)
    case "--run":
      let run = try invocation.integer("--run", in: 1...Int64.max) ?? 0
      guard run <= Int64(clamping: position.value) else {
        throw CommandError.refused("run \(run) had not begun at event \(position.value)")
      }
      try printOne("run", "run", .integer(run), invocation)
    case "--sessions": try printAll("sessions", invocation, sessionsTable(_:now:))
    case "--agents": try printAll("agents", invocation, agentsTable(_:now:))
    default: try printTotals(invocation)
    }
  }

  /// The time of the last event, which is "now" for whoever looks from there.
  private var now: Instant {
    get throws { try log.event(position)?.at ?? Instant(nanoseconds: 0) }
  }

  private mutating func printOne(
    _ method: String, _ name: String, _ value: JSONValue, _ invocation: Invocation
  ) throws {
    let result = try log.call(
      method, JSONObject([.init(name: name, value: value)]), in: &state, at: try now)
    printHeading(invocation, try now)
    printFields(result, invocation)
  }

  private mutating func printAll(
    _ method: String, _ invocation: Invocation,
    _ table: (_ items: [JSONValue], _ now: Instant) -> String
  ) throws {
    var items: [JSONValue] = []
    var params = JSONObject()
    while true {
      let page = try log.call(method, params, in: &state, at: try now)
      items += page["items"]?.array ?? []
      guard let after = page["after"], !after.isNull else { break }
      params["after"] = after
    }
    if invocation.wantsJSON {
      printArray(items)
    } else {
      printHeading(invocation, try now)
      printOut(table(items, try now))
    }
  }

  private func printTotals(_ invocation: Invocation) throws {
    var result = JSONObject()
    let event = try log.event(position)
    result["seq"] = .integer(Int64(clamping: position.value))
    result["at"] = event.map { .string($0.at.description) } ?? .null
    result["kind"] = event.map { .string($0.kindName) } ?? .null
    for member in StateTotals(state).json.object?.members ?? [] {
      result[member.name] = member.value
    }
    var state = state
    let policy = try log.call("policy", in: &state, at: try now)
    result["policy"] = policy["policy"]?["name"] ?? .null
    printFields(.object(result), invocation)
  }

  private func printHeading(_ invocation: Invocation, _ now: Instant) {
    guard !invocation.wantsJSON else { return }
    let text =
      position.exists
      ? "after event \(position.value), \(Clock.date(now.description))" : "before the first event"
    printOut(Style.dim.apply(text) + "\n")
  }
}
