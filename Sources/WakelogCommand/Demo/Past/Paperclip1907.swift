internal import WakelogModel

extension Demo {
  /// Paperclip's choice of session and directory of March 2026, then with the first version of
  /// PR #1907 on top.
  struct Paperclip1907: HostAsItWas {
    private var stored: [String: (id: String, workspace: Place?)] = [:]
    private var isPatched = false

    let rules = [
      "Session and directory are looked up apart: a timer wake resumes the stored session in the "
        + "agent's home (resolveAnchorWorkspaceForRun, heartbeat.ts).",
      "The first fix takes the last session with a project directory, without asking whether the "
        + "wake must start fresh (review of PR #1907).",
    ]

    mutating func choose(_ wake: Wake) -> Choice {
      let reset: ResetCause? =
        wake.reason == "issue_assigned" && stored[wake.session] != nil ? .reason : nil
      let last = stored[wake.session]
      if isPatched, last?.workspace?.kind == .project {
        return Choice(resume: last?.id, workspace: last?.workspace, reset: reset)
      }
      return Choice(
        resume: reset == nil ? last?.id : nil, workspace: wake.workspace, reset: reset)
    }

    mutating func settle(_ run: PastRun) -> Ending {
      let ending = run.lastAttempt
      if let id = ending.stores, run.attempts.last?.choice.workspace?.kind == .project {
        stored[run.wake.session] = (id, run.attempts.last?.choice.workspace)
        return ending
      }
      return Ending(outcome: ending.outcome, failure: ending.failure)
    }

    mutating func patch() { isPatched = true }
  }
}
