public import Wakelog
public import WakelogProviders

/// An agent, and how a host has it answer.
public struct HostedAgent: Sendable {
  /// How an attempt is carried out.
  public enum Work: Sendable {
    /// By a CLI: the call, without words that choose a session, which are put in.
    case command(@Sendable (TurnAttempt) throws -> AgentCall)
    /// By a function, for agents that are spoken to through a library. It resumes
    /// `attempt.sessionId`, where there is one, hands over what the agent says, reports the session
    /// as soon as a model has answered there, and gives what is known of the end; what it throws is
    /// the attempt's failure.
    case function(@Sendable (TurnAttempt, Conversation) async throws -> FinishRequest)
  }

  /// Whose conversation it is.
  public var name: String
  /// The provider, as wakes name it.
  public var provider: String
  /// What is known of the provider's CLI; nil for nothing.
  public var row: Provider?
  /// How an attempt is carried out.
  public var work: Work
  /// Whether a CLI may be run of which nothing is known, and of which nothing is resumed then.
  public var allowsUnknownProvider = false
  /// Where it works.
  public var workspace: WorkspaceName?
  /// After how many seconds without a sign of life its run counts as lost.
  public var leaseSeconds: UInt32 = 60
  /// After how many seconds a CLI is ended; nil for never.
  public var timeoutSeconds: Double?
  /// How long a turn waits for an open run of its session; nil for as long as it takes.
  public var waitSeconds: Double?
  /// What to do where a CLI lives in the session whose host is gone.
  public var orphans = OrphanPolicy.refuse

  /// An agent that a provider of the table runs, or, under another name, one that is not known.
  public init(_ name: String, provider: String, work: Work) {
    self.name = name
    self.provider = provider
    row = Provider.named(provider)
    self.work = work
  }

  /// An agent whose CLI a row of one's own describes.
  public init(_ name: String, provider: Provider, work: Work) {
    self.name = name
    self.provider = provider.name
    row = provider
    self.work = work
  }

  /// Throws for a CLI of which nothing is known, unless that is meant: a name that is misspelt would
  /// never resume anything, and nobody would notice.
  func requireKnownProvider() throws(WakelogError) {
    guard case .command = work, row == nil, !allowsUnknownProvider else { return }
    throw WakelogError(
      .invalidParameter,
      "there is no provider \(provider); give a row of your own, say allowsUnknownProvider, or take "
        + "one of " + Provider.all.map(\.name).joined(separator: ", "), field: "provider")
  }

  /// What a turn of its is asked for.
  func request(
    _ session: String, _ text: String?, key: String?, _ change: (inout WakeRequest) -> Void
  ) -> TurnRequest {
    var wake = WakeRequest(session: session, agent: name, provider: provider, source: .message)
    wake.workspace = workspace
    wake.lease = leaseSeconds
    wake.payload = text
    wake.key = key
    change(&wake)
    var request = TurnRequest(wake)
    request.provider = row
    request.timeoutSeconds = timeoutSeconds
    request.waitSeconds = waitSeconds
    request.orphans = orphans
    return request
  }
}

/// What a function that carries out an attempt tells its host.
public struct Conversation: Sendable {
  private let turn: Turn
  private let stream: AsyncThrowingStream<OutputPiece, any Error>.Continuation

  init(_ turn: Turn, _ stream: AsyncThrowingStream<OutputPiece, any Error>.Continuation) {
    self.turn = turn
    self.stream = stream
  }

  /// Hands over what the agent said or did.
  public func say(_ piece: OutputPiece) { stream.yield(piece) }

  /// Hands over text.
  public func say(_ text: String) { say(.text(text)) }

  /// Names the session, and says whether a model has answered in it.
  public func report(sessionId: String? = nil, entered: Bool = false) async throws(WakelogError) {
    try await aside { [turn] () throws(WakelogError) in
      try turn.report(sessionId: sessionId, entered: entered)
    }
  }
}
