/// What was found of one candidate.
public struct Considered: Hashable, Sendable, BitwiseCopyable {
  /// Where it came from.
  public var from: CandidateSource?
  /// What was found.
  public var verdict: Verdict?
  /// Which id.
  public var identity = IdentitySymbol.none

  /// Nothing.
  public init() {}

  /// One finding.
  public init(from: CandidateSource, identity: IdentitySymbol, verdict: Verdict) {
    self.from = from
    self.identity = identity
    self.verdict = verdict
  }
}

/// What an attempt's start says, yes or no.
public struct PlanFlags: FieldFlags, Hashable {
  /// The bits.
  public var rawValue: UInt8
  /// Makes flags of their bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// It runs outside the workspace or host that the session was made in.
  public static let outside = Self(rawValue: 1)
  /// The explicit id suspended a reset of this wake.
  public static let suspendedReset = Self(rawValue: 2)
  /// The explicit id was minted anew, as asserted by the caller.
  public static let mintedAnew = Self(rawValue: 4)
  /// The caller vouches for an id that this log had never seen.
  public static let vouched = Self(rawValue: 8)
  /// It runs beside a session that somebody else is in: what it reports is not bound.
  public static let beside = Self(rawValue: 16)

  /// The members with their names on the wire.
  public static let names: [(name: StaticString, flag: Self)] = [
    ("outside", .outside), ("suspendedReset", .suspendedReset), ("mintedAnew", .mintedAnew),
    ("vouched", .vouched), ("beside", .beside),
  ]
}

/// One try within a run began. Its sequence number is the attempt's number.
public struct AttemptStarted: EventPayload {
  /// Counts the run's attempts from 1.
  public var ordinal: UInt32 = 0
  /// Resuming or fresh.
  public var mode: Mode?
  /// Where the resumed id came from.
  public var from: CandidateSource?
  /// The reset of this wake, if this is its first attempt.
  public var reset: ResetCause?
  /// Booleans.
  public var flags: PlanFlags = []
  /// What the workspace is.
  public var workspaceKind: WorkspaceKind?
  /// Where it runs.
  public var workspace = WorkspaceSymbol.none
  /// The resumed id.
  public var identity = IdentitySymbol.none
  /// The first candidate looked at.
  public var first = Considered()
  /// The second.
  public var second = Considered()
  /// The third.
  public var third = Considered()
  /// The resumed session's fingerprint where it differs from the wake's without a reset.
  public var drift = FingerprintSymbol.none
  /// The resumed session's parameters.
  public var params = Symbol<Space.Params>.none

  /// All zeros.
  public init() {}

  /// The candidates looked at, in order.
  public var considered: [Considered] { [first, second, third].filter { $0.from != nil } }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.number("ordinal", &ordinal)
    visitor.code("mode", &mode)
    visitor.code("from", &from)
    visitor.code("reset", &reset)
    visitor.flags(&flags)
    visitor.code("workspaceKind", &workspaceKind)
    visitor.symbol("workspace", &workspace)
    visitor.symbol("identity", &identity)
    visitor.code("firstFrom", &first.from)
    visitor.code("firstVerdict", &first.verdict)
    visitor.symbol("firstIdentity", &first.identity)
    visitor.code("secondFrom", &second.from)
    visitor.code("secondVerdict", &second.verdict)
    visitor.symbol("secondIdentity", &second.identity)
    visitor.code("thirdFrom", &third.from)
    visitor.code("thirdVerdict", &third.verdict)
    visitor.symbol("thirdIdentity", &third.identity)
    visitor.symbol("drift", &drift)
    visitor.symbol("params", &params)
  }
}

/// What an attempt's traces say, yes or no.
public struct AttemptFlags: FieldFlags, Hashable {
  /// The bits.
  public var rawValue: UInt8
  /// Makes flags of their bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The attempt entered its session.
  public static let entered = Self(rawValue: 1)
  /// The provider says that it resumed.
  public static let resumed = Self(rawValue: 2)
  /// The provider says that it started cold.
  public static let startedCold = Self(rawValue: 4)
  /// There was output.
  public static let hadOutput = Self(rawValue: 8)

  /// The members with their names on the wire.
  public static let names: [(name: StaticString, flag: Self)] = [
    ("entered", .entered), ("resumed", .resumed), ("startedCold", .startedCold),
    ("hadOutput", .hadOutput),
  ]
}

/// Which counts of an attempt's use were given as totals of its provider session.
///
/// The event has the differences. A total that is less than the last one says that the provider
/// began to count anew: then the difference is all of it.
public struct UsageTotals: FieldFlags, Hashable {
  /// The bits.
  public var rawValue: UInt8
  /// Makes flags of their bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Tokens read.
  public static let inputTokens = Self(rawValue: 1)
  /// Tokens read from a cache.
  public static let cachedTokens = Self(rawValue: 2)
  /// Tokens written.
  public static let outputTokens = Self(rawValue: 4)
  /// Cost.
  public static let costMicros = Self(rawValue: 8)

  /// The same count, begun anew.
  public var anew: Self { Self(rawValue: rawValue << 4) }

