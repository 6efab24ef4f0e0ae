/// Why an attempt failed, as far as its traces tell.
///
/// The raw value is the number kept in the log: never renumbered, never reused.
public enum FailureKind: UInt8, CaseIterable, Hashable, Sendable, BitwiseCopyable {
  /// The provider does not know the session id.
  case unknownSession = 1
  /// A probe or the host saw that the transcript is gone; never concluded from text.
  case missingTranscript = 2
  /// The provider refuses the id for its form.
  case malformedSession = 3
  /// The session is archived and cannot be continued.
  case archivedSession = 4
  /// The id is known but its transcript is unusable.
  case poisonedSession = 5
  /// The session outgrew the model's context.
  case contextOverflow = 6
  /// The id was not found where it was asked for, which is not where it was made.
  case wrongWorkspace = 7
  /// Another process is using the session.
  case sessionInUse = 8

  /// Nothing came back in time.
  case timeout = 20
  /// The process died of a signal or was lost.
  case processLost = 21
  /// The run was ended by a lease, a host's restart or an operator.
  case interrupted = 22
  /// The provider could not be reached.
  case network = 23
  /// The provider failed.
  case serverError = 24
  /// The provider is overloaded.
  case overloaded = 25
  /// A limit that renews with time.
  case rateLimited = 26
  /// Exit code 0, no turn, no output.
  case emptyResponse = 27

  /// Credentials are missing or wrong.
  case authentication = 40
  /// Credentials were revoked or disabled.
  case authenticationRevoked = 41
  /// Spending or credit is exhausted.
  case billing = 42
  /// The model does not exist or may not be used.
  case modelNotFound = 43
  /// The provider refused the request.
  case invalidRequest = 44
  /// The CLI refused to start: wrong flags, an untrusted folder, a broken settings file.
  case misconfigured = 45

  /// Failed after turns, and nothing else fits.
  case agentError = 60
  /// The limit on turns was reached.
  case maxTurns = 61
  /// The model refused.
  case refusal = 62

  /// The run was cancelled.
  case cancelled = 80

  /// Failed without turns, and nothing fits.
  case unclassified = 100
}

/// Whose fault a failure is.
public enum FailureFamily: UInt8, CaseIterable, Hashable, Sendable, BitwiseCopyable {
  /// The provider session cannot be used.
  case session = 1
  /// Machines, networks, providers.
  case infrastructure = 2
  /// Credentials, billing, models, requests.
  case configuration = 3
  /// The agent itself.
  case agent = 4
  /// Somebody asked for it.
  case `operator` = 5
  /// Nobody knows.
  case unknown = 6
}

extension FailureKind {
  /// The family the kind belongs to (PROTOCOL, failure kinds).
  public var family: FailureFamily {
    switch rawValue {
    case ..<20: .session
    case ..<40: .infrastructure
    case ..<60: .configuration
    case ..<80: .agent
    case ..<100: .operator
    default: .unknown
    }
  }
}

extension FailureFamily {
  /// The family's name on the wire.
  public var name: String {
    switch self {
    case .session: "session"
    case .infrastructure: "infrastructure"
    case .configuration: "configuration"
    case .agent: "agent"
    case .operator: "operator"
    case .unknown: "unknown"
    }
  }
}
