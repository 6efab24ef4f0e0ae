/// What a policy says about one key: when to reset, what to resume, how to fall back.
///
/// Made without arguments these are the rules of the policy `standard`, which hold wherever a
/// document leaves a key out. Each section and key is named as in the document (PROTOCOL, policy
/// document, which also says exactly when each rule applies).
public struct Rules: Hashable, Sendable {
  /// When a key's generation ends, and what counts as using it.
  public var reset = Reset()
  /// Which sessions may be offered.
  public var resume = Resume()
  /// How often a run tries, and how often an id may fail unexplained.
  public var fallback = Fallback()
  /// How long a run may be silent before it counts as lost.
  public var lease = Lease()
  /// When an operator should look.
  public var attention = Attention()

  /// The rules of `standard`.
  public init() {}
}

extension Rules {
  /// When a key's generation ends, and what counts as using it.
  public struct Reset: Hashable, Sendable {
    /// Reasons of a wake that demand a fresh session, compared literally.
    public var reasons: [String] = []
    /// Whether a timer's wake without scope starts fresh.
    public var unscopedTimer = false
    /// Resets after strictly more seconds than this without interaction; nil never.
    public var idleSeconds: Int64?
    /// Resets generations that began before the latest such hour, 0…23; nil never.
    public var dailyAtHour: Int?
    /// Sources whose wakes neither reset by time nor count as interaction.
    public var exemptSources: [Source] = [.timer, .cron, .event, .recovery]
    /// When a session is worn out; nil never.
    public var rotate: Rotation?
    /// Names of the fingerprint whose change resets; any other change is drift.
    public var invalidateOn = ["authProfile", "authEpoch", "mcp", "cwd"]
    /// Whether an id that the caller asks for passes the wall of a reset.
    public var explicitResumeWins = false
  }

  /// How worn a session may get; a limit that is nil never rotates.
  public struct Rotation: Hashable, Sendable {
    /// Rotates when the session had more runs, the minting one included.
    public var runs: Int64?
    /// Rotates when the last run's input tokens reach this.
    public var inputTokens: Int64?
    /// Rotates when the last run began so many seconds or more after the minting one.
    public var ageSeconds: Int64?

    /// Sets the limits.
    public init(runs: Int64? = nil, inputTokens: Int64? = nil, ageSeconds: Int64? = nil) {
      self.runs = runs
      self.inputTokens = inputTokens
      self.ageSeconds = ageSeconds
    }
  }

  /// Which sessions may be offered.
  public struct Resume: Hashable, Sendable {
    /// Whether a wake without scope may take the agent's latest session of another key.
    public var unscopedFallsBackToAgent = false
    /// Whether a session is resumed only on the host that made it.
    public var boundToHost = false
  }

  /// How often a run tries, and how often an id may fail unexplained.
  public struct Fallback: Hashable, Sendable {
    /// Attempts of one run, 1…100, the first included.
    public var maxAttempts = 3
    /// Unexplained failures in a row that condemn an id, 1…100.
    public var suspectLimit = 2
    /// What becomes of a run whose session somebody else is in.
    public var inUse = InUse.beside
  }

  /// What becomes of a run whose session somebody else is in.
  public enum InUse: String, CaseIterable, Hashable, Sendable {
    /// A fresh attempt runs beside that session; what it reports is not bound.
    case beside
    /// The run ends as failed.
    case fail
  }

  /// How long a run may be silent before it counts as lost.
  public struct Lease: Hashable, Sendable {
    /// Seconds without progress; nil for ever.
    public var seconds: Int64?
  }

  /// When an operator should look.
  public struct Attention: Hashable, Sendable {
    /// Seconds after which an open run that says nothing is reported.
    public var silentSeconds: Int64 = 3_600
    /// Seconds after which a pending wake that nothing holds back is reported.
    public var stuckSeconds: Int64 = 120
  }
}
