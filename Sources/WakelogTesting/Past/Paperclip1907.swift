public import WakelogModel

/// Paperclip's choice of session and directory of March 2026.
public struct PaperclipBefore1907: HostAsItWas {
  /// `paperclip@before-1907`
  public let name = "paperclip@before-1907"
  /// `paperclip`
  public let policy = "paperclip"
  /// The rules, each with its source.
  public let rules = [
    "Session and directory are looked up apart: a timer wake resumes the stored session in the "
      + "agent's home (resolveAnchorWorkspaceForRun, heartbeat.ts).",
    "The first fix takes the last session with a project directory, without asking whether the "
      + "wake must start fresh (review of PR #1907).",
  ]

  /// The rules as they were.
  public init() {}

  /// The stored id, unless the reason demands a fresh session; in the wake's directory.
  public func choose(_ run: RunAsItWas) -> ChoiceAsItWas {
    guard let reset = Self.reset(run) else { return run.resumeBound }
    return ChoiceAsItWas(workspace: run.wakeWorkspace, reset: reset)
  }

  /// What ran in a project is stored.
  public func settle(_ run: RunAsItWas, after finish: AttemptFinished) -> EndingAsItWas {
    Self.ending(run, finish)
  }

  /// The first version of the fix is deployed.
  public func following(noteBy author: String) -> (any HostAsItWas)? {
    author == "pr-1907" ? PaperclipWith1907() : nil
  }

  static func reset(_ run: RunAsItWas) -> ResetCause? {
    run.isFreshDemanded && run.key.bound.exists ? .reason : nil
  }

  static func ending(_ run: RunAsItWas, _ finish: AttemptFinished) -> EndingAsItWas {
    var ending = EndingAsItWas(of: finish)
    if run.run.workspaceKind != .project { ending.stores = .none }
    return ending
  }
}

/// Paperclip with the first version of PR #1907.
public struct PaperclipWith1907: HostAsItWas {
  /// `paperclip@pr-1907`
  public let name = "paperclip@pr-1907"
  /// `paperclip`
  public let policy = "paperclip"
  /// The rules, each with its source.
  public let rules = [
    "The last session with a project directory is taken, without asking whether the wake must "
      + "start fresh (review of PR #1907)."
  ]

  /// The rules as they were.
  public init() {}

  /// The stored session in its own directory, if that is a project.
  public func choose(_ run: RunAsItWas) -> ChoiceAsItWas {
    guard run.key.bound.exists, run.boundWorkspace?.kind == .project else {
      return PaperclipBefore1907().choose(run)
    }
    return ChoiceAsItWas(
      resume: run.key.bound, workspace: run.boundWorkspace, reset: PaperclipBefore1907.reset(run))
  }

  /// What ran in a project is stored.
  public func settle(_ run: RunAsItWas, after finish: AttemptFinished) -> EndingAsItWas {
    PaperclipBefore1907.ending(run, finish)
  }
}
