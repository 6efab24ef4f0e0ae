public import WakelogModel

/// An operator's correction of a key. See PROTOCOL, repair.
public struct RepairRequest: WritingRequest, ParameterObject {
  /// `repair`
  public static let method = "repair"

  /// What must hold for the repair to be made.
  public struct Expectation: Sendable, ParameterObject {
    /// The id that the key points to, 1 to 1,024 bytes; `nothing` when it points to none.
    public var sessionId: Given<String> = .leftOut
    /// How the key's last run ended; nil for anyhow.
    public var lastRun: Outcome?

    /// Expects nothing in particular.
    public init() {}

    mutating func visit<Visitor: ParameterVisitor>(
      _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
      try visitor.nullable("sessionId", &sessionId, .name)
      try visitor.optional("lastRun", &lastRun, .word)
    }
  }

  /// What the repair changes; at least one of both.
  public struct Change: Sendable, ParameterObject {
    /// The id that the key points to from here on, 1 to 1,024 bytes; `nothing` for none.
    public var sessionId: Given<String> = .leftOut
    /// The condemned id that may be resumed again, 1 to 1,024 bytes.
    public var revive: String?

    /// Points the key to an id, or to none.
    public init(sessionId: Given<String>) { self.sessionId = sessionId }

    /// Takes back an id's condemnation.
    public init(revive: String) { self.revive = revive }

    init() {}

    mutating func visit<Visitor: ParameterVisitor>(
      _ visitor: inout Visitor
    ) throws(Visitor.Failure) {
      try visitor.nullable("sessionId", &sessionId, .name)
      try visitor.optional("revive", &revive, .name)
    }

    func conflict() -> (field: String, message: String)? {
      guard case .leftOut = sessionId, revive == nil else { return nil }
      return ("", "changes nothing; give `sessionId`, `revive` or both")
    }
  }

  /// The session key, 1 to 1,024 bytes.
  public var session: String
  /// What must hold.
  public var expect: Expectation
  /// What changes.
  public var set: Change
  /// Who, 1 to 1,024 bytes.
  public var by: String
  /// Why, 1 to 1,024 bytes.
  public var why: String
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?
  /// The idempotency key.
  public var key: String?

  /// A repair of a key; says what must hold, what changes, who and why.
  public init(session: String, expect: Expectation, set: Change, by: String, why: String) {
    self.session = session
    self.expect = expect
    self.set = set
    self.by = by
    self.why = why
  }

  init() { self.init(session: "", expect: Expectation(), set: Change(), by: "", why: "") }

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
    try visitor.required("expect", &expect, .object)
    try visitor.required("set", &set, .object)
    try visitor.required("by", &by, .name)
    try visitor.required("why", &why, .name)
    try visitor.time(&at, key: &key)
  }
}
