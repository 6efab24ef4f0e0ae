public import WakelogModel

/// A session key in plain words.
public struct SessionReading {
  /// Its agent.
  public var agent: String?
  /// Its provider.
  public var provider: String?
  /// Counts its resets from 1.
  public var generation = 0
  /// The id it points to.
  public var bound: String?
  /// Who proved that.
  public var provenBy: Proof?
  /// The ids condemned on it, the first condemned first.
  public var condemned: [String] = []
  /// Its open run.
  public var openRun: Int?
  /// The open run's current attempt.
  public var attempt: Int?
  /// Whether a wake waits.
  public var pending = false
  /// The provider asked to wait until then.
  public var notBefore: String?
  /// The flush cursor.
  public var cursor: UInt64 = 0
  /// How its last run ended.
  public var lastRun: WakelogModel.Outcome?
  /// By which way.
  public var via: Via?
  /// Why it failed.
  public var failure: FailureKind?
  /// The last error.
  public var lastError: FailureKind?
  /// Wakes asked for.
  public var wakes = 0
  /// Runs started.
  public var runs = 0
  /// Attempts started.
  public var attempts = 0
  /// Fallbacks taken.
  public var fallbacks = 0
  /// Generations ended.
  public var resets = 0

  /// A key never seen.
  public init() {}
}

/// An agent in plain words.
public struct AgentReading {
  /// How many session keys it has.
  public var sessions = 0
  /// How many of its runs are open.
  public var openRuns = 0
  /// Whether it may not be woken.
  public var isPaused = false
  /// How its last run ended.
  public var lastRun: WakelogModel.Outcome?
  /// The last error.
  public var lastError: FailureKind?
  /// Runs in a row that failed by its own fault.
  public var agentFailures = 0
  /// Runs in a row that failed by the infrastructure's.
  public var infrastructureFailures = 0
  /// Runs in a row that failed by the session's.
  public var sessionFailures = 0
  /// Runs in a row that failed by the configuration's.
  public var configurationFailures = 0

  /// An agent never seen.
  public init() {}

  /// Whether it failed three times in a row by its own fault, and runs nothing now.
  public var isReplaceable: Bool { agentFailures >= 3 && openRuns == 0 }
}

/// A host in plain words.
public struct HostReading {
  /// How often it has started.
  public var epoch = 0
  /// The version to run.
  public var version: String?
  /// The upgrade on its way.
  public var upgrade: String?

  /// A host never seen.
  public init() {}
}

/// A provider session in plain words.
public struct IdentityReading {
  /// Whether an attempt entered it, or somebody may assert it.
  public var isProven = false
  /// Whether a caller vouches for it.
  public var isVouched = false
  /// Why it is condemned.
  public var condemned: CondemnCause?
  /// Failures in a row that may be its fault.
  public var suspicion = 0
  /// The key whose open run holds it.
  public var heldBy: String?
  /// The workspace it lives in.
  public var workspace: String?
  /// Runs in it.
  public var runs = 0

  /// An id never seen.
  public init() {}
}
