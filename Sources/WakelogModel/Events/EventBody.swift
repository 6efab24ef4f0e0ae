/// What an event says: its kind with the kind's own fields.
public enum EventBody: Hashable, Sendable, BitwiseCopyable {
  /// `wake.requested`
  case wakeRequested(WakeRequested)
  /// `wake.coalesced`
  case wakeCoalesced(WakeCoalesced)
  /// `wake.deferred`
  case wakeDeferred(WakeDeferred)
  /// `wake.refused`
  case wakeRefused(WakeRefused)
  /// `wake.cancelled`
  case wakeCancelled(WakeCancelled)
  /// `run.started`
  case runStarted(RunStarted)
  /// `attempt.started`
  case attemptStarted(AttemptStarted)
  /// `attempt.progressed`
  case attemptProgressed(AttemptProgressed)
  /// `attempt.finished`
  case attemptFinished(AttemptFinished)
  /// `fallback.taken`
  case fallbackTaken(FallbackTaken)
  /// `session.opened`
  case sessionOpened(SessionOpened)
  /// `session.bound`
  case sessionBound(SessionBound)
  /// `session.cleared`
  case sessionCleared(SessionCleared)
  /// `session.condemned`
  case sessionCondemned(SessionCondemned)
  /// `session.suspected`
  case sessionSuspected(SessionSuspected)
  /// `session.revived`
  case sessionRevived(SessionRevived)
  /// `session.reset`
  case sessionReset(SessionReset)
  /// `run.finished`
  case runFinished(RunFinished)
  /// `write.rejected`
  case writeRejected(WriteRejected)
  /// `probe.observed`
  case probeObserved(ProbeObserved)
  /// `host.started`
  case hostStarted(HostStarted)
  /// `host.upgraded`
  case hostUpgraded(HostUpgraded)
  /// `transcript.flushed`
  case transcriptFlushed(TranscriptFlushed)
  /// `agent.paused`
  case agentPaused(AgentSwitched)
  /// `agent.unpaused`
  case agentUnpaused(AgentSwitched)
  /// `session.repaired`
  case sessionRepaired(SessionRepaired)
  /// `policy.adopted`
  case policyAdopted(PolicyAdopted)
  /// `evidence.redacted`
  case evidenceRedacted(EvidenceRedacted)
  /// `note.added`
  case noteAdded(NoteAdded)
  /// `log.trimmed`
  case logTrimmed(LogTrimmed)
  /// `session.forgotten`
  case sessionForgotten(SessionForgotten)
  /// A kind written by a newer version: carried and counted, never dropped.
  case unrecognised(UInt8)

  /// The number of the kind in the log.
  public var kindNumber: UInt8 {
    if case .unrecognised(let number) = self { number } else { kind?.rawValue ?? 0 }
  }

  /// The kind; nil when this version does not know it.
  public var kind: EventKind? {
    switch self {
    case .wakeRequested: .wakeRequested
    case .wakeCoalesced: .wakeCoalesced
    case .wakeDeferred: .wakeDeferred
    case .wakeRefused: .wakeRefused
    case .wakeCancelled: .wakeCancelled
    case .runStarted: .runStarted
    case .attemptStarted: .attemptStarted
    case .attemptProgressed: .attemptProgressed
    case .attemptFinished: .attemptFinished
    case .fallbackTaken: .fallbackTaken
    case .sessionOpened: .sessionOpened
    case .sessionBound: .sessionBound
    case .sessionCleared: .sessionCleared
    case .sessionCondemned: .sessionCondemned
    case .sessionSuspected: .sessionSuspected
    case .sessionRevived: .sessionRevived
    case .sessionReset: .sessionReset
    case .runFinished: .runFinished
    case .writeRejected: .writeRejected
    case .probeObserved: .probeObserved
    case .hostStarted: .hostStarted
    case .hostUpgraded: .hostUpgraded
    case .transcriptFlushed: .transcriptFlushed
    case .agentPaused: .agentPaused
    case .agentUnpaused: .agentUnpaused
    case .sessionRepaired: .sessionRepaired
    case .policyAdopted: .policyAdopted
    case .evidenceRedacted: .evidenceRedacted
    case .noteAdded: .noteAdded
    case .logTrimmed: .logTrimmed
    case .sessionForgotten: .sessionForgotten
    case .unrecognised: nil
    }
  }

