/// The kinds of events with their numbers in the log: never renumbered, never reused.
public enum EventKind: UInt8, CaseIterable, Hashable, Sendable, BitwiseCopyable {
  /// `wake.requested`
  case wakeRequested = 1
  /// `wake.coalesced`
  case wakeCoalesced = 2
  /// `wake.deferred`
  case wakeDeferred = 3
  /// `wake.refused`
  case wakeRefused = 4
  /// `wake.cancelled`
  case wakeCancelled = 5
  /// `run.started`
  case runStarted = 6
  /// `attempt.started`
  case attemptStarted = 7
  /// `attempt.progressed`
  case attemptProgressed = 8
  /// `attempt.finished`
  case attemptFinished = 9
  /// `fallback.taken`
  case fallbackTaken = 10
  /// `session.opened`
  case sessionOpened = 11
  /// `session.bound`
  case sessionBound = 12
  /// `session.cleared`
  case sessionCleared = 13
  /// `session.condemned`
  case sessionCondemned = 14
  /// `session.suspected`
  case sessionSuspected = 15
  /// `session.revived`
  case sessionRevived = 16
  /// `session.reset`
  case sessionReset = 17
  /// `run.finished`
  case runFinished = 18
  /// `write.rejected`
  case writeRejected = 19
  /// `probe.observed`
  case probeObserved = 20
  /// `host.started`
  case hostStarted = 21
  /// `host.upgraded`
  case hostUpgraded = 22
  /// `transcript.flushed`
  case transcriptFlushed = 23
  /// `agent.paused`
  case agentPaused = 24
  /// `agent.unpaused`
  case agentUnpaused = 25
  /// `session.repaired`
  case sessionRepaired = 26
  /// `policy.adopted`
  case policyAdopted = 27
  /// `evidence.redacted`
  case evidenceRedacted = 28
  /// `note.added`
  case noteAdded = 29
  /// `log.trimmed`
  case logTrimmed = 30
  /// `session.forgotten`
  case sessionForgotten = 31

  /// The kind's name in JSON.
  public var name: String {
    switch self {
    case .wakeRequested: "wake.requested"
    case .wakeCoalesced: "wake.coalesced"
    case .wakeDeferred: "wake.deferred"
    case .wakeRefused: "wake.refused"
    case .wakeCancelled: "wake.cancelled"
    case .runStarted: "run.started"
    case .attemptStarted: "attempt.started"
    case .attemptProgressed: "attempt.progressed"
    case .attemptFinished: "attempt.finished"
    case .fallbackTaken: "fallback.taken"
    case .sessionOpened: "session.opened"
    case .sessionBound: "session.bound"
    case .sessionCleared: "session.cleared"
    case .sessionCondemned: "session.condemned"
    case .sessionSuspected: "session.suspected"
    case .sessionRevived: "session.revived"
    case .sessionReset: "session.reset"
    case .runFinished: "run.finished"
    case .writeRejected: "write.rejected"
    case .probeObserved: "probe.observed"
    case .hostStarted: "host.started"
    case .hostUpgraded: "host.upgraded"
    case .transcriptFlushed: "transcript.flushed"
    case .agentPaused: "agent.paused"
    case .agentUnpaused: "agent.unpaused"
    case .sessionRepaired: "session.repaired"
    case .policyAdopted: "policy.adopted"
    case .evidenceRedacted: "evidence.redacted"
    case .noteAdded: "note.added"
    case .logTrimmed: "log.trimmed"
    case .sessionForgotten: "session.forgotten"
    }
  }

  /// The kind of a name.
  public init?(name: String) {
    guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }
}
