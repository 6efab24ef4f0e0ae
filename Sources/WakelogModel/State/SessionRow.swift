/// All that is known of one session key: what its events add up to.
///
/// Fields stand by size, so that the row has no gaps: its bytes are hashed and kept as they are.
public struct SessionRow: StateRow {
  /// The last event of the stream.
  public var head = SequenceNumber.none
  /// The latest time of any event; one that is more than an hour earlier sets it back.
  public var latestTime: Int64 = 0
  /// The position of the last wall; ids minted before it are not offered.
  public var wall = SequenceNumber.none
  /// When the generation began.
  public var generationBegan: Int64 = 0
  /// The last wake that counts as interaction; 0 for none.
  public var lastInteraction: Int64 = 0
  /// When the binding was made.
  public var boundAt: Int64 = 0
  /// The provider asked to wait until then; 0 for no wait.
  public var notBefore: Int64 = 0
  /// The flush cursor of this generation.
  public var cursor: UInt64 = 0
  /// Where the binding was last proven.
  public var provenAt = SequenceNumber.none
  /// The last run that ended.
  public var lastRun = SequenceNumber.none
  /// When the last run ended.
  public var lastRunEndedAt: Int64 = 0
  /// When the last error was.
  public var lastErrorAt: Int64 = 0
  /// The position of the last `attempt.finished`.
  public var lastFinish = SequenceNumber.none
  /// The attempt it ended.
  public var lastFinishAttempt = SequenceNumber.none
  /// The digest of its call's parameters.
  public var lastFinishRequest: UInt64 = 0

  /// The agent it belongs to.
  public var agent = AgentSymbol.none
  /// The provider of the last run.
  public var provider = ProviderSymbol.none
  /// The generation.
  public var generation = Generation(0)
  /// The provider session it points to: with the provider whose it used last.
  public var bound = IdentitySymbol.none
  /// The generation in which it was bound.
  public var boundGeneration = Generation(0)
  /// The fingerprint it was bound with.
  public var boundFingerprint = FingerprintSymbol.none
  /// The open run's row; 0 for none.
  public var openRun: UInt32 = 0
  /// The waiting wake's row; 0 for none.
  public var pending: UInt32 = 0
  /// The row of a wake that has no disposition yet; 0 for none.
  public var arriving: UInt32 = 0
  /// The first of its condemnations' rows; 0 for none.
  public var condemnations: UInt32 = 0
  /// What attention needs to know, in a row of its own; 0 for nothing.
  public var alarm: UInt32 = 0
  /// The next binding of the lane; none for the last.
  public var nextInLane = BindingLink.none
  /// The binding before it in the lane; none for the first.
  public var previousInLane = BindingLink.none
  /// The next binding to the same id; none for the last.
  public var nextSharing = BindingLink.none
  /// The first of the rows of its bindings with other providers; 0 for none.
  public var asides: UInt32 = 0
  /// The lane it stands in while bound; 0 for none.
  public var lane: UInt32 = 0
  /// The classifier entry of the last run's failure.
  public var lastRunBecause = Symbol<Space.Code>.none
  /// The classifier entry of the last error.
  public var lastErrorBecause = Symbol<Space.Code>.none
  /// The last run's attempts.
  public var lastRunAttempts: UInt32 = 0
  /// Wakes asked for.
  public var wakes: UInt32 = 0
  /// Runs started.
  public var runs: UInt32 = 0
  /// Attempts started.
  public var attempts: UInt32 = 0
  /// Fallbacks taken.
  public var fallbacks: UInt32 = 0
  /// Generations ended.
  public var resets: UInt32 = 0

  /// The offset of the latest time, minutes.
  public var latestOffset: Int16 = 0
  /// The offset of the binding's time, minutes.
  public var boundOffset: Int16 = 0
  /// The offset of the wait, minutes.
  public var notBeforeOffset: Int16 = 0
  /// The offset of the last error's time, minutes.
  public var lastErrorOffset: Int16 = 0

  /// Who proved the binding.
  public var boundProof: Proof?
  /// How the last run ended.
  public var lastRunOutcome: Outcome?
  /// By which way.
  public var lastRunVia: Via?
  /// Why it failed.
  public var lastRunFailure: FailureKind?
  /// The last error.
  public var lastErrorKind: FailureKind?
  /// Ids condemned in a row at their first resume.
  public var condemnedInARow: UInt8 = 0
  /// Successes in a row of attempts that resumed and took no turn.
  public var emptyInARow: UInt8 = 0
  private var unused: UInt8 = 0
  /// The seconds that the provider asked to wait.
  public var notBeforeSeconds: UInt32 = 0
  private var unused2: UInt32 = 0

  /// A key never seen.
  public init() {}

  /// How many successes in a row may take no turn before somebody should look.
  public static var mostEmptyInARow: UInt8 { 3 }

  /// Whether the key was ever seen.
  public var exists: Bool { head.exists }
}
