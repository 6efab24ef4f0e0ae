internal import WakelogModel

extension Demo {
  /// Archon's turn handling of April 2026, before PR #1294.
  struct Archon1280: HostAsItWas {
    private var stored: [String: String] = [:]

    let rules = [
      "The session id of any result is stored, that of an error as well, by handleStreamMode and "
        + "handleBatchMode alike (#1280, PR #1294).",
      "There is no second attempt; the user sees the error and writes again.",
    ]

    mutating func choose(_ wake: Wake) -> Choice {
      Choice(resume: stored[wake.session], workspace: wake.workspace)
    }

    mutating func settle(_ run: PastRun) -> Ending {
      let ending = run.lastAttempt
      if let id = ending.stores { stored[run.wake.session] = id }
      return ending
    }
  }
}
