public import WakelogModel

/// Starts the wake that waits. See PROTOCOL, next.
public struct NextRequest: WritingRequest, ParameterObject {
  /// `next`
  public static let method = "next"

  /// The session key, 1 to 1,024 bytes.
  public var session: String
  /// The host that asks, 1 to 1,024 bytes.
  public var host: String?
  /// The epoch that the host's process has; only together with `host`.
  public var epoch: UInt32?
  /// Seconds after which the run counts as lost without `progress`; nil for the policy's.
  public var lease: UInt32?
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?
  /// The idempotency key.
  public var key: String?

  /// A call for a key with everything optional left out.
  public init(session: String) {
    self.session = session
  }

  init() { self.init(session: "") }

  /// Takes the parameters of a call; see `Request`.
  public init(json: JSONObject) throws(WakelogError) {
    self.init()
    try read(json)
  }

  /// The parameters as canonical JSON; see `Request`.
  public var json: JSONObject { written }

  mutating func visit<Visitor: ParameterVisitor>(
    _ visitor: inout Visitor
  ) throws(Visitor.Failure) {
    try visitor.required("session", &session, .name)
    try visitor.optional("host", &host, .name)
    try visitor.optional("epoch", &epoch, .notNegative)
    try visitor.optional("lease", &lease, .seconds)
    try visitor.time(&at, key: &key)
  }

  func conflict() -> (field: String, message: String)? { epochConflict(host, epoch) }
}

/// A sign of life of the current attempt. See PROTOCOL, progress.
public struct ProgressRequest: WritingRequest, ParameterObject {
  /// `progress`
  public static let method = "progress"

  /// The run's current attempt, from 1.
  public var attempt: UInt64
  /// The fence that the run's start gave.
  public var fence: String
  /// The provider session id reported, 1 to 1,024 bytes.
  public var sessionId: String?
  /// Whether the session was entered: from here on the id is proven and bound.
  public var entered = false
  /// The process id, from 1.
  public var pid: UInt32?
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?
  /// The idempotency key.
  public var key: String?

  /// A sign of life with everything optional left out.
  public init(attempt: UInt64, fence: String) {
    self.attempt = attempt
    self.fence = fence
  }

  init() { self.init(attempt: 0, fence: "") }

  /// Takes the parameters of a call; see `Request`.
  public init(json: JSONObject) throws(WakelogError) {
    self.init()
    try read(json)
  }

  /// The parameters as canonical JSON; see `Request`.
  public var json: JSONObject { written }

  mutating func visit<Visitor: ParameterVisitor>(
    _ visitor: inout Visitor
  ) throws(Visitor.Failure) {
    try visitor.required("attempt", &attempt, .positive)
    try visitor.required("fence", &fence, .name)
    try visitor.optional("sessionId", &sessionId, .name)
    try visitor.boolean("entered", &entered)
    try visitor.optional("pid", &pid, .integer(1...UInt32(Int32.max)))
    try visitor.time(&at, key: &key)
  }
}

/// Ends an open run as interrupted. See PROTOCOL, abandon.
public struct AbandonRequest: WritingRequest, ParameterObject {
  /// `abandon`
  public static let method = "abandon"

  /// The run, from 1.
  public var run: UInt64
  /// Who, 1 to 1,024 bytes.
  public var by: String
  /// Why, 1 to 1,024 bytes.
  public var why: String
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?
  /// The idempotency key.
  public var key: String?

  /// Ends a run; says who and why.
  public init(run: UInt64, by: String, why: String) {
    self.run = run
    self.by = by
    self.why = why
  }

  init() { self.init(run: 0, by: "", why: "") }

  /// Takes the parameters of a call; see `Request`.
  public init(json: JSONObject) throws(WakelogError) {
    self.init()
    try read(json)
  }

  /// The parameters as canonical JSON; see `Request`.
  public var json: JSONObject { written }

  mutating func visit<Visitor: ParameterVisitor>(
    _ visitor: inout Visitor
  ) throws(Visitor.Failure) {
    try visitor.required("run", &run, .positive)
    try visitor.required("by", &by, .name)
    try visitor.required("why", &why, .name)
    try visitor.time(&at, key: &key)
  }
}
