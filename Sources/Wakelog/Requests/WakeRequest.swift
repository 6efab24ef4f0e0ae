public import WakelogModel

/// A request to run an agent. See PROTOCOL, wake.
public struct WakeRequest: WritingRequest, ParameterObject {
  /// `wake`
  public static let method = "wake"

  /// The session key, 1 to 1,024 bytes.
  public var session: String
  /// The agent that the key belongs to, 1 to 1,024 bytes.
  public var agent: String
  /// The provider to run it with, 1 to 1,024 bytes.
  public var provider: String
  /// Where the wake comes from.
  public var source: Source
  /// Why, as the policy matches it; 1 to 1,024 bytes.
  public var reason: String?
  /// The task or issue that the wake is about, 1 to 1,024 bytes.
  public var scope: String?
  /// Where to run.
  public var workspace: WorkspaceName?
  /// Whether a fresh session is demanded.
  public var forceFresh = false
  /// Whether resets by time and rotation are held off on this wake; nil when not said.
  public var keep: Bool?
  /// The provider session id asked for, 1 to 1,024 bytes.
  ///
  /// It goes before what the key points to. A host that gives the same id with every wake loses what
  /// came after it, which `considered` of the plan says; leave it out unless a person asked for it.
  public var resume: String?
  /// What the session is configured with; nil for no comparison. At most 16 KiB as JSON.
  ///
  /// Values compare as text; on the wire the integer 5 and the string "5" are the same value.
  public var fingerprint: NamedValues<String>?
  /// Whether the bound session's transcript was seen; nil when nobody looked.
  public var transcript: Bool?
  /// The same for any provider session id, 1 to 1,024 bytes each.
  public var transcripts: NamedValues<Bool>?
  /// Whether the run leaves a session.
  public var resumable = true
  /// Seconds after which the run counts as lost without `progress`; nil for the policy's.
  public var lease: UInt32?
  /// The host that asks, 1 to 1,024 bytes.
  public var host: String?
  /// The epoch that the host's process has; only together with `host`.
  public var epoch: UInt32?
  /// What the wake asks for, opaque to the engine: up to 64 KiB.
  ///
  /// Kept beside the log's events as evidence is, until the run that carries it has ended at least,
  /// and given out with it. A wake that has one is never coalesced.
  public var payload: String?
  /// Where the wake stands in a distributed trace: a W3C `traceparent`.
  public var trace: TraceParent?
  /// The time of the call; nil for the engine's clock.
  public var at: Instant?
  /// The idempotency key.
  public var key: String?

  /// A wake with everything optional left out.
  public init(session: String, agent: String, provider: String, source: Source) {
    self.session = session
    self.agent = agent
    self.provider = provider
    self.source = source
  }

  init() { self.init(session: "", agent: "", provider: "", source: .timer) }

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
    try visitor.required("source", &source, .word)
    try visitor.optional("reason", &reason, .name)
    try visitor.optional("scope", &scope, .name)
    try visitor.optional("workspace", &workspace, .object)
    try visitor.boolean("forceFresh", &forceFresh)
    try visitor.optional("keep", &keep, .boolean)
    try visitor.optional("resume", &resume, .name)
    try visitor.optional("fingerprint", &fingerprint, .fingerprint)
    try visitor.optional("transcript", &transcript, .boolean)
    try visitor.optional("transcripts", &transcripts, .truths)
    try visitor.boolean("resumable", &resumable, otherwise: true)
    try visitor.optional("lease", &lease, .seconds)
    try visitor.optional("host", &host, .name)
    try visitor.optional("epoch", &epoch, .notNegative)
    try visitor.optional("payload", &payload, .payload)
    try visitor.optional("trace", &trace, .trace)
    try visitor.time(&at, key: &key)
  }

  func conflict() -> (field: String, message: String)? { epochConflict(host, epoch) }
}

/// An epoch says nothing without the host whose it is.
func epochConflict(_ host: String?, _ epoch: UInt32?) -> (field: String, message: String)? {
  host == nil && epoch != nil ? ("epoch", "needs a host; give `host` too") : nil
}
