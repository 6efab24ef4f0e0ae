internal import WakelogModel

extension Command {
  static let sessions = Command(
    name: "sessions",
    summary: "List session keys with what they resume and how their last run went",
    about: """
      The first look at a log: which conversation points to which provider session, which are \
      running, and which went wrong last. Ids are shortened as far as they stay different; --json \
      shows all of each.
      """,
    options: [
      .log,
      .agent, .since, .until, .outcome, .family,
      Option(
        name: "--status", value: "STATUS", help: "only those that are idle, running or queued"),
    ],
    examples: ["wakelog sessions --log /var/lib/agents/log --status running"],
    run: { invocation in
      try Log.reading(invocation) { log in
        let wanted = try Filter(invocation)
        let items = try log.all("sessions", filter(invocation)).filter { item in
          try wanted.holds(outcome: item["lastRun"]?["outcome"]?.string)
            && wanted.holds(families: [item["lastError"]?["family"]?.string])
            && isWithin(wanted, item, log)
        }
        if invocation.wantsJSON { return printArray(items) }
        printOut(sessionsTable(items, now: Clock.now))
        return .done
      }
    })

  static let agents = Command(
    name: "agents",
    summary: "List agents with their health: failures in a row, and whose fault they were",
    about: """
      Before an agent is replaced: only failures that are the agent's own count against it, so a \
      missing login or an overloaded provider never makes one replaceable.
      """,
    options: [
      .log, .agent, .outcome, .family,
      Option(name: "--status", value: "STATUS", help: "only agents of this status"),
    ],
    examples: ["wakelog agents --log /var/lib/agents/log"],
    run: { invocation in
      try Log.reading(invocation) { log in
        let wanted = try Filter(invocation)
        let items = try log.all("agents", filter(invocation)).filter { item in
          wanted.holds(outcome: item["lastRunStatus"]?.string)
            && wanted.holds(families: [item["lastError"]?["family"]?.string])
        }
        if invocation.wantsJSON { return printArray(items) }
        printOut(agentsTable(items, now: Clock.now))
        return .done
      }
    })

  static let attention = Command(
    name: "attention",
    summary: "List what wants a person's attention now: silent runs, stuck queues, loops",
    about: """
      For a glance in the morning, or for a monitor: with --check the exit status is 1 when \
      something is listed. Reads only; 'abandon', 'reset' and 'repair' settle things.
      """,
    options: [.log, Option(name: "--check", value: nil, help: "exit with 1 when there is any")],
    examples: ["wakelog attention --log /var/lib/agents/log --check"],
    run: { invocation in
      try Log.reading(invocation) { log in
        let result = try log.call("attention")
        let items = result.array ?? result["items"]?.array ?? []
        if invocation.wantsJSON {
          printArray(items)
        } else {
          printOut(attentionTable(items))
        }
        return invocation.has("--check") && !items.isEmpty ? .finding : .done
      }
    })

  /// Whether the last that happened to a session lies within the times asked for.
  private static func isWithin(_ wanted: Filter, _ item: JSONValue, _ log: Log) throws -> Bool {
    guard wanted.since != nil || wanted.until != nil, let head = item["head"] else { return true }
    let page = try log.call("events", ["from": head, "to": head, "limit": 1])
    return wanted.holds(page["items"]?.array?.first?["at"]?.string)
  }

  private static func filter(_ invocation: Invocation) -> JSONValue {
    object([
      ("agent", invocation.value("--agent").map(JSONValue.string)),
      ("status", invocation.value("--status").map(JSONValue.string)),
    ])
  }
}

/// Prints a JSON array, one element a line.
@discardableResult
func printArray(_ items: [JSONValue]) -> ExitStatus {
  var text = TextBuffer()
  text.append(literal: "[")
  for (index, item) in items.enumerated() {
    text.append(index == 0 ? "\n" : ",\n")
    JSONWriter.write(item, to: &text)
  }
  text.append(items.isEmpty ? "]\n" : "\n]\n")
  printOut(text.bytes())
  return .done
}

/// Sessions for a person to look at, ages as seen from a moment.
func sessionsTable(_ items: [JSONValue], now: Instant) -> String {
  guard !items.isEmpty else { return "no sessions\n" }
  let ids = Abbreviation(items.compactMap { $0["bound"]?["sessionId"]?.string })
  var table = Table([
    "SESSION", "AGENT", "PROVIDER", "STATUS", ">GEN", "RESUMES", "SINCE", "LAST RUN", "VIA",
    ">RUNS", ">DEAD IDS", "LAST ERROR",
  ])
  for item in items {
    let status = item.shown("status")
    let bound = item["bound"]
    let outcome = item["lastRun"]?.shown("outcome") ?? "-"
    let dead = item["condemned"]?.array?.count ?? 0
    table.add([
      .init(item.shown("key")), .init(item.shown("agent")), .init(item.shown("provider")),
      .init(status, .of(status: status)), .init(item.shown("generation")),
      .init(bound?["sessionId"]?.string.map(ids.short) ?? "-"),
      .init(
        bound?["since"]?.string.flatMap(Instant.init).map { Clock.age(of: $0, now: now) } ?? "-"),
      .init(outcome, .of(status: outcome)), .init(item["lastRun"]?.shown("via") ?? "-"),
      .init(item["counters"]?.shown("runs") ?? "-"), .init("\(dead)", dead > 0 ? .yellow : .plain),
      .init(errorWords(item["lastError"], now: now)),
    ])
  }
  return table.text()
}

/// Agents for a person to look at, ages as seen from a moment.
func agentsTable(_ items: [JSONValue], now: Instant) -> String {
  guard !items.isEmpty else { return "no agents\n" }
  var table = Table([
    "AGENT", "STATUS", "LAST RUN", ">SESSIONS", ">AGENT'S", ">INFRA", ">SESSION", ">CONFIG",
    "REPLACEABLE", "LAST ERROR",
  ])
  for item in items {
    let status = item.shown("status")
    let last = item.shown("lastRunStatus")
    let failures = item["failures"] ?? .null
    let isReplaceable = item["replaceable"]?.bool == true
    table.add([
      .init(item.shown("agent")), .init(status, .of(status: status)),
      .init(last, .of(status: last)), .init(item.shown("sessions")),
      .init(failures.shown("agent")), .init(failures.shown("infrastructure")),
      .init(failures.shown("session")), .init(failures.shown("configuration")),
      .init(isReplaceable ? "yes" : "no", isReplaceable ? .red : .dim),
      .init(errorWords(item["lastError"], now: now)),
    ])
  }
  return table.text()
}

private func attentionTable(_ items: [JSONValue]) -> String {
  guard !items.isEmpty else { return "nothing wants attention\n" }
  let now = Clock.now
  var table = Table(["WHAT", "SESSION", ">RUN", "SINCE", "FAMILY", "BECAUSE"])
  for item in items {
    table.add([
      .init(item.shown("kind"), .yellow), .init(item.shown("session")), .init(item.shown("run")),
      .init(Clock.words(item.shown("since"), now: now)), .init(item.shown("family")),
      .init(item.shown("because")),
    ])
  }
  return table.text()
}

/// An error of a session or an agent in a few words.
private func errorWords(_ error: JSONValue?, now: Instant) -> String {
  guard let error, !error.isNull else { return "-" }
  let at = error["at"]?.string.flatMap(Instant.init)
  let age = at.map { ", " + Clock.age(of: $0, now: now) } ?? ""
  return "\(error.shown("kind")) (\(error.shown("family")))\(age)"
}
