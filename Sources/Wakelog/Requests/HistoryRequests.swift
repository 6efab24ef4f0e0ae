public import WakelogModel

/// Asks why something is as it is. See PROTOCOL, why.
public struct WhyRequest: Request, ParameterObject {
  /// `why`
  public static let method = "why"

  /// The session key, 1 to 1,024 bytes; nil when it is about an event.
  public var session: String?
  /// The event, from 1; nil when it is about a session.
  public var seq: UInt64?
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?

  /// Asks why a session is as it is.
  public init(session: String) { self.session = session }

  /// Asks why an event came to be.
  public init(seq: UInt64) { self.seq = seq }

  init() {}

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
    try visitor.optional("session", &session, .name)
    try visitor.optional("seq", &seq, .positive)
    try visitor.time(&at)
  }

  func conflict() -> (field: String, message: String)? {
    switch (session, seq) {
    case (nil, nil): ("session", "is missing; give `session` or `seq`")
    case (_?, _?): ("seq", "is one too many; give `session` or `seq`, not both")
    default: nil
    }
  }
}

/// Asks for events, page by page. See PROTOCOL, events.
public struct EventsRequest: Request, ParameterObject {
  /// `events`
  public static let method = "events"

  /// The first event wanted; nil, 0 and 1 are the first there is.
  public var from: UInt64?
  /// The last event wanted; nil for the last there is.
  public var to: UInt64?
  /// The session key whose events are wanted, 1 to 1,024 bytes; nil for all.
  public var session: String?
  /// How many entries at most, 1 to 10,000; a page ends earlier at about 1 MiB.
  public var limit: UInt32 = 1_000
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?

  /// The first page of all events.
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
    try visitor.optional("from", &from, .notNegative)
    try visitor.optional("to", &to, .notNegative)
    try visitor.optional("session", &session, .name)
    try visitor.limit(&limit)
    try visitor.time(&at)
  }
}

/// Asks for every durable event from one on, as they come. See PROTOCOL, subscribe.
public struct SubscribeRequest: Request, ParameterObject {
  /// `subscribe`
  public static let method = "subscribe"

  /// The first event wanted; nil, 0 and 1 are the first there is.
  public var from: UInt64?
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?

  /// Asks for every event there is and comes.
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
    try visitor.optional("from", &from, .notNegative)
    try visitor.time(&at)
  }
}
