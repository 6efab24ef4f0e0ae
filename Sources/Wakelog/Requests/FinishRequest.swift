public import WakelogModel

/// The end of an attempt. See PROTOCOL, finish.
///
/// What the program printed may be of any length: `stdout`, `stderr` and `message` are cut to 64 KiB
/// together, at their beginning and their end, with a mark where something is missing.
public struct FinishRequest: WritingRequest, ParameterObject {
  /// `finish`
  public static let method = "finish"

  /// The run's current attempt, from 1.
  public var attempt: UInt64
  /// The fence that the run's start gave.
  public var fence: String
  /// How it ended; nil to derive it from what follows.
  public var outcome: ReportedOutcome?
  /// The provider session id reported, 1 to 1,024 bytes.
  public var sessionId: String?
  /// What the provider needs to resume, kept as it is; at most 16 KiB as JSON.
  public var params: JSONObject?
  /// The id to show to people, 1 to 1,024 bytes.
  public var displayId: String?
  /// The exit code of the process, above -2³¹: the log keeps 32 bits less one value for nil.
  public var exitCode: Int32?
  /// The signal that ended the process.
  public var signal: ProcessSignal?
  /// What it wrote to standard output; cut, see above.
  public var stdout: String?
  /// What it wrote to standard error; cut, see above.
  public var stderr: String?
  /// The error's message; cut, see above.
  public var message: String?
  /// The HTTP status of the request that failed.
  public var status: Int32?
  /// A symbolic code such as `ECONNRESET`, 1 to 1,024 bytes.
  public var errorCode: String?
  /// Model turns taken; 0 says that the session was never entered.
  public var turns: Int32?
  /// Whether the provider resumed as asked; false when it started cold.
  public var resumed: Bool?
  /// What it used.
  public var usage: Usage?
  /// Seconds that the provider asked to wait; on the wire a fraction rounds up.
  ///
  /// Until then every wake of the session is refused, but for those of a person: `message` and
  /// `manual`. A success ends the wait.
  public var retryAfterSeconds: UInt32?
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?
  /// The idempotency key.
  public var key: String?

  /// The end of an attempt with everything optional left out.
  public init(attempt: UInt64, fence: String) {
    self.attempt = attempt
    self.fence = fence
  }

  init() { self.init(attempt: 0, fence: "") }

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
    // Before they are written, and after they were read.
    cutTexts()
    try visitor.required("attempt", &attempt, .positive)
    try visitor.required("fence", &fence, .name)
    try visitor.optional("outcome", &outcome, .word)
    try visitor.optional("sessionId", &sessionId, .name)
    try visitor.optional("params", &params, .opaque)
    try visitor.optional("displayId", &displayId, .name)
    try visitor.optional("exitCode", &exitCode, .integer(-Int32.max...Int32.max))
    try visitor.optional("signal", &signal, .signal)
    try visitor.optional("stdout", &stdout, .evidence)
    try visitor.optional("stderr", &stderr, .evidence)
    try visitor.optional("message", &message, .evidence)
    cutTexts()
    try visitor.optional("status", &status, .notNegative)
    try visitor.optional("errorCode", &errorCode, .name)
    try visitor.optional("turns", &turns, .notNegative)
    try visitor.optional("resumed", &resumed, .boolean)
    try visitor.optional("usage", &usage, .object)
    try visitor.optional("retryAfterSeconds", &retryAfterSeconds, .wait)
    try visitor.time(&at, key: &key)
  }

  /// Of a run of which nothing is said nothing is known: to take it for a success was to lose work.
  func conflict() -> (field: String, message: String)? {
    let texts = [stdout, stderr, message].compactMap(\.self)
    let isKnown =
      outcome != nil || exitCode != nil || signal != nil || status != nil || turns != nil
      || errorCode != nil || sessionId != nil || texts.contains { !$0.isEmpty }
    if isKnown { return nil }
    return (
      "outcome",
      "is missing, and nothing else says how the attempt ended; give it, or what is known: "
        + "exitCode, signal, stdout, stderr, message, status, errorCode, sessionId or turns"
    )
  }
}
