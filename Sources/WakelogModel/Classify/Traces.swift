/// The traces an attempt left: what the host saw of a process, a call or a request.
///
/// Everything is a raw fact and everything may be missing. Nothing here is a verdict, save
/// ``outcome``, which is what the host itself concluded.
public struct Traces: Sendable, Hashable {
  /// The provider's name as the host spells it: `claude`, `claude_local`, `openai-codex`.
  public var provider: String?
  /// The exit code of the process.
  public var exitCode: Int64?
  /// The number of the signal that ended the process.
  public var signal: Int64?
  /// The name of the signal, with or without `SIG`, when the host knows no number.
  public var signalName: String?
  /// What the process wrote to standard output.
  public var stdout: String
  /// What the process wrote to standard error.
  public var stderr: String
  /// The message of the error, as the host or a library phrased it.
  public var message: String
  /// The HTTP status of the request that failed.
  public var status: Int64?
  /// A symbolic code such as `ECONNRESET` or `insufficient_quota`.
  public var errorCode: String?
  /// The model turns taken; zero says that the session was never entered.
  public var turns: Int64?
  /// What the host concluded itself.
  public var outcome: ReportedOutcome?
  /// Whether the attempt asked for an existing session.
  public var resuming: Bool
  /// What parsed as JSON within the texts above; see ``readStructure(with:)``.
  public var structured: [StructuredTrace]

  /// Gathers the traces of one attempt; whatever is left out was not seen.
  public init(
    provider: String? = nil, exitCode: Int64? = nil, signal: Int64? = nil,
    signalName: String? = nil, stdout: String = "", stderr: String = "", message: String = "",
    status: Int64? = nil, errorCode: String? = nil, turns: Int64? = nil,
    outcome: ReportedOutcome? = nil, resuming: Bool = true, structured: [StructuredTrace] = []
  ) {
    self.provider = provider
    self.exitCode = exitCode
    self.signal = signal
    self.signalName = signalName
    self.stdout = stdout
    self.stderr = stderr
    self.message = message
    self.status = status
    self.errorCode = errorCode
    self.turns = turns
    self.outcome = outcome
    self.resuming = resuming
    self.structured = structured
  }
}

/// How an attempt ended, as reported or as derived.
public enum ReportedOutcome: String, CaseIterable, Sendable, Hashable {
  /// It did what it was asked to do.
  case succeeded
  /// It did not.
  case failed
  /// The host stopped waiting.
  case timedOut
  /// Somebody called it off.
  case cancelled
  /// A lease, a restart or an operator ended it.
  case interrupted
}

/// Where a piece of text stood.
public enum TraceStream: String, CaseIterable, Sendable, Hashable {
  /// Standard error.
  case stderr
  /// Standard output, as plain text.
  case stdout
  /// The message of an error.
  case message
  /// An error read out of a JSON document, whichever stream that stood on.
  case structured
  /// A symbolic code.
  case errorCode
}

/// A JSON document found within a text.
public struct StructuredTrace: Sendable, Hashable {
  /// The text it was found in: `stdout`, `stderr` or `message`.
  public var stream: TraceStream
  /// The document.
  public var value: JSONValue
  /// Where it stood, in UTF-8 bytes of that text; there the text no longer counts as plain.
  public var bytes: Range<Int>

  /// Names a document with its place.
  public init(stream: TraceStream, value: JSONValue, bytes: Range<Int>) {
    self.stream = stream
    self.value = value
    self.bytes = bytes
  }
}
