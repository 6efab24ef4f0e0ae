/// What a wake says of itself, yes or no.
public struct WakeFlags: FieldFlags, Hashable {
  /// The bits.
  public var rawValue: UInt8
  /// Makes flags of their bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The caller demands a fresh session.
  public static let forceFresh = Self(rawValue: 1)
  /// No reset by time or rotation on this wake.
  public static let keep = Self(rawValue: 2)
  /// The run leaves no session (`resumable: false`).
  public static let leavesNoSession = Self(rawValue: 4)
  /// Somebody interacted: the source is not exempt under the policy of the moment.
  public static let interaction = Self(rawValue: 8)
  /// The reason is a demand for a fresh session under the policy of the moment.
  public static let demandingReason = Self(rawValue: 16)
  /// `keep` was given.
  public static let keepGiven = Self(rawValue: 32)
  /// It carries a payload, which lies beside the event as evidence does.
  public static let hasPayload = Self(rawValue: 64)

  /// The members with their names on the wire.
  public static let names: [(name: StaticString, flag: Self)] = [
    ("forceFresh", .forceFresh), ("keep", .keep), ("leavesNoSession", .leavesNoSession),
    ("interaction", .interaction), ("demandingReason", .demandingReason),
    ("keepGiven", .keepGiven), ("hasPayload", .hasPayload),
  ]
}

/// A truth that may be unknown, in one byte.
public enum Seen: UInt8, FieldCode {
  /// Looked for and not there.
  case missing = 1
  /// There.
  case present
}

/// A request to run: the fact, before any decision on it.
public struct WakeRequested: EventPayload {
  /// The agent to wake.
  public var agent = AgentSymbol.none
  /// The provider to run it with.
  public var provider = ProviderSymbol.none
  /// Where the wake comes from.
  public var source: Source?
  /// Booleans.
  public var flags: WakeFlags = []
  /// What the workspace is.
  public var workspaceKind: WorkspaceKind?
  /// Whether the host saw the bound session's transcript.
  public var transcript: Seen?
  /// Why.
  public var reason = ReasonSymbol.none
  /// The task or issue.
  public var scope = ScopeSymbol.none
  /// Where.
  public var workspace = WorkspaceSymbol.none
  /// How the session is configured.
  public var fingerprint = FingerprintSymbol.none
  /// Which host asks.
  public var host = HostSymbol.none
  /// The host's epoch, as it is or as it was given.
  public var epoch: UInt32 = 0
  /// Seconds of the lease plus one; 0 when none was given.
  public var leasePlusOne: UInt32 = 0
  /// The id the caller asks for.
  public var resume = IdentitySymbol.none
  /// Where the wake stands in a distributed trace.
  public var trace = TraceParent.none

  /// All zeros.
  public init() {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.symbol("agent", &agent)
    visitor.symbol("provider", &provider)
    visitor.code("source", &source)
    visitor.flags(&flags)
    visitor.code("workspaceKind", &workspaceKind)
    visitor.code("transcript", &transcript)
    visitor.symbol("reason", &reason)
    visitor.symbol("scope", &scope)
    visitor.symbol("workspace", &workspace)
    visitor.symbol("fingerprint", &fingerprint)
    visitor.symbol("host", &host)
    visitor.number("epoch", &epoch)
    visitor.plusOne("lease", &leasePlusOne)
    visitor.symbol("resume", &resume)
    visitor.trace("trace", &trace)
  }
}

/// A wake added nothing to the open run; the header names that run.
public struct WakeCoalesced: EventPayload {
  /// The wake.
  public var wake = SequenceNumber.none

  /// All zeros.
  public init() {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.sequence("wake", &wake)
  }
}

/// A wake waits for the open run's end; the header's run is the first wake of those waiting.
public struct WakeDeferred: EventPayload {
  /// The wake.
  public var wake = SequenceNumber.none

  /// All zeros.
  public init() {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.sequence("wake", &wake)
  }
}

/// A wake was refused.
public struct WakeRefused: EventPayload {
  /// The wake.
  public var wake = SequenceNumber.none
  /// Why.
  public var because: RefusalCause?

  /// All zeros.
  public init() {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.sequence("wake", &wake)
    visitor.code("because", &because)
  }
}

/// The waiting wake was dropped; the header's run is its number.
public struct WakeCancelled: EventPayload {
  /// Who dropped it.
  public var by = Symbol<Space.Actor>.none

  /// All zeros.
  public init() {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.symbol("by", &by)
  }
}

/// A run began; its number is that of its first wake, and it is as its wakes merged say.
public struct RunStarted: EventPayload {
  /// The digest of its fence; never shown, no part of the state hash.
  public var fence = FenceDigest.none
  /// The last of the wakes merged into it.
  public var wake = SequenceNumber.none
  /// The host that runs it.
  public var host = HostSymbol.none
  /// That host's epoch.
  public var epoch: UInt32 = 0
  /// Seconds of its lease plus one; 0 for none.
  public var leasePlusOne: UInt32 = 0

  /// All zeros.
  public init() {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.secret(&fence)
    visitor.sequence("wake", &wake)
    visitor.symbol("host", &host)
    visitor.number("epoch", &epoch)
    visitor.plusOne("lease", &leasePlusOne)
  }
}
