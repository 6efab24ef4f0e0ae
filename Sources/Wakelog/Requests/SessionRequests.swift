public import WakelogModel

/// Drops the wake that waits. See PROTOCOL, cancel.
public struct CancelRequest: WritingRequest, ParameterObject {
  /// `cancel`
  public static let method = "cancel"

  /// The session key, 1 to 1,024 bytes.
  public var session: String
  /// Who, 1 to 1,024 bytes.
  public var by: String?
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?
  /// The idempotency key.
  public var key: String?

  /// Drops the waiting wake of a key.
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
    try visitor.optional("by", &by, .name)
    try visitor.time(&at, key: &key)
  }
}

/// Ends a key's generation. See PROTOCOL, reset.
public struct ResetRequest: WritingRequest, ParameterObject {
  /// `reset`
  public static let method = "reset"

  /// The session key, 1 to 1,024 bytes.
  public var session: String
  /// Why, 1 to 1,024 bytes.
  public var because: String?
  /// The generation that must be the current one, from 1.
  public var ifGeneration: UInt32?
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?
  /// The idempotency key.
  public var key: String?

  /// Resets a key, whatever its generation.
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
    try visitor.optional("because", &because, .name)
    try visitor.optional("ifGeneration", &ifGeneration, .positive)
    try visitor.time(&at, key: &key)
  }
}

/// Says whether the transcript of an id exists. See PROTOCOL, probe.
public struct ProbeRequest: WritingRequest, ParameterObject {
  /// `probe`
  public static let method = "probe"

  /// The session key, 1 to 1,024 bytes.
  public var session: String
  /// The provider session id looked for, 1 to 1,024 bytes.
  public var sessionId: String
  /// Whether its transcript is there.
  public var exists: Bool
  /// What was seen, in the caller's words; 1 to 1,024 bytes.
  public var detail: String?
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?
  /// The idempotency key.
  public var key: String?

  /// What a look at the disk found.
  public init(session: String, sessionId: String, exists: Bool) {
    self.session = session
    self.sessionId = sessionId
    self.exists = exists
  }

  init() { self.init(session: "", sessionId: "", exists: false) }

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
    try visitor.required("sessionId", &sessionId, .name)
    try visitor.required("exists", &exists, .boolean)
    try visitor.optional("detail", &detail, .remark)
    try visitor.time(&at, key: &key)
  }
}