  /// Reads a body of that kind.
  @inline(__always)
  init<Visitor: FieldVisitor>(_ kind: EventKind, _ reader: inout Visitor) {
    @inline(__always)
    func read<Payload: EventPayload>(_ payload: Payload) -> Payload {
      var payload = payload
      payload.visit(&reader)
      return payload
    }
    switch kind {
    case .wakeRequested: self = .wakeRequested(read(WakeRequested()))
    case .wakeCoalesced: self = .wakeCoalesced(read(WakeCoalesced()))
    case .wakeDeferred: self = .wakeDeferred(read(WakeDeferred()))
    case .wakeRefused: self = .wakeRefused(read(WakeRefused()))
    case .wakeCancelled: self = .wakeCancelled(read(WakeCancelled()))
    case .runStarted: self = .runStarted(read(RunStarted()))
    case .attemptStarted: self = .attemptStarted(read(AttemptStarted()))
    case .attemptProgressed: self = .attemptProgressed(read(AttemptProgressed()))
    case .attemptFinished: self = .attemptFinished(read(AttemptFinished()))
    case .fallbackTaken: self = .fallbackTaken(read(FallbackTaken()))
    case .sessionOpened: self = .sessionOpened(read(SessionOpened()))
    case .sessionBound: self = .sessionBound(read(SessionBound()))
    case .sessionCleared: self = .sessionCleared(read(SessionCleared()))
    case .sessionCondemned: self = .sessionCondemned(read(SessionCondemned()))
    case .sessionSuspected: self = .sessionSuspected(read(SessionSuspected()))
    case .sessionRevived: self = .sessionRevived(read(SessionRevived()))
    case .sessionReset: self = .sessionReset(read(SessionReset()))
    case .runFinished: self = .runFinished(read(RunFinished()))
    case .writeRejected: self = .writeRejected(read(WriteRejected()))
    case .probeObserved: self = .probeObserved(read(ProbeObserved()))
    case .hostStarted: self = .hostStarted(read(HostStarted()))
    case .hostUpgraded: self = .hostUpgraded(read(HostUpgraded()))
    case .transcriptFlushed: self = .transcriptFlushed(read(TranscriptFlushed()))
    case .agentPaused: self = .agentPaused(read(AgentSwitched()))
    case .agentUnpaused: self = .agentUnpaused(read(AgentSwitched()))
    case .sessionRepaired: self = .sessionRepaired(read(SessionRepaired()))
    case .policyAdopted: self = .policyAdopted(read(PolicyAdopted()))
    case .evidenceRedacted: self = .evidenceRedacted(read(EvidenceRedacted()))
    case .noteAdded: self = .noteAdded(read(NoteAdded()))
    case .logTrimmed: self = .logTrimmed(read(LogTrimmed()))
    case .sessionForgotten: self = .sessionForgotten(read(SessionForgotten()))
    }
  }

  /// Shows every field to a visitor, which may change it.
  @inline(__always)
  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor) {
    switch self {
    case .wakeRequested(var payload):
      payload.visit(&visitor)
      self = .wakeRequested(payload)
    case .wakeCoalesced(var payload):
      payload.visit(&visitor)
      self = .wakeCoalesced(payload)
    case .wakeDeferred(var payload):
      payload.visit(&visitor)
      self = .wakeDeferred(payload)
    case .wakeRefused(var payload):
      payload.visit(&visitor)
      self = .wakeRefused(payload)
    case .wakeCancelled(var payload):
      payload.visit(&visitor)
      self = .wakeCancelled(payload)
    case .runStarted(var payload):
      payload.visit(&visitor)
      self = .runStarted(payload)
    case .attemptStarted(var payload):
      payload.visit(&visitor)
      self = .attemptStarted(payload)
    case .attemptProgressed(var payload):
      payload.visit(&visitor)
      self = .attemptProgressed(payload)
    case .attemptFinished(var payload):
      payload.visit(&visitor)
      self = .attemptFinished(payload)
    case .fallbackTaken(var payload):
      payload.visit(&visitor)
      self = .fallbackTaken(payload)
    case .sessionOpened(var payload):
      payload.visit(&visitor)
      self = .sessionOpened(payload)
    case .sessionBound(var payload):
      payload.visit(&visitor)
      self = .sessionBound(payload)
    case .sessionCleared(var payload):
      payload.visit(&visitor)
      self = .sessionCleared(payload)
    case .sessionCondemned(var payload):
      payload.visit(&visitor)
      self = .sessionCondemned(payload)
    case .sessionSuspected(var payload):
      payload.visit(&visitor)
      self = .sessionSuspected(payload)
    case .sessionRevived(var payload):
      payload.visit(&visitor)
      self = .sessionRevived(payload)
    case .sessionReset(var payload):
      payload.visit(&visitor)
      self = .sessionReset(payload)
    case .runFinished(var payload):
      payload.visit(&visitor)
      self = .runFinished(payload)
    case .writeRejected(var payload):
      payload.visit(&visitor)
      self = .writeRejected(payload)
    case .probeObserved(var payload):
      payload.visit(&visitor)
      self = .probeObserved(payload)
    case .hostStarted(var payload):
      payload.visit(&visitor)
      self = .hostStarted(payload)
    case .hostUpgraded(var payload):
      payload.visit(&visitor)
      self = .hostUpgraded(payload)
    case .transcriptFlushed(var payload):
      payload.visit(&visitor)
      self = .transcriptFlushed(payload)
    case .agentPaused(var payload):
      payload.visit(&visitor)
      self = .agentPaused(payload)
    case .agentUnpaused(var payload):
      payload.visit(&visitor)
      self = .agentUnpaused(payload)
    case .sessionRepaired(var payload):
      payload.visit(&visitor)
      self = .sessionRepaired(payload)
    case .policyAdopted(var payload):
      payload.visit(&visitor)
      self = .policyAdopted(payload)
    case .evidenceRedacted(var payload):
      payload.visit(&visitor)
      self = .evidenceRedacted(payload)
    case .noteAdded(var payload):
      payload.visit(&visitor)
      self = .noteAdded(payload)
    case .logTrimmed(var payload):
      payload.visit(&visitor)
      self = .logTrimmed(payload)
    case .sessionForgotten(var payload):
      payload.visit(&visitor)
      self = .sessionForgotten(payload)
    case .unrecognised: break
    }
  }
}
