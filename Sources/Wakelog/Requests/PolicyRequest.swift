public import WakelogModel

/// Asks for the policy in force, or puts one in force. See PROTOCOL, policy.
public struct PolicyRequest: WritingRequest, ParameterObject {
  /// `policy`
  public static let method = "policy"

  /// The policy to put in force; nil to ask only.
  public var adopt: Policy?
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?
  /// The idempotency key.
  public var key: String?

  /// Asks for the policy in force.
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
    try visitor.optional("adopt", &adopt, .policy)
    try visitor.time(&at, key: &key)
  }

  func conflict() -> (field: String, message: String)? {
    adopt == nil && key != nil ? ("key", "is for adopting; leave it out when asking") : nil
  }
}
