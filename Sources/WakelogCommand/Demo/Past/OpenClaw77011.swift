internal import WakelogModel

extension Demo {
  /// OpenClaw 2026.5.2, as it was on npm.
  struct OpenClaw77011: HostAsItWas {
    private var bindings: [String: String] = [:]

    let rules = [
      "The update is installed in place and looked at afterwards; the gateway restarts into what "
        + "is there (#77011).",
      "The path that answers chats resumes the stored id without looking for its transcript "
        + "(prepare.ts, PR #77030), and a failed turn clears nothing.",
      "Any failure becomes a FailoverError: the model is blamed, and the row says failed.",
      "A cron row gets a session id before there is a transcript, also when the job only runs a "
        + "shell command (PR #77104).",
    ]

    mutating func choose(_ wake: Wake) -> Choice {
      Choice(resume: wake.leavesNoSession ? nil : bindings[wake.session])
    }

    mutating func settle(_ run: PastRun) -> Ending {
      var ending = run.lastAttempt
      if ending.outcome == .succeeded {
        ending.stores = run.attempts.last?.answer.provisional ?? ending.stores
        if let id = ending.stores { bindings[run.wake.session] = id }
        return ending
      }
      return Ending(outcome: .failed, failure: .agentError)
    }

    mutating func lose(_ run: PastRun) -> Ending {
      Ending(outcome: .failed, failure: .agentError)
    }
  }
}
