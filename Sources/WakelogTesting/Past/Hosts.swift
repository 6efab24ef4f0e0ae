public import WakelogModel

/// Archon's turn handling of April 2026, before PR #1294.
public struct ArchonBefore1294: HostAsItWas {
  /// `archon@before-1294`
  public let name = "archon@before-1294"
  /// `archon`
  public let policy = "archon"
  /// The rules, each with its source.
  public let rules = [
    "The session id of any result is stored, that of an error as well, by handleStreamMode and "
      + "handleBatchMode alike (#1280, PR #1294).",
    "There is no second attempt; the user sees the error and writes again.",
  ]

  /// The rules as they were.
  public init() {}

  /// The stored id.
  public func choose(_ run: RunAsItWas) -> ChoiceAsItWas { run.resumeBound }

  /// Whatever id was reported is stored.
  public func settle(_ run: RunAsItWas, after finish: AttemptFinished) -> EndingAsItWas {
    EndingAsItWas(of: finish)
  }
}

/// The Hermes gateway's agent cache of March 2026, before PR #3220.
public struct HermesBefore3220: HostAsItWas {
  /// `hermes@before-3220`
  public let name = "hermes@before-3220"
  /// `hermes`
  public let policy = "hermes"
  /// The rules, each with its source.
  public let rules = [
    "The agent is cached under the chat's key; its session id is no part of the cache's "
      + "signature, and a reset does not drop it (#3210).",
    "History is loaded from the chat's new session, and flushed to the cached agent's own "
      + "(_flush_messages_to_session_db writes to agent.session_id).",
  ]

  /// The rules as they were.
  public init() {}

  /// The cached agent's id.
  public func choose(_ run: RunAsItWas) -> ChoiceAsItWas {
    ChoiceAsItWas(resume: run.key.bound)
  }

  /// An id that the store was told of is not told again.
  public func settle(_ run: RunAsItWas, after finish: AttemptFinished) -> EndingAsItWas {
    var ending = EndingAsItWas(of: finish)
    if ending.stores == run.key.bound { ending.stores = .none }
    return ending
  }

  /// The cache does not.
  public var obeysResets: Bool { false }
}

/// OpenClaw 2026.5.2, as it was on npm.
public struct OpenClaw202652: HostAsItWas {
  /// `openclaw@2026.5.2`
  public let name = "openclaw@2026.5.2"
  /// `openclaw`
  public let policy = "openclaw"
  /// The rules, each with its source.
  public let rules = [
    "The update is installed in place and looked at afterwards; the gateway restarts into what "
      + "is there (#77011).",
    "The path that answers chats resumes the stored id without looking for its transcript "
      + "(prepare.ts, PR #77030), and a failed turn clears nothing.",
    "A run that ran out of time is recorded as such: the row's status is timeout, and the "
      + "trajectory says timedOut.",
    "Any other failure becomes a FailoverError: the model is blamed, and the row says failed.",
    "A cron row gets a session id before there is a transcript, also when the job only runs a "
      + "shell command (PR #77104).",
  ]

  /// The rules as they were.
  public init() {}

  /// The stored id, wherever the run leaves a session.
  public func choose(_ run: RunAsItWas) -> ChoiceAsItWas {
    run.run.leavesSession ? run.resumeBound : ChoiceAsItWas(workspace: run.wakeWorkspace)
  }

  /// A failure in time is the agent's, whatever it was; a success stores whatever id the
  /// row has.
  public func settle(_ run: RunAsItWas, after finish: AttemptFinished) -> EndingAsItWas {
    switch finish.outcome {
    case .succeeded: EndingAsItWas(of: finish)
    case .timedOut: EndingAsItWas(outcome: .timedOut, failure: .timeout)
    default: EndingAsItWas(outcome: .failed, failure: .agentError)
    }
  }

  /// A run that the restart killed is one that failed.
  public var endingOfLostRun: EndingAsItWas? {
    EndingAsItWas(outcome: .failed, failure: .agentError)
  }
}
