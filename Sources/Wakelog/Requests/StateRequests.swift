public import WakelogModel

/// Asks what speaks here. See PROTOCOL, hello.
public struct HelloRequest: Request, ParameterObject {
  /// `hello`
  public static let method = "hello"

  /// The time of the call; nil for the engine's clock.
  public var at: Instant?

  /// Asks what speaks here.
  public init() {}

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
    try visitor.time(&at)
  }
}

/// Asks for a session. See PROTOCOL, session.
public struct SessionRequest: Request, ParameterObject {
  /// `session`
  public static let method = "session"

  /// The session key, 1 to 1,024 bytes.
  public var session: String
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?

  /// Asks for the session of a key.
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
    try visitor.time(&at)
  }
}

/// Asks for an agent. See PROTOCOL, agent.
public struct AgentRequest: Request, ParameterObject {
  /// `agent`
  public static let method = "agent"

  /// The agent, 1 to 1,024 bytes.
  public var agent: String
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?

  /// Asks for an agent.
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
    try visitor.time(&at)
  }
}

/// Asks for a run. See PROTOCOL, run.
public struct RunRequest: Request, ParameterObject {
  /// `run`
  public static let method = "run"

  /// The run, from 1.
  public var run: UInt64
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?

  /// Asks for a run.
  public init(run: UInt64) {
    self.run = run
  }

  init() { self.init(run: 0) }

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
    try visitor.time(&at)
  }
}

/// Asks what needs somebody's attention. See PROTOCOL, attention.
public struct AttentionRequest: Request, ParameterObject {
  /// `attention`
  public static let method = "attention"

  /// The time of the call; nil for the engine's clock.
  public var at: Instant?

  /// Asks for everything.
  public init() {}

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
    try visitor.time(&at)
  }
}
