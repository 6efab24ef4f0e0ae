/// All that is known of one agent.
public struct AgentRow: StateRow {
  /// When the last error was.
  public var lastErrorAt: Int64 = 0
  /// When it could be woken again after a pause; 0 if it never was paused.
  public var unpausedAt: Int64 = 0
  /// The first of its lanes; 0 for none.
  public var lanes: UInt32 = 0
  /// How many session keys it has.
  public var sessions: UInt32 = 0
  /// How many of its runs are open.
  public var openRuns: UInt32 = 0
  /// Runs in a row that failed by the agent's fault.
  public var agentFailures: UInt32 = 0
  /// Runs in a row that failed by the infrastructure's.
  public var infrastructureFailures: UInt32 = 0
  /// Runs in a row that failed by the session's.
  public var sessionFailures: UInt32 = 0
  /// Runs in a row that failed by the configuration's.
  public var configurationFailures: UInt32 = 0
  /// The classifier entry of the last error.
  public var lastErrorBecause = Symbol<Space.Code>.none
  /// The offset of the last error's time, minutes.
  public var lastErrorOffset: Int16 = 0
  /// The last error.
  public var lastErrorKind: FailureKind?
  /// How its last run ended.
  public var lastRunOutcome: Outcome?
  /// Whether it may not be woken.
  public var isPaused = false
  private var unused: UInt8 = 0
  private var unused2: UInt16 = 0

  /// An agent never seen.
  public init() {}
}

/// The bindings of one agent's keys with one provider, in no order that means anything.
public struct LaneRow: StateRow {
  /// The provider.
  public var provider = ProviderSymbol.none
  /// The first of them.
  public var first = BindingLink.none
  /// The agent's next lane.
  public var next: UInt32 = 0

  /// Nothing.
  public init() {}
}

/// All that is known of one host.
public struct HostRow: StateRow {
  /// When its last epoch began.
  public var since: Int64 = 0
  /// When the process that took its name started, as `ProcessMark` has it.
  public var processStarted: UInt64 = 0
  /// The machine of that process, as `ProcessMark` has it.
  public var machine: UInt64 = 0
  /// How often it has started.
  public var epoch: UInt32 = 0
  /// The first version it named.
  public var firstVersion = Symbol<Space.Version>.none
  /// The version last swapped in.
  public var swapped = Symbol<Space.Version>.none
  /// The upgrade on its way; none when there is none.
  public var upgrade = Symbol<Space.Version>.none
  /// The versions it was ever told of; 0 for none.
  public var versions: UInt32 = 0
  /// The number of the process that took its name; 0 when nobody said.
  public var pid: UInt32 = 0

  /// A host never seen.
  public init() {}

  /// The process that took its name.
  public var process: ProcessMark {
    ProcessMark(pid: pid, started: processStarted, machine: machine)
  }

  /// The version to run.
  public var versionToUse: Symbol<Space.Version> { swapped.or(firstVersion) }
}

/// How far one version of a host has come.
public struct VersionRow: StateRow {
  /// The version.
  public var version = Symbol<Space.Version>.none
  /// The next version of the same host.
  public var next: UInt32 = 0
  /// The last step.
  public var step: UpgradeStep?
  private var unused: UInt8 = 0
  private var unused2: UInt16 = 0

  /// Nothing.
  public init() {}
}
