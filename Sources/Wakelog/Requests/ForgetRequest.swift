public import WakelogModel

/// Removes a session and all that tells of it. See PROTOCOL, forget.
public struct ForgetRequest: WritingRequest, ParameterObject {
  /// `forget`
  public static let method = "forget"

  /// The session key, 1 to 1,024 bytes.
  public var session: String
  /// Who, 1 to 1,024 bytes.
  public var by: String
  /// Why, 1 to 1,024 bytes; it stays.
  public var why: String
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?
  /// The idempotency key.
  public var key: String?

  /// Removes a session; says who and why.
  public init(session: String, by: String, why: String) {
    self.session = session
    self.by = by
    self.why = why
  }

  init() { self.init(session: "", by: "", why: "") }

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
    try visitor.required("by", &by, .name)
    try visitor.required("why", &why, .name)
    try visitor.time(&at, key: &key)
  }
}
