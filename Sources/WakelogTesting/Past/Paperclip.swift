public import WakelogModel

/// Paperclip with its `gemini_local` adapter of May 2026, as its sources have it.
public struct Paperclip2026517: HostAsItWas {
  /// `paperclip@2026.517`
  public let name = "paperclip@2026.517"
  /// `paperclip`
  public let policy = "paperclip"
  /// The rules, each with its source.
  public let rules = [
    "A run resumes the saved id of its task, in the wake's workspace (heartbeat.ts).",
    "An adapter that knows the text of a lost session retries fresh in the same run; the "
      + "retry's id is saved, or none, and its end is the run's (toResult of gemini-local).",
    "Two texts of Gemini's are unknown to it: 'Invalid session identifier' and 'No previous "
      + "sessions found'. It does not retry, the run fails, and the id that was asked for is "
      + "saved again: the loop of #6608.",
    "A run that failed puts its agent in error, whatever the cause (finalizeAgentStatus).",
  ]

  /// The rules as they were.
  public init() {}

  /// What the adapter's isGeminiUnknownSessionError does not match.
  private static let unmatched = ["session.unknown.gemini", "session.unknown.geminiLatest"]

  /// The saved id.
  public func choose(_ run: RunAsItWas) -> ChoiceAsItWas { run.resumeBound }

  /// Fresh, once, when the adapter knows the text.
  public func retry(_ run: RunAsItWas, after finish: AttemptFinished) -> ChoiceAsItWas? {
    guard run.run.attempts == 1, run.run.asked.exists, finish.failure?.family == .session,
      !Self.unmatched.contains(where: { run.isTold(finish, by: $0) })
    else { return nil }
    return ChoiceAsItWas(workspace: run.wakeWorkspace)
  }

  /// What the last attempt reports is saved, whatever its end; after a retry also that it reports
  /// nothing.
  public func settle(_ run: RunAsItWas, after finish: AttemptFinished) -> EndingAsItWas {
    var ending = EndingAsItWas(of: finish)
    if ending.outcome == .failed { ending.failure = .agentError }
    ending.clears = run.run.attempts > 1 && !finish.reported.exists
    return ending
  }
}

/// Paperclip as the report of #6608 tells it.
///
/// The sources of that time do not keep the dead id after a fallback: see `Paperclip2026517`.
public struct PaperclipIssue6608: HostAsItWas {
  /// `paperclip@issue-6608`
  public let name = "paperclip@issue-6608"
  /// `paperclip`
  public let policy = "paperclip"
  /// The rules, each with its source.
  public let rules = [
    "The adapter sees that the session is unknown and retries fresh in the same run, but the "
      + "id that the runtime state holds stays there (#6608).",
    "The run keeps the first attempt's error: lastRunStatus and lastError say failed (#6608).",
    "A manager agent that sees an agent in error hires another (as told with #6608).",
  ]

  /// The rules as they were.
  public init() {}

  /// The stored id.
  public func choose(_ run: RunAsItWas) -> ChoiceAsItWas { run.resumeBound }

  /// Fresh, once, when the session is unknown.
  public func retry(_ run: RunAsItWas, after finish: AttemptFinished) -> ChoiceAsItWas? {
    guard run.run.attempts == 1, run.run.asked.exists, finish.failure?.family == .session else {
      return nil
    }
    return ChoiceAsItWas(workspace: run.wakeWorkspace)
  }

  /// A run that needed a second attempt has failed, and stores nothing.
  public func settle(_ run: RunAsItWas, after finish: AttemptFinished) -> EndingAsItWas {
    guard run.run.attempts == 1, finish.outcome == .succeeded else {
      return EndingAsItWas(outcome: .failed, failure: .agentError)
    }
    return EndingAsItWas(of: finish)
  }

  /// The third failure in a row has another agent hired.
  public func answer(toFailuresInARow failures: Int, of agent: String) -> String? {
    failures == 3
      ? "\(agent) has failed three times in a row: a second agent is hired" : nil
  }
}
