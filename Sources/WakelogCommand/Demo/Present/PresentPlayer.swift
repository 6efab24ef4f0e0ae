internal import Wakelog
internal import WakelogModel

extension Demo {
  /// Plays a host that asks Wakelog: every decision is a call to an engine with a real log.
  ///
  /// This is also how a host is adapted: `wake`, run what the plan says, `flush` and `finish`.
  struct PresentPlayer: Player {
    let engine: Engine
    private(set) var script = Script()
    private var claims: [UInt64: Claim] = [:]
    /// The version to run, by host.
    private var versions: [String: String] = [:]

    /// What a host holds while an attempt runs.
    private struct Claim {
      var run: UInt64
      var fence: String
      var cursor: UInt64
    }

    init(_ engine: Engine) { self.engine = engine }

    mutating func wake(_ wake: Wake) throws -> Attempt? {
      let woken = try engine.wake(WakeRequest(wake))
      guard woken.isStarted, let number = woken.attempt, let run = woken.run,
        let fence = woken.fence, let plan = woken.plan
      else {
        script.add(wake.index, "", "\(woken.disposition): \(woken.because ?? "")")
        return nil
      }
      let session = try engine.session(SessionRequest(session: wake.session))
      claims[number] = Claim(run: run, fence: fence, cursor: session.cursor)
      tell(plan, of: wake, number)
      return begin(wake, plan, number, ordinal: 1, at: wake.at)
    }

    private mutating func tell(_ plan: PlanResult, of wake: Wake, _ number: UInt64) {
      if let reset = plan.reset, plan.generation > 1 {
        script.add(wake.index, "reset", "the wake demands a fresh session (\(reset.name))")
      }
      for candidate in plan.json["considered"]?.array ?? [] {
        guard let id = candidate["sessionId"]?.string, candidate["verdict"]?.string != "offered",
          let because = candidate["because"]?.string
        else { continue }
        script.add(
          wake.index, "not \(Words.short(id))", because, .good, event: number)
      }
      if let place = plan.workspace, place.path != wake.workspace?.path {
        script.add(
          wake.index, "in \(place.path)", "the session lives there, and is resumed there", .good,
          event: number)
      }
    }

    private func begin(
      _ wake: Wake, _ plan: PlanResult, _ number: UInt64, ordinal: Int, at: Instant
    ) -> Attempt {
      Attempt(
        wake: wake, resume: plan.sessionId,
        workspace: plan.workspace.map { Place(path: $0.path, kind: $0.kind) }, startedAt: at,
        ordinal: ordinal, isAfterReset: ordinal == 1 && plan.reset != nil && plan.generation > 1,
        number: number)
    }

    mutating func end(_ attempt: Attempt, _ answer: Answer, at: Instant) throws -> Verdict {
      guard let claim = claims.removeValue(forKey: attempt.number) else {
        throw Fault("an attempt without a fence")
      }
      do {
        let hasWritten = try write(attempt, answer, claim, at)
        let finished = try engine.finish(FinishRequest(attempt, answer, claim.fence, at))
        return try settle(attempt, answer, finished, claim, hasWritten, at)
      } catch let error as WakelogError where error.code == .staleFence {
        script.add(
          attempt.wake.index, Words.deed(attempt),
          "comes back after the reset: its write is refused (stale fence)", .good)
        return Verdict(outcome: .superseded)
      }
    }

    private mutating func write(
      _ attempt: Attempt, _ answer: Answer, _ claim: Claim, _ at: Instant
    ) throws -> Bool {
      guard answer.messages > 0 else { return false }
      var request = FlushRequest(
        session: attempt.wake.session, fence: claim.fence, from: claim.cursor,
        to: claim.cursor + answer.messages)
      request.at = at
      if attempt.resume != nil {
        script.add(
          attempt.wake.index, "history",
          "\(claim.cursor) messages of this conversation are loaded")
      }
      try engine.flush(request)
      script.add(
        attempt.wake.index, "write",
        "messages \(claim.cursor)..<\(request.to) go to \(Words.short(answer.reported ?? ""))")
      return true
    }

