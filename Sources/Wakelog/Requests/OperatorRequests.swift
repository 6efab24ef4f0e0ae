public import WakelogModel

/// Pauses an agent: its wakes are refused. See PROTOCOL, pause.
public struct PauseRequest: WritingRequest, ParameterObject {
  /// `pause`
  public static let method = "pause"

  /// The agent, 1 to 1,024 bytes.
  public var agent: String
  /// Who, 1 to 1,024 bytes.
  public var by: String?
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?
  /// The idempotency key.
  public var key: String?

  /// Pauses an agent.
  public init(agent: String) {
    self.agent = agent
  }

  init() { self.init(agent: "") }

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
    try visitor.required("agent", &agent, .name)
    try visitor.optional("by", &by, .name)
    try visitor.time(&at, key: &key)
  }
}

/// Ends an agent's pause. See PROTOCOL, unpause.
public struct UnpauseRequest: WritingRequest, ParameterObject {
  /// `unpause`
  public static let method = "unpause"

  /// The agent, 1 to 1,024 bytes.
  public var agent: String
  /// Who, 1 to 1,024 bytes.
  public var by: String?
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?
  /// The idempotency key.
  public var key: String?

  /// Ends an agent's pause.
  public init(agent: String) {
    self.agent = agent
  }

  init() { self.init(agent: "") }

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
    try visitor.required("agent", &agent, .name)
    try visitor.optional("by", &by, .name)
    try visitor.time(&at, key: &key)
  }
}

/// Removes an event's evidence for good. See PROTOCOL, redact.
public struct RedactRequest: WritingRequest, ParameterObject {
  /// `redact`
  public static let method = "redact"

  /// The event, from 1.
  public var seq: UInt64
  /// Who, 1 to 1,024 bytes.
  public var by: String
  /// Why, 1 to 1,024 bytes.
  public var why: String
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?
  /// The idempotency key.
  public var key: String?

  /// Removes evidence; says who and why.
  public init(seq: UInt64, by: String, why: String) {
    self.seq = seq
    self.by = by
    self.why = why
  }

  init() { self.init(seq: 0, by: "", why: "") }

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
    try visitor.required("seq", &seq, .positive)
    try visitor.required("by", &by, .name)
    try visitor.required("why", &why, .name)
    try visitor.time(&at, key: &key)
  }
}
