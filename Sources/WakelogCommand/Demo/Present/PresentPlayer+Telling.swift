internal import Wakelog
internal import WakelogModel

// What the engine answered, in words.

extension Demo.PresentPlayer {
  mutating func tell(_ plan: PlanResult, of wake: Demo.Wake, _ number: UInt64) {
    if let reset = plan.reset, plan.generation > 1 {
      script.add(wake.index, "reset", Demo.Words.reset(reset, wake))
    }
    for candidate in plan.json["considered"]?.array ?? [] {
      guard let id = candidate["sessionId"]?.string, candidate["verdict"]?.string != "offered",
        let because = candidate["because"]?.string
      else { continue }
      script.add(
        wake.index, "refuse \(Demo.Words.short(id))", because, .good, event: number)
    }
    if let place = plan.workspace, place.path != wake.workspace?.path {
      script.add(
        wake.index, "in \(place.path)", "the session lives there, and is resumed there", .good,
        event: number)
    }
  }

  func last() throws -> UInt64 {
    UInt64(clamping: try engine.hello(HelloRequest()).json["events"]?.integer ?? 0)
  }

  mutating func tell(
    _ attempt: Demo.Attempt, _ answer: Demo.Answer, _ finished: FinishResult,
    _ written: Range<UInt64>?,
    _ at: Instant
  ) {
    script.add(
      attempt.wake.index, Demo.Words.deed(attempt), Demo.Words.result(attempt, answer),
      answer.works ? .good : .bad, at: at, event: attempt.number)
    guard let written else { return }
    script.add(
      attempt.wake.index, "write",
      "messages \(written.lowerBound)..<\(written.upperBound) go to "
        + Demo.Words.short(answer.reported ?? ""), at: at)
  }

  /// Tells what the log says of ids since a position.
  mutating func tellVerdicts(after: UInt64, _ wake: Demo.Wake, _ at: Instant) throws {
    var request = EventsRequest()
    request.from = after + 1
    let events = try engine.events(request).json["items"]?.array ?? []
    let condemned = events.filter { $0["kind"]?.string == "session.condemned" }
    for event in events {
      guard let id = event["identity"]?["sessionId"]?.string else { continue }
      let why = event["failure"]?.string ?? event["cause"]?.string ?? ""
      let number = event["seq"]?.integer.map { UInt64(clamping: $0) }
      switch event["kind"]?.string {
      case "session.condemned":
        let cause = event["cause"]?.string == "suspect" ? "it failed twice without a turn" : why
        script.add(
          wake.index, "condemn \(Demo.Words.short(id))", "\(cause): never offered again", .good,
          at: at,
          event: number)
      case "session.suspected" where condemned.isEmpty:
        script.add(
          wake.index, "suspect \(Demo.Words.short(id))", "\(why): once more, and it is condemned",
          .good, at: at, event: number)
      default: break
      }
    }
  }

  func lastRun(_ session: SessionResult) -> (outcome: Outcome?, failure: FailureKind?) {
    let last = session.json["lastRun"]
    return (
      last?["outcome"]?.string.flatMap(Outcome.init(name:)),
      last?["failure"]?["kind"]?.string.flatMap { name in
        FailureKind.allCases.first { $0.name == name }
      }
    )
  }

  mutating func close(
    _ wake: Demo.Wake, _ at: Instant, hasWritten: Bool = false
  ) throws -> Demo.Verdict {
    let session = try engine.session(SessionRequest(session: wake.session))
    let (outcome, failure) = lastRun(session)
    let next = session.sessionId.map { "the next wake resumes \(Demo.Words.short($0))" }
    let isNobodysFault = outcome != .succeeded && failure?.family != .agent
    script.add(
      wake.index, "",
      "run \(outcome?.name ?? "open")\(isNobodysFault ? ", and nobody is blamed" : ""); "
        + (next ?? "the next wake starts fresh"), at: at)
    return Demo.Verdict(outcome: outcome, failure: failure, hasWritten: hasWritten)
  }
}
