public import WakelogModel

/// What a session is doing.
public enum SessionStatus: String, CaseIterable, Sendable {
  /// Nothing.
  case idle
  /// A run is open.
  case running
  /// No run is open, and a wake waits.
  case queued
}

/// What an agent is doing.
public enum AgentStatus: String, CaseIterable, Sendable {
  /// Nothing.
  case idle
  /// A run is open.
  case running
  /// It is paused.
  case paused
  /// Its last runs failed through its own fault.
  case failing
}

/// Asks for sessions, page by page. See PROTOCOL, sessions.
public struct SessionsRequest: Request, ParameterObject {
  /// `sessions`
  public static let method = "sessions"

  /// The cursor that the previous page ended with; nil for the first page.
  public var after: String?
  /// How many entries at most, 1 to 10,000; a page ends earlier at about 1 MiB.
  public var limit: UInt32 = 1_000
  /// The agent whose entries are wanted, 1 to 1,024 bytes; nil for all.
  public var agent: String?
  /// The status wanted; nil for all.
  public var status: SessionStatus?
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?

  /// The first page of all sessions.
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
    try visitor.optional("after", &after, .name)
    try visitor.limit(&limit)
    try visitor.optional("agent", &agent, .name)
    try visitor.optional("status", &status, .word)
    try visitor.time(&at)
  }
}

/// Asks for agents, page by page. See PROTOCOL, agents.
public struct AgentsRequest: Request, ParameterObject {
  /// `agents`
  public static let method = "agents"

  /// The cursor that the previous page ended with; nil for the first page.
  public var after: String?
  /// How many entries at most, 1 to 10,000; a page ends earlier at about 1 MiB.
  public var limit: UInt32 = 1_000
  /// The agent whose entries are wanted, 1 to 1,024 bytes; nil for all.
  public var agent: String?
  /// The status wanted; nil for all.
  public var status: AgentStatus?
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?

  /// The first page of all agents.
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
    try visitor.optional("after", &after, .name)
    try visitor.limit(&limit)
    try visitor.optional("agent", &agent, .name)
    try visitor.optional("status", &status, .word)
    try visitor.time(&at)
  }
}
