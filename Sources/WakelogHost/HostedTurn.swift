internal import Synchronization
public import Wakelog
internal import WakelogModel
public import WakelogProviders

/// Why a run did not succeed.
public struct RunFailed: Error, CustomStringConvertible {
  /// The result of its last attempt.
  public let result: FinishResult
  /// What the agent's CLI said of it, or the host; nil for nothing.
  public let said: String?

  /// The kind of failure; nil where the run was ended by its host.
  public var kind: FailureKind? { result.failure }

  /// Outcome, kind and what was said, in one line.
  public var description: String {
    let kind = kind.map { " (\($0.name))" } ?? ""
    return "the run has \(result.outcome?.name ?? "failed")\(kind)" + (said.map { ": \($0)" } ?? "")
  }
}

/// Why a wake was refused.
public struct RunRefused: Error, CustomStringConvertible {
  /// `paused`, or `notBefore`.
  public let because: String

  /// The cause in a sentence.
  public var description: String { "the wake was refused: \(because)" }
}

/// A turn within its scope: what the agent says and does, piece by piece.
///
/// Ends with the run; throws `RunFailed` where that did not succeed, and `staleFence` or
/// `hostSuperseded` of `WakelogError` where it is another's by now. Empty where no run was started:
/// then `disposition` says why.
public final class HostedTurn: AsyncSequence, Sendable {
  /// What comes.
  public typealias Element = OutputPiece

  /// The turn.
  public let turn: Turn
  private let work: HostedAgent.Work
  private let waiting = Mutex<[OutputPiece]>([])
  private let stream = Mutex<Stream?>(nil)

  /// What a function says while it carries out an attempt.
  private final class Stream: @unchecked Sendable {
    var iterator: AsyncThrowingStream<OutputPiece, any Error>.Iterator
    /// Gives what is known of the end.
    var task: Task<FinishRequest, Never>?
    init(_ stream: AsyncThrowingStream<OutputPiece, any Error>) {
      iterator = stream.makeAsyncIterator()
    }
  }

  init(_ turn: Turn, _ work: HostedAgent.Work) {
    self.turn = turn
    self.work = work
  }

  /// What became of the wake; see `Turn.disposition`.
  public var disposition: String { turn.disposition }
  /// The result of the last attempt; nil before its end.
  public var result: FinishResult? { turn.result }

  /// Ends the run.
  public func stop() {
    turn.stop()
    cancelWork()
  }

  /// Cancels the function that carries out an attempt.
  fileprivate func cancelWork() { stream.withLock { $0?.task?.cancel() } }

  /// One iterator at a time; each goes on where the last one stopped.
  public func makeAsyncIterator() -> Iterator { Iterator(turn: self) }

  /// Gives piece after piece.
  public struct Iterator: AsyncIteratorProtocol {
    fileprivate let turn: HostedTurn

    /// The next piece; nil at the end of the run.
    public func next() async throws -> OutputPiece? {
      let turn = turn
      return try await withTaskCancellationHandler {
        try await turn.next()
      } onCancel: {
        turn.turn.stop(as: .interrupted)
        turn.cancelWork()
      }
    }
  }

  private func next() async throws -> OutputPiece? {
    while true {
      if let piece = waiting.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return piece }
      if let stream = stream.withLock({ $0 }) {
        if let piece = try await stream.iterator.next() {
          try await aside { [turn] () throws(WakelogError) in try turn.check() }
          return piece
        }
        // Only now, when all that it said is handed on: after its end nothing may be.
        self.stream.withLock { $0 = nil }
        if let facts = await stream.task?.value {
          try await aside { [turn] () throws(WakelogError) in try turn.finish(facts) }
        }
      }
      let event = try await aside { [turn] () throws(WakelogError) in try turn.next() }
      switch event {
      case .nothing: continue
      case .pieces(let pieces): waiting.withLock { $0 = pieces }
      case .attempt(let attempt): try await begin(attempt)
      case .end(let result):
        try Task.checkCancellation()
        guard let result, result.outcome != .succeeded else { return nil }
        throw RunFailed(result: result, said: turn.said)
      }
    }
  }

  private func begin(_ attempt: TurnAttempt) async throws {
    switch work {
    case .command(let command):
      let call = try command(attempt)
      try await aside { [turn] () throws(WakelogError) in try turn.start(call) }
    case .function(let function):
      let (pieces, continuation) = AsyncThrowingStream<OutputPiece, any Error>.makeStream()
      let stream = Stream(pieces)
      self.stream.withLock { $0 = stream }
      let conversation = Conversation(turn, continuation)
      stream.task = Task {
        defer { continuation.finish() }
        do {
          return try await function(attempt, conversation)
        } catch {
          return .ended(.failed, "\(type(of: error)): \(error)")
        }
      }
    }
  }
}

extension AgentHost {
  /// Has an agent answer in a session, and sees to it that the run ends when the body does: when it
  /// throws, or its task is cancelled, as interrupted; when it returns before the agent is done, as
  /// cancelled. Either way the CLI is gone by then.
  ///
  /// `key` is an idempotency key: a message that comes twice is answered once. `change` sets what
  /// else the wake has. Throws `RunRefused` for an agent that is paused or a provider that asked to
  /// wait; what `turn` throws; and what the body does.
  public func turn<Result>(
    _ session: String, _ text: String?, by agent: HostedAgent, key: String? = nil,
    _ change: (inout WakeRequest) -> Void = { _ in },
    body: (HostedTurn) async throws -> Result
  ) async throws -> Result {
    try agent.requireKnownProvider()
    let request = agent.request(session, text, key: key, change)
    let turn = try await aside { () throws(WakelogError) in try self.turn(request) }
    if turn.disposition == "refused" { throw RunRefused(because: turn.because ?? "") }
    let hosted = HostedTurn(turn, agent.work)
    defer { hosted.cancelWork() }
    do {
      let result = try await body(hosted)
      await aside { turn.close(as: .cancelled) }
      return result
    } catch {
      await aside { turn.close(as: .interrupted) }
      throw error
    }
  }
}

/// Does what blocks on a thread of its own.
func aside<Value: Sendable>(
  _ body: @escaping @Sendable () throws(WakelogError) -> Value
) async throws(WakelogError) -> Value {
  try await withCheckedContinuation { continuation in
    let isStarted = Thread.detach {
      continuation.resume(returning: Swift.Result { () throws(WakelogError) in try body() })
    }
    if !isStarted {
      continuation.resume(
        returning: .failure(WakelogError(.busy, "the system has no room for a thread; try again")))
    }
  }.get()
}

/// The same for what throws nothing; here where there is no thread to be had.
func aside(_ body: @escaping @Sendable () -> Void) async {
  await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
    let isStarted = Thread.detach {
      body()
      continuation.resume()
    }
    if !isStarted {
      body()
      continuation.resume()
    }
  }
}