  /// The members with their names on the wire.
  public static let names: [(name: StaticString, flag: Self)] = [
    ("totalInputTokens", .inputTokens), ("totalCachedTokens", .cachedTokens),
    ("totalOutputTokens", .outputTokens), ("totalCostMicros", .costMicros),
    ("anewInputTokens", .inputTokens.anew), ("anewCachedTokens", .cachedTokens.anew),
    ("anewOutputTokens", .outputTokens.anew), ("anewCostMicros", .costMicros.anew),
  ]
}

/// A sign of life of the open attempt.
public struct AttemptProgressed: EventPayload {
  /// The attempt.
  public var attempt = SequenceNumber.none
  /// Booleans.
  public var flags: AttemptFlags = []
  /// The id the provider reported.
  public var reported = IdentitySymbol.none
  /// The process that runs the attempt.
  public var process = ProcessMark.none

  /// All zeros.
  public init() {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.sequence("attempt", &attempt)
    visitor.flags(&flags)
    visitor.symbol("reported", &reported)
    visitor.number("pid", &process.pid)
    visitor.wide("processStarted", &process.started)
    visitor.digest("machine", &process.machine)
  }
}

/// An attempt ended; its traces as facts, and how they were read.
public struct AttemptFinished: EventPayload {
  /// The attempt.
  public var attempt = SequenceNumber.none
  /// A digest of the call's parameters, to know a call that is repeated.
  public var request: UInt64 = 0
  /// How it ended.
  public var outcome: Outcome?
  /// Why it failed.
  public var failure: FailureKind?
  /// Booleans.
  public var flags: AttemptFlags = []
  /// The id the provider reported.
  public var reported = IdentitySymbol.none
  /// Model turns taken, when said.
  public var turns: Int32?
  /// The exit code, when said.
  public var exitCode: Int32?
  /// Tokens read, those from a cache included.
  public var inputTokens: UInt64 = 0
  /// Tokens written.
  public var outputTokens: UInt64 = 0
  /// Millionths of the currency unit.
  public var costMicros: UInt64 = 0
  /// The classifier's entry that decided.
  public var because = Symbol<Space.Code>.none
  /// The signal, when said.
  public var signal: Int32?
  /// The HTTP status, when said.
  public var status: Int32?
  /// The symbolic error code.
  public var errorCode = Symbol<Space.ErrorCode>.none
  /// Seconds the provider asked to wait, plus one; 0 when it did not.
  public var retryAfterPlusOne: UInt32 = 0
  /// The id to show.
  public var display = Symbol<Space.Display>.none
  /// The opaque parameters to resume with.
  public var params = Symbol<Space.Params>.none
  /// Of the tokens read, those from a cache.
  public var cachedTokens: UInt64 = 0
  /// Which counts were given as totals.
  public var totals: UsageTotals = []

  /// All zeros.
  public init() {}

  /// The tokens read that did not come from a cache.
  public var freshTokens: UInt64 { inputTokens - min(inputTokens, cachedTokens) }

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.sequence("attempt", &attempt)
    visitor.digest("request", &request)
    visitor.code("outcome", &outcome)
    visitor.code("failure", &failure)
    visitor.flags(&flags)
    visitor.symbol("reported", &reported)
    visitor.optional("turns", &turns)
    visitor.optional("exitCode", &exitCode)
    visitor.wide("inputTokens", &inputTokens)
    visitor.wide("outputTokens", &outputTokens)
    visitor.wide("costMicros", &costMicros)
    visitor.symbol("because", &because)
    visitor.optional("signal", &signal)
    visitor.optional("status", &status)
    visitor.symbol("errorCode", &errorCode)
    visitor.plusOne("retryAfterSeconds", &retryAfterPlusOne)
    visitor.symbol("displayId", &display)
    visitor.symbol("params", &params)
    visitor.wide("cachedTokens", &cachedTokens)
    visitor.flags(&totals)
  }
}

/// The step from one attempt to the next, or to the session the provider chose by itself.
public struct FallbackTaken: EventPayload {
  /// The attempt left.
  public var from = SequenceNumber.none
  /// The attempt begun; none for `providerReplaced`.
  public var to = SequenceNumber.none
  /// What it answers to.
  public var cause: FallbackCause?
  /// The failure, where the cause is one.
  public var failure: FailureKind?

  /// All zeros.
  public init() {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.sequence("from", &from)
    visitor.sequence("to", &to)
    visitor.code("cause", &cause)
    visitor.code("failure", &failure)
  }
}

/// A run ended, once and for all.
public struct RunFinished: EventPayload {
  /// How: the last attempt's outcome, or what ended it from outside.
  public var outcome: Outcome?
  /// By which way.
  public var via: Via?
  /// Why it failed.
  public var failure: FailureKind?
  /// What ended it from outside.
  public var cause: EndCause?
  /// How many attempts it took.
  public var attempts: UInt32 = 0
  /// The classifier's entry that decided.
  public var because = Symbol<Space.Code>.none
  /// Who ended it.
  public var by = Symbol<Space.Actor>.none
  /// Why, in their words.
  public var why = Symbol<Space.Text>.none

  /// All zeros.
  public init() {}

  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    visitor.code("outcome", &outcome)
    visitor.code("via", &via)
    visitor.code("failure", &failure)
    visitor.code("cause", &cause)
    visitor.number("attempts", &attempts)
    visitor.symbol("because", &because)
    visitor.symbol("by", &by)
    visitor.symbol("why", &why)
  }
}
