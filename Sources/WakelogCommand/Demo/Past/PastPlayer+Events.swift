internal import WakelogModel

// What a host makes of an attempt and of a run, as events.

extension Demo.PastPlayer {
  mutating func flush(
    _ attempt: Demo.PastAttempt, _ wake: Demo.Wake, _ run: UInt64, _ at: Instant
  ) -> Bool {
    guard let range = host.flush(attempt, wake) else { return false }
    let event = log.append(
      .transcriptFlushed, at: at, session: wake.session, run: run,
      [
        ("from", .integer(Int64(range.lowerBound))), ("to", .integer(Int64(range.upperBound))),
      ])
    script.add(
      wake.index, "write",
      "messages \(range.lowerBound)..<\(range.upperBound) go to "
        + Demo.Words.short(attempt.answer.reported ?? ""), at: at, event: event)
    return true
  }

  mutating func close(
    _ run: Demo.PastRun, _ ending: Demo.Ending, _ number: UInt64, _ at: Instant
  ) -> Demo.Verdict {
    let wake = run.wake
    if let id = ending.stores {
      stored[wake.session] = identity(id, wake)
      let place = run.attempts.last?.choice.workspace
      log.append(
        .sessionBound, at: at, session: wake.session, run: number,
        [
          ("identity", identity(id, wake)), ("provider", .string(wake.provider)),
          ("provenBy", ending.outcome == .succeeded ? "success" : nil),
          ("workspaceKind", place.map { .string($0.kind.name) }),
          ("workspace", place.map { .string($0.path) }),
        ])
    }
    let event = log.append(
      .runFinished, at: at, session: wake.session, run: number,
      [
        ("outcome", .string(ending.outcome.name)), ("via", via(run)),
        ("failure", ending.failure.map { .string($0.name) }),
        ("attempts", .integer(Int64(max(1, run.attempts.count)))),
      ])
    open[wake.session] = nil
    script.add(
      wake.index, "", words(ending, wake), ending.outcome == .succeeded ? .plain : .bad, at: at,
      event: event)
    if let remark = ending.remark {
      log.append(
        .noteAdded, at: at, [("by", .string(wake.agent)), ("text", .string(remark))])
      script.add(wake.index, "", remark, .bad, at: at)
    }
    return Demo.Verdict(outcome: ending.outcome, failure: ending.failure)
  }

  func words(_ ending: Demo.Ending, _ wake: Demo.Wake) -> String {
    let blame = ending.failure?.family == .agent ? ", and the agent is blamed" : ""
    let next = stored[wake.session]?["sessionId"]?.string.map {
      "the next wake resumes \(Demo.Words.short($0))"
    }
    return "run \(ending.outcome.name)\(blame); \(next ?? "the next wake starts fresh")"
  }

  func identity(_ id: String, _ wake: Demo.Wake) -> JSONValue {
    ["sessionId": .string(id), "provider": .string(wake.provider)]
  }

  func via(_ run: Demo.PastRun) -> JSONValue {
    if run.attempts.count > 1 { return "fallback" }
    return run.attempts.first?.choice.resume == nil ? "fresh" : "resume"
  }

  func fields(
    of ended: Demo.PastAttempt, _ wake: Demo.Wake
  ) -> [(name: String, value: JSONValue?)] {
    [
      ("attempt", .integer(Int64(ended.number))), ("outcome", .string(ended.outcome.name)),
      ("failure", ended.failure.map { .string($0.name) }),
      ("entered", ended.answer.turns > 0 ? true : nil),
      ("reported", ended.answer.reported.map { identity($0, wake) }),
      ("turns", .integer(ended.answer.turns)), ("exitCode", ended.answer.leaves["exitCode"]),
    ]
  }
}
