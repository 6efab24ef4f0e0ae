public import WakelogModel

/// Points a key to an id that its host had before this log. See PROTOCOL, adopt.
public struct AdoptRequest: WritingRequest, ParameterObject {
  /// `adopt`
  public static let method = "adopt"

  /// The session key, 1 to 1,024 bytes; made if it is new.
  public var session: String
  /// The agent that the key belongs to, 1 to 1,024 bytes.
  public var agent: String
  /// The provider that issued the id, 1 to 1,024 bytes.
  public var provider: String
  /// The provider session id, 1 to 1,024 bytes.
  public var sessionId: String
  /// Where it lives.
  public var workspace: WorkspaceName?
  /// The id to show to people, 1 to 1,024 bytes.
  public var displayId: String?
  /// What it was configured with; nil for no comparison.
  public var fingerprint: NamedValues<String>?
  /// Who, 1 to 1,024 bytes.
  public var by: String
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?
  /// The idempotency key.
  public var key: String?

  /// An id of a key, with everything optional left out.
  public init(session: String, agent: String, provider: String, sessionId: String, by: String) {
    self.session = session
    self.agent = agent
    self.provider = provider
    self.sessionId = sessionId
    self.by = by
  }

  init() { self.init(session: "", agent: "", provider: "", sessionId: "", by: "") }

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
    try visitor.required("agent", &agent, .name)
    try visitor.required("provider", &provider, .name)
    try visitor.required("sessionId", &sessionId, .name)
    try visitor.optional("workspace", &workspace, .object)
    try visitor.optional("displayId", &displayId, .name)
    try visitor.optional("fingerprint", &fingerprint, .fingerprint)
    try visitor.required("by", &by, .name)
    try visitor.time(&at, key: &key)
  }
}

/// Takes back condemnations in bulk: those that agree with everything given. See PROTOCOL, revive.
public struct ReviveRequest: WritingRequest, ParameterObject {
  /// `revive`
  public static let method = "revive"

  /// The time of the first condemnation.
  public var since: Instant
  /// The time of the last; nil for now.
  public var until: Instant?
  /// Why they were condemned, as sessions show it: `missingTranscript`, `suspect`; nil for anything.
  public var because: String?
  /// The ids' provider, 1 to 1,024 bytes; nil for any.
  public var provider: String?
  /// The agent of the keys, 1 to 1,024 bytes; nil for any.
  public var agent: String?
  /// Who, 1 to 1,024 bytes.
  public var by: String
  /// Why, 1 to 1,024 bytes.
  public var why: String
  /// Whether to say only what would be revived.
  public var dryRun = false
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?
  /// The idempotency key.
  public var key: String?

  /// Everything condemned since a time.
  public init(since: Instant, by: String, why: String) {
    self.since = since
    self.by = by
    self.why = why
  }

  init() { self.init(since: Instant(nanoseconds: 0), by: "", why: "") }

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
    try visitor.required("since", &since, .time)
    try visitor.optional("until", &until, .time)
    try visitor.optional("because", &because, .name)
    try visitor.optional("provider", &provider, .name)
    try visitor.optional("agent", &agent, .name)
    try visitor.required("by", &by, .name)
    try visitor.required("why", &why, .name)
    try visitor.boolean("dryRun", &dryRun)
    try visitor.time(&at, key: &key)
  }

  func conflict() -> (field: String, message: String)? {
    let causes = FailureKind.allCases.map(\.name) + CondemnCause.allCases.map(\.name)
    if let because, !causes.contains(where: { $0.hasSameBytes(as: because) }) {
      return ("because", "is no cause; take one that sessions show, such as missingTranscript")
    }
    if let until, until.nanoseconds < since.nanoseconds {
      return ("until", "is before `since`")
    }
    return nil
  }
}
