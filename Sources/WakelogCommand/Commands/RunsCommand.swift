internal import Wakelog
internal import WakelogForensics
internal import WakelogModel

extension Command {
  static let runs = Command(
    name: "runs",
    summary: "List the latest runs: how each was tried, what it cost, how it ended",
    about: """
      For the question "what happened here lately": one line a run, newest last, with its attempts \
      and the fallbacks between them. TOOK is ? where the clock was set back meanwhile.
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
/// at a time, and no further than where the filter's time begins.
private func latestRuns(
  _ log: Log, of session: String?, limit: Int, _ filter: Filter
) throws -> [JSONValue] {
  var runs: [JSONValue] = []
  let floor = try filter.since.map { try log.engine.position(before: $0) } ?? 0
  var end = log.last
  var stretch: UInt64 = 1_000
  while end > floor, runs.count < limit {
    let start = max(floor, end > stretch ? end - stretch : 0) + 1
    let started = try startedRuns(log, session, start...end, filter)
    for number in started.reversed() where runs.count < limit {
      let run = try log.call("run", ["run": .integer(Int64(clamping: number))])
      let families = (run["attempts"]?.array ?? []).map { $0["failure"]?["family"]?.string }
      if filter.holds(outcome: run["outcome"]?.string), filter.holds(families: families) {
        runs.append(run)
      }
    }
    // A key may be quiet for most of the log.
    stretch = started.isEmpty ? min(stretch * 2, 1 << 20) : 1_000
    end = start - 1
  }
  return runs.reversed()
}

/// The runs that started within a stretch of the log, in order.
private func startedRuns(
  _ log: Log, _ session: String?, _ stretch: ClosedRange<UInt64>, _ filter: Filter
) throws -> [UInt64] {
  var found: [UInt64] = []
  func take(_ event: JSONValue) -> String? {
    if event["kind"]?.string == "run.started", filter.holds(event["at"]?.string),
      filter.holds(agent: event["agent"]?.string), let run = event["run"]?.integer
    {
      found.append(UInt64(clamping: run))
    }
    return ""
  }
  guard session == nil else {
    try log.events(from: stretch.lowerBound, to: stretch.upperBound, session: session, take)
    return found
  }
  var started: [UInt64] = []
  try log.engine.forEachEvent(from: SequenceNumber(stretch.lowerBound)) { event in
    guard event.sequence.value <= stretch.upperBound else { return false }
    if event.body.kind == .runStarted { started.append(event.sequence.value) }
    return true
  }
  for event in started { try log.events(from: event, to: event, take) }
  return found
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
  return Span.words(from: start, to: end)
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
