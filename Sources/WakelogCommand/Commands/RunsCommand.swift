internal import WakelogModel

extension Command {
  static let runs = Command(
    name: "runs",
    summary: "List the latest runs: how each was tried, what it cost, how it ended",
    about: """
      For the question "what happened here lately": one line a run, newest last, with its attempts \
      and the fallbacks between them.
      """,
    options: [
      .log, .archive,
      Option(name: "--session", value: "KEY", help: "only runs of this session"),
      .agent, .since, .until, .outcome, .family,
      Option(name: "--limit", value: "N", help: "so many runs; left out, 20"),
    ],
    examples: ["wakelog runs --log /var/lib/agents/log --session agent:main --limit 5"],
    run: { invocation in
      let limit = Int(try invocation.integer("--limit", in: 1...100_000) ?? 20)
      return try Log.reading(invocation) { log in
        let items = try latestRuns(
          log, of: invocation.value("--session"), limit: limit, try Filter(invocation))
        if invocation.wantsJSON { return printArray(items) }
        printOut(runsTable(items))
        return .done
      }
    })
}

/// The latest runs that a filter lets through, oldest first: the log is read backwards, a stretch
/// at a time.
private func latestRuns(
  _ log: Log, of session: String?, limit: Int, _ filter: Filter
) throws -> [JSONValue] {
  let stretch: Int64 = 1_000
  var runs: [JSONValue] = []
  var end = Int64(clamping: log.last)
  while end > 0, runs.count < limit {
    let start = max(1, end - stretch + 1)
    let page = try log.call(
      "events",
      object([
        ("from", .integer(start)), ("to", .integer(end)), ("limit", .integer(stretch)),
        ("session", session.map(JSONValue.string)),
      ]))
    for event in (page["items"]?.array ?? []).reversed()
    where event["kind"]?.string == "run.started" && runs.count < limit {
      guard let number = event["run"], filter.holds(event["at"]?.string),
        filter.holds(agent: event["agent"]?.string)
      else { continue }
      let run = try log.call("run", ["run": number])
      let families = (run["attempts"]?.array ?? []).map { $0["failure"]?["family"]?.string }
      if filter.holds(outcome: run["outcome"]?.string), filter.holds(families: families) {
        runs.append(run)
      }
    }
    end = start - 1
  }
  return runs.reversed()
}

private func runsTable(_ items: [JSONValue]) -> String {
  guard !items.isEmpty else { return "no runs\n" }
  let now = Clock.now
  var table = Table([
    ">RUN", "SESSION", "SOURCE", "REASON", "OUTCOME", "ATTEMPTS", "STARTED", ">TOOK", ">IN TOKENS",
    ">OUT TOKENS", ">COST",
  ])
  for item in items {
    let outcome = item["outcome"]?.string ?? "open"
    let attempts = item["attempts"]?.array ?? []
    table.add([
      .init(item.shown("run")), .init(item.shown("session")), .init(item.shown("source")),
      .init(item.shown("reason")), .init(outcome, .of(status: outcome)),
      .init(attempts.map(attemptWords).joined(separator: " → ")),
      .init(Clock.words(attempts.first?.shown("startedAt") ?? "-", now: now)),
      .init(duration(attempts)), .init(total("inputTokens", attempts)),
      .init(total("outputTokens", attempts)), .init(cost(attempts)),
    ])
  }
  return table.text()
}

/// `resume: unknownSession`, `fresh: succeeded`.
private func attemptWords(_ attempt: JSONValue) -> String {
  let failure = attempt["failure"]?["kind"]?.string ?? attempt["failure"]?.string
  return "\(attempt.shown("mode")): \(failure ?? attempt["outcome"]?.string ?? "running")"
}

private func duration(_ attempts: [JSONValue]) -> String {
  guard let start = attempts.first?["startedAt"]?.string.flatMap(Instant.init),
    let end = attempts.last?["endedAt"]?.string.flatMap(Instant.init)
  else { return "-" }
  let milliseconds = (end.nanoseconds - start.nanoseconds) / 1_000_000
  return milliseconds < 10_000 ? "\(milliseconds) ms" : Clock.span(milliseconds / 1_000)
}

private func sum(_ name: String, _ attempts: [JSONValue]) -> Int64? {
  let values = attempts.compactMap { $0["usage"]?[name]?.integer }
  return values.isEmpty ? nil : values.reduce(0) { $0.addingReportingOverflow($1).partialValue }
}

private func total(_ name: String, _ attempts: [JSONValue]) -> String {
  sum(name, attempts).map { "\($0)" } ?? "-"
}

private func cost(_ attempts: [JSONValue]) -> String {
  guard let micros = sum("costMicros", attempts), micros >= 0 else { return "-" }
  let cents = (micros + 5_000) / 10_000
  return "$\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
}
