public import Wakelog
public import WakelogProviders

/// What a turn is asked for.
public struct TurnRequest: Sendable {
  /// The wake; its `payload` is the text that the agent is to answer.
  public var wake: WakeRequest
  /// What is known of the provider's CLI; nil for one of which nothing is, or for no CLI.
  public var provider: Provider?
  /// After how many seconds a CLI is ended, with all that it has started; nil for never.
  public var timeoutSeconds: Double?
  /// How long to wait, in seconds, where a run of the session is open; nil for as long as it takes.
  public var waitSeconds: Double?
  /// What to do where a CLI lives in the session whose host is gone.
  public var orphans = OrphanPolicy.refuse

  /// A turn for a wake.
  public init(_ wake: WakeRequest) { self.wake = wake }
}

/// An attempt that is to be made.
public struct TurnAttempt: Sendable {
  /// The session key.
  public let session: String
  /// What the agent is asked: the payloads of the wakes that the run answers, in their order, with
  /// an empty line between them.
  public let text: String
  /// The payload of each of these wakes.
  public let payloads: [String]
  /// The run.
  public let run: UInt64
  /// The attempt.
  public let attempt: UInt64
  /// The right to write for the run.
  public let fence: String
  /// How to begin.
  public let plan: PlanResult
  /// How the attempt before it failed, where this is its fallback.
  public let failure: FailureKind?

  /// The id to resume; nil for a fresh session.
  public var sessionId: String? { plan.sessionId }
}

/// What a turn comes to next.
public enum TurnEvent: Sendable {
  /// An attempt is to be made: start a CLI for it, or carry it out and finish it.
  case attempt(TurnAttempt)
  /// What the agent said and did.
  case pieces([OutputPiece])
  /// The turn has ended: with the result of its last attempt, or, where no run was started, nil.
  case end(FinishResult?)
  /// Nothing in the time given.
  case nothing
}
