internal import WakelogModel

extension Demo {
  /// What a play came to. Counted by the world, which knows what an attempt really met, in the
  /// same way for both plays.
  struct Totals {
    /// Runs begun.
    var runs = 0
    /// Runs that ended in anything but a success, those closed by a reset aside.
    var failedRuns = 0
    /// Tries within runs.
    var attempts = 0
    /// Attempts that resumed a session that was gone, or not to be had from that directory.
    var deadResumes = 0
    /// Attempts that began without any memory.
    var coldStarts = 0
    /// Runs reported as failed although an attempt had done the work.
    var workedButFailed = 0
    /// Runs whose failure was put down to the agent.
    var blamedOnAgent = 0
    /// Attempts in a session of before the last reset.
    var resetsUndone = 0
    /// Messages written to the transcript of before the last reset.
    var messagesLost = 0
    /// From the first to the last of the runs in a row whose first attempt met nothing to resume.
    var wedgedMilliseconds: Int64 = 0

    static func + (left: Totals, right: Totals) -> Totals {
      var sum = left
      sum.runs += right.runs
      sum.failedRuns += right.failedRuns
      sum.attempts += right.attempts
      sum.deadResumes += right.deadResumes
      sum.coldStarts += right.coldStarts
      sum.workedButFailed += right.workedButFailed
      sum.blamedOnAgent += right.blamedOnAgent
      sum.resetsUndone += right.resetsUndone
      sum.messagesLost += right.messagesLost
      sum.wedgedMilliseconds += right.wedgedMilliseconds
      return sum
    }
  }

  /// Counts while a play goes on.
  struct Tally {
    private struct Streak {
      var start: Instant
      var end: Instant
    }

    private(set) var totals = Totals()
    private var workedWakes: Set<Int> = []
    private var mintedAt: [String: Instant] = [:]
    private var resetAt: [String: Instant] = [:]
    private var streaks: [String: Streak] = [:]

    mutating func reset(_ session: String, at: Instant) { resetAt[session] = at }

    mutating func began(_ attempt: Attempt, _ answer: Answer) {
      totals.attempts += 1
      if attempt.ordinal == 1 { totals.runs += 1 }
      if attempt.isAfterReset { resetAt[attempt.wake.session] = attempt.startedAt }
      if attempt.resume == nil, !attempt.wake.leavesNoSession {
        totals.coldStarts += 1
        if let minted = answer.reported { mintedAt[minted] = attempt.startedAt }
      }
      if attempt.resume != nil, answer.isDead { totals.deadResumes += 1 }
      if isFromBeforeReset(attempt) { totals.resetsUndone += 1 }
    }

    private func isFromBeforeReset(_ attempt: Attempt) -> Bool {
      guard let id = attempt.resume, let minted = mintedAt[id],
        let reset = resetAt[attempt.wake.session]
      else { return false }
      return minted < reset
    }

    mutating func ended(
      _ attempt: Attempt, _ answer: Answer, at: Instant, _ verdict: Verdict
    ) {
      if answer.works { workedWakes.insert(attempt.wake.index) }
      if verdict.hasWritten, isFromBeforeReset(attempt) {
        totals.messagesLost += Int(answer.messages)
      }
      if attempt.ordinal == 1 {
        let session = attempt.wake.session
        if !answer.isDead {
          close(session)
        } else {
          streaks[session] = Streak(start: streaks[session]?.start ?? attempt.startedAt, end: at)
        }
      }
      ended(attempt.wake, verdict)
    }

    /// Counts a run's end, if this is one.
    mutating func ended(_ wake: Wake, _ verdict: Verdict) {
      guard let outcome = verdict.outcome, outcome != .succeeded, outcome != .superseded else {
        return
      }
      totals.failedRuns += 1
      if workedWakes.contains(wake.index) { totals.workedButFailed += 1 }
      if verdict.failure?.family == .agent { totals.blamedOnAgent += 1 }
    }

    mutating func finish() {
      for session in streaks.keys.sorted() { close(session) }
    }

    private mutating func close(_ session: String) {
      guard let streak = streaks.removeValue(forKey: session) else { return }
      totals.wedgedMilliseconds +=
        (streak.end.nanoseconds - streak.start.nanoseconds) / 1_000_000
    }
  }
}
