internal import WakelogModel

extension Demo {
  /// Paperclip with its `gemini_local` adapter of May 2026.
  struct Paperclip6608: HostAsItWas {
    private var stored: [String: String] = [:]
    private var failuresInARow = 0

    let rules = [
      "The adapter sees that the session is unknown and retries fresh in the same run, but the "
        + "id that the runtime state holds stays there (#6608).",
      "The run keeps the first attempt's error: lastRunStatus and lastError say failed (#6608).",
      "A manager agent that sees an agent in error hires another (as told with #6608).",
    ]

    mutating func choose(_ wake: Wake) -> Choice {
      Choice(resume: stored[wake.session], workspace: wake.workspace)
    }

    mutating func retry(_ run: PastRun) -> Choice? {
      guard run.attempts.count == 1, let first = run.attempts.first, first.choice.resume != nil,
        first.failure?.family == .session
      else { return nil }
      return Choice(workspace: run.wake.workspace)
    }

    mutating func settle(_ run: PastRun) -> Ending {
      guard run.attempts.count == 1, run.attempts[0].outcome == .succeeded else {
        failuresInARow += 1
        return Ending(
          outcome: .failed, failure: .agentError,
          remark: failuresInARow == 3
            ? "\(run.wake.agent) has failed three times in a row: a second agent is hired" : nil)
      }
      failuresInARow = 0
      stored[run.wake.session] = run.attempts[0].answer.reported
      return run.lastAttempt
    }
  }
}
