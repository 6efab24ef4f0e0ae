public import WakelogModel

/// Asks whether a fence is live. See PROTOCOL, check.
public struct CheckRequest: Request, ParameterObject {
  /// `check`
  public static let method = "check"

  /// The session key, 1 to 1,024 bytes.
  public var session: String
  /// The fence that the run's start gave.
  public var fence: String
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?

  /// Asks for a key's fence.
  public init(session: String, fence: String) {
    self.session = session
    self.fence = fence
  }

  init() { self.init(session: "", fence: "") }

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
    try visitor.required("fence", &fence, .name)
    try visitor.time(&at)
  }
}

/// Says that transcript messages `from..<to` were written. See PROTOCOL, flush.
public struct FlushRequest: WritingRequest, ParameterObject {
  /// `flush`
  public static let method = "flush"

  /// The session key, 1 to 1,024 bytes.
  public var session: String
  /// The fence that the run's start gave.
  public var fence: String
  /// The first message written: the cursor as it was.
  public var from: UInt64
  /// The message after the last one written; not before `from`.
  public var to: UInt64
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?
  /// The idempotency key.
  public var key: String?

  /// Says what was written.
  public init(session: String, fence: String, from: UInt64, to: UInt64) {
    self.session = session
    self.fence = fence
    self.from = from
    self.to = to
  }

  init() { self.init(session: "", fence: "", from: 0, to: 0) }

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
    try visitor.required("fence", &fence, .name)
    try visitor.required("from", &from, .notNegative)
    try visitor.required("to", &to, .notNegative)
    try visitor.time(&at, key: &key)
  }

  func conflict() -> (field: String, message: String)? {
    to < from ? ("to", "must not be before `from`, which is \(from)") : nil
  }
}
