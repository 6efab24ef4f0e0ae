import WakelogModel

extension Law {
  /// The law's name for people.
  var title: String {
    switch self {
    case .deadStaysDead: "Dead stays dead"
    case .proofBeforeResume: "Proof before resume"
    case .resetIsAWall: "A reset is a wall"
    case .lastAttemptDecides: "The last attempt decides"
    case .sessionInItsWorkspace: "A session lives in its workspace"
    case .oneOpenRun: "One open run"
    case .everyWakeSettles: "Every wake settles"
    case .infrastructureIsNotTheAgent: "Infrastructure is not the agent’s fault"
    case .staleWritersLose: "Stale writers lose"
    case .replayEqualsLive: "Replay equals live"
    }
  }

  /// What it means that the law was broken, for somebody who does not know it.
  var breach: String {
    switch self {
    case .deadStaysDead: "A session that was known to be dead was tried again."
    case .proofBeforeResume: "A session id was kept, or resumed, that nothing had shown to work."
    case .resetIsAWall: "Something from before a reset was used after it."
    case .lastAttemptDecides: "A run was recorded otherwise than its last attempt had ended."
    case .sessionInItsWorkspace: "A session was resumed outside of the workspace it was made in."
    case .oneOpenRun: "Two runs were open where there may be one."
    case .everyWakeSettles: "A wake or a run was left without an end, or failed for ever unchanged."
    case .infrastructureIsNotTheAgent: "The agent was blamed for what was not its fault."
    case .staleWritersLose: "A run that had ended, or was never open, still wrote."
    case .replayEqualsLive: "The state that was worked with is not what the events add up to."
    }
  }
}
