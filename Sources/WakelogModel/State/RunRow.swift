/// An open run.
public struct RunRow: StateRow {
  /// Its number: that of its first wake.
  public var run = SequenceNumber.none
  /// The current attempt.
  public var attempt = SequenceNumber.none
  /// When the run began.
  public var startedAt: Int64 = 0
  /// When something was last heard of it.
  public var heardAt: Int64 = 0
  /// When its lease runs out; 0 without a lease.
  public var leaseUntil: Int64 = 0
  /// When its process started, as `ProcessMark` has it.
  public var processStarted: UInt64 = 0
  /// The machine of its process, as `ProcessMark` has it.
  public var machine: UInt64 = 0
  /// Its fence.
  public var fence = FenceDigest.none

  /// The key.
  public var session = SessionSymbol.none
  /// The provider it runs with.
  public var provider = ProviderSymbol.none
  /// The wake's reason.
  public var reason = ReasonSymbol.none
  /// The wake's scope.
  public var scope = ScopeSymbol.none
  /// The wake's workspace.
  public var wakeWorkspace = WorkspaceSymbol.none
  /// The wake's fingerprint.
  public var fingerprint = FingerprintSymbol.none
  /// The host that runs it.
  public var host = HostSymbol.none
  /// That host's epoch.
  public var epoch: UInt32 = 0
  /// The lease's seconds plus one; 0 without a lease.
  public var leasePlusOne: UInt32 = 0
  /// How many attempts it has begun.
  public var attempts: UInt32 = 0
  /// The id that the current attempt resumes.
  public var asked = IdentitySymbol.none
  /// The id that the current attempt entered, as reported on the way.
  public var entered = IdentitySymbol.none
  /// The workspace of the current attempt.
  public var workspace = WorkspaceSymbol.none

  /// The offset of the start's time, minutes.
  public var offset: Int16 = 0
  /// The wake's source.
  public var source: Source?
  /// The wake's booleans.
  public var flags: WakeFlags = []
  /// What the wake's workspace is.
  public var wakeWorkspaceKind: WorkspaceKind?
  /// What the current attempt's workspace is.
  public var workspaceKind: WorkspaceKind?
  /// Whether the current attempt resumes.
  public var mode: Mode?
  /// Where the resumed id came from.
  public var from: CandidateSource?
  /// Booleans of the current attempt's plan.
  public var plan: PlanFlags = []
  /// Whether the current attempt entered its session, as reported on the way.
  public var hasEntered = false
  /// Whether this run's wake reset the key.
  public var hasReset = false
  /// Whether a fallback was taken.
  public var hasFallback = false
  /// How the last attempt that finished went.
  public var lastOutcome: Outcome?
  private var unused: UInt8 = 0
  private var unused2: UInt16 = 0
  /// The key's session when the run began, if its wake said that the transcript is gone.
  public var missing = IdentitySymbol.none
  /// The number of its process; 0 when nobody said.
  public var pid: UInt32 = 0

  /// The process that runs its current attempt, as its last sign of life said.
  public var process: ProcessMark {
    ProcessMark(pid: pid, started: processStarted, machine: machine)
  }

  /// No run.
  public init() {}

  /// Whether a run that leaves a session.
  public var leavesSession: Bool { !flags.contains(.leavesNoSession) }

  /// Whether the session of the current attempt may become the key's: not of one that runs beside
  /// the key's own.
  public var mayBind: Bool { leavesSession && !plan.contains(.beside) }

  /// The session that the current attempt was in at its end: the one it reports then, else the
  /// one it entered on the way, else the one it asked for; the latter not if it started cold.
  func identity(reporting reported: IdentitySymbol, isCold: Bool) -> IdentitySymbol {
    if reported.exists { return reported }
    if isCold { return entered == asked ? .none : entered }
    return entered.or(asked)
  }
}

/// Wakes that wait for the open run's end, merged into one.
public struct PendingRow: StateRow {
  /// The first of them: the number of the run to come.
  public var run = SequenceNumber.none
  /// The last of them.
  public var last = SequenceNumber.none
  /// When the first was.
  public var since: Int64 = 0
  /// When the last that counts as interaction was; 0 for none.
  public var lastInteraction: Int64 = 0
  /// The key's last interaction when the first of them came: what is judged for `idle`.
  public var interactionBefore: Int64 = 0

  /// The provider, the latest given.
  public var provider = ProviderSymbol.none
  /// The scope, the latest given.
  public var scope = ScopeSymbol.none
  /// The workspace, the latest given.
  public var workspace = WorkspaceSymbol.none
  /// The fingerprint, the latest given.
  public var fingerprint = FingerprintSymbol.none
  /// The host, the latest given.
  public var host = HostSymbol.none
  /// Its epoch.
  public var epoch: UInt32 = 0
  /// The lease's seconds plus one, the latest given.
  public var leasePlusOne: UInt32 = 0
  /// The id demanded, the latest given.
  public var resume = IdentitySymbol.none
  /// How many wakes.
  public var wakes: UInt32 = 0
  /// The latest reason.
  public var reason = ReasonSymbol.none
  /// The first of their distinct reasons' rows; 0 for none.
  public var reasons: UInt32 = 0

  /// The source: `message` sticks, else the latest.
  public var source: Source?
  /// Demands joined; `leavesNoSession` only if all do.
  public var flags: WakeFlags = []
  /// What the workspace is.
  public var workspaceKind: WorkspaceKind?
  /// Whether the bound session's transcript was seen; dropped when the wake waits.
  public var transcript: Seen?
  /// The offset of the last one's time, minutes.
  public var offset: Int16 = 0
  private var unused: UInt16 = 0
  /// The provider of the wake that demanded the id.
  public var resumeProvider = ProviderSymbol.none

  /// Nothing waits.
  public init() {}
}

/// One reason of a waiting wake.
public struct ReasonRow: StateRow {
  /// The reason.
  public var reason = ReasonSymbol.none
  /// The next one.
  public var next: UInt32 = 0

  /// Nothing.
  public init() {}
}