    private mutating func settle(
      _ attempt: Attempt, _ answer: Answer, _ finished: FinishResult, _ claim: Claim,
      _ hasWritten: Bool, _ at: Instant
    ) throws -> Verdict {
      let wake = attempt.wake
      var result = Words.result(attempt, answer)
      if let failure = finished.failure, let asked = attempt.resume {
        let isDead = finished.session.condemned.contains(asked)
        result = isDead ? "\(result): condemned" : "\(result): \(failure.name)"
      }
      script.add(
        wake.index, Words.deed(attempt), result, answer.works ? .good : .bad, event: attempt.number)
      if let plan = finished.nextPlan, let number = finished.nextAttempt {
        let session = try engine.session(SessionRequest(session: wake.session))
        claims[number] = Claim(run: claim.run, fence: claim.fence, cursor: session.cursor)
        return Verdict(
          next: begin(wake, plan, number, ordinal: attempt.ordinal + 1, at: at),
          hasWritten: hasWritten)
      }
      return try close(wake, run: claim.run, hasWritten: hasWritten)
    }

    private func lastRun(_ session: SessionResult) -> (outcome: Outcome?, failure: FailureKind?) {
      let last = session.json["lastRun"]
      return (
        last?["outcome"]?.string.flatMap(Outcome.init(name:)),
        last?["failure"]?["kind"]?.string.flatMap { name in
          FailureKind.allCases.first { $0.name == name }
        }
      )
    }

    private mutating func close(
      _ wake: Wake, run: UInt64, hasWritten: Bool = false
    ) throws -> Verdict {
      let session = try engine.session(SessionRequest(session: wake.session))
      let (outcome, failure) = lastRun(session)
      let next = session.sessionId.map { "the next wake resumes \(Words.short($0))" }
      let isNobodysFault = outcome != .succeeded && failure?.family != .agent
      script.add(
        wake.index, "",
        "run \(outcome?.name ?? "open")\(isNobodysFault ? ", and nobody is blamed" : ""); "
          + (next ?? "the next wake starts fresh"),
        .plain)
      return Verdict(outcome: outcome, failure: failure, hasWritten: hasWritten)
    }

    mutating func lose(_ attempt: Attempt, at: Instant) throws -> Verdict {
      guard let claim = claims.removeValue(forKey: attempt.number) else {
        throw Fault("an attempt without a fence")
      }
      script.add(
        attempt.wake.index, Words.deed(attempt), "killed by the restart while it was answering",
        .bad, event: attempt.number)
      return try close(attempt.wake, run: claim.run)
    }

    mutating func witness(_ fact: Fact, index: Int) throws {
      switch fact.deed {
      case .wake, .note: break
      case .reset(let session, let because):
        var request = ResetRequest(session: session)
        request.because = because
        request.at = fact.at
        let result = try engine.reset(request).json
        script.add(
          index, "",
          "generation \(result["generation"]?.integer ?? 0) begins; what still runs is superseded",
          .good)
      case .hostStarted(let host, let version):
        try start(host, version, at: fact.at, index)
      case .hostUpgraded(let host, let to, let step, let detail):
        var request = UpgradeRequest(host: host, to: to, step: step)
        request.detail = detail
        request.at = fact.at
        let use = try engine.upgrade(request).json["use"]?.string
        versions[host] = use
        script.add(
          index, "",
          step == .staged
            ? "stages \(to) beside the running version"
            : "\(to) failed its test: stays on \(use ?? "?")",
          step == .failed ? .good : .plain)
      }
    }

    private mutating func start(
      _ host: String, _ version: String, at: Instant, _ index: Int
    ) throws {
      var request = HostRequest(host: host)
      request.version = version
      request.at = at
      do throws(WakelogError) {
        try engine.host(request)
        script.add(index, "", "starts \(version)")
      } catch {
        guard error.code == .conflict else { throw error }
        request.version = versions[host]
        try engine.host(request)
        script.add(
          index, "", "\(version) is not verified: starts \(versions[host] ?? "?") again", .good)
      }
    }
  }
}
