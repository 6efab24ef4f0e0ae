internal import Wakelog
internal import WakelogModel

extension Demo {
  /// Plays a host that asks Wakelog: every decision is a call to an engine with a real log.
  ///
  /// This is also how a host is adapted: `wake`, run what the plan says, `flush` and `finish`.
  struct PresentPlayer: Player {
    let engine: Engine
    var script = Script()
    private var claims: [UInt64: Claim] = [:]
    /// The version to run, by host.
    var versions: [String: String] = [:]

    /// What a host holds while an attempt runs.
    private struct Claim {
      var fence: String
      var cursor: UInt64
    }

    init(_ engine: Engine) { self.engine = engine }

    mutating func wake(_ wake: Wake) throws -> Attempt? {
      let woken = try engine.wake(WakeRequest(wake))
      guard woken.isStarted, let number = woken.attempt, let fence = woken.fence,
        let plan = woken.plan
      else {
        script.add(wake.index, "", "\(woken.disposition): \(woken.because ?? "")")
        return nil
      }
      let session = try engine.session(SessionRequest(session: wake.session))
      claims[number] = Claim(fence: fence, cursor: session.cursor)
      tell(plan, of: wake, number)
      return begin(wake, plan, number, ordinal: 1, at: wake.at)
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
        let written = try write(attempt, answer, claim, at)
        let before = try last()
        let finished = try engine.finish(FinishRequest(attempt, answer, claim.fence, at))
        tell(attempt, answer, finished, written, at)
        try tellVerdicts(after: before, attempt.wake, at)
        return try settle(attempt, finished, claim, hasWritten: written != nil, at)
      } catch let error as WakelogError where error.code == .staleFence {
        script.add(
          attempt.wake.index, Words.deed(attempt),
          "comes back after the reset: its write is refused (stale fence)", .good, at: at)
        return Verdict(outcome: .superseded)
      }
    }

    private mutating func write(
      _ attempt: Attempt, _ answer: Answer, _ claim: Claim, _ at: Instant
    ) throws -> Range<UInt64>? {
      guard answer.messages > 0 else { return nil }
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
      return claim.cursor..<request.to
    }

    private mutating func settle(
      _ attempt: Attempt, _ finished: FinishResult, _ claim: Claim, hasWritten: Bool, _ at: Instant
    ) throws -> Verdict {
      let wake = attempt.wake
      if let plan = finished.nextPlan, let number = finished.nextAttempt {
        let session = try engine.session(SessionRequest(session: wake.session))
        claims[number] = Claim(fence: claim.fence, cursor: session.cursor)
        return Verdict(
          next: begin(wake, plan, number, ordinal: attempt.ordinal + 1, at: at),
          hasWritten: hasWritten)
      }
      return try close(wake, at, hasWritten: hasWritten)
    }

    mutating func lose(_ attempt: Attempt, at: Instant) throws -> Verdict {
      claims[attempt.number] = nil
      script.add(
        attempt.wake.index, Words.deed(attempt), "killed by the restart while it was answering",
        .bad, at: at, event: attempt.number)
      return try close(attempt.wake, at)
    }
  }
}
