public import WakelogModel

/// A process of a host starts: a new epoch. See PROTOCOL, host.
public struct HostRequest: WritingRequest, ParameterObject {
  /// `host`
  public static let method = "host"

  /// The host, 1 to 1,024 bytes.
  public var host: String
  /// The version it runs, 1 to 1,024 bytes.
  public var version: String?
  /// Whether the name is taken though a process that has it lives on this machine.
  public var takeOver = false
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?
  /// The idempotency key.
  public var key: String?

  /// Starts an epoch of a host.
  public init(host: String) {
    self.host = host
  }

  init() { self.init(host: "") }

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
    try visitor.required("host", &host, .name)
    try visitor.optional("version", &version, .name)
    try visitor.boolean("takeOver", &takeOver)
    try visitor.time(&at, key: &key)
  }
}

/// Takes an upgrade of a host one step. See PROTOCOL, upgrade.
public struct UpgradeRequest: WritingRequest, ParameterObject {
  /// `upgrade`
  public static let method = "upgrade"

  /// The host, 1 to 1,024 bytes.
  public var host: String
  /// The new version, 1 to 1,024 bytes.
  public var to: String
  /// The step.
  public var step: UpgradeStep
  /// What was seen, in the caller's words; 1 to 1,024 bytes.
  public var detail: String?
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?
  /// The idempotency key.
  public var key: String?

  /// One step to a version.
  public init(host: String, to: String, step: UpgradeStep) {
    self.host = host
    self.to = to
    self.step = step
  }

  init() { self.init(host: "", to: "", step: .staged) }

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
    try visitor.required("host", &host, .name)
    try visitor.required("to", &to, .name)
    try visitor.required("step", &step, .word)
    try visitor.optional("detail", &detail, .remark)
    try visitor.time(&at, key: &key)
  }
}
