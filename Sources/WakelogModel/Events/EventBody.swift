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
    case .unrecognised: nil
    }
  }

  /// A body of that kind whose fields are all zero.
  init(empty kind: EventKind) {
    switch kind {
    case .wakeRequested: self = .wakeRequested(WakeRequested())
    case .wakeCoalesced: self = .wakeCoalesced(WakeCoalesced())
    case .wakeDeferred: self = .wakeDeferred(WakeDeferred())
    case .wakeRefused: self = .wakeRefused(WakeRefused())
    case .wakeCancelled: self = .wakeCancelled(WakeCancelled())
    case .runStarted: self = .runStarted(RunStarted())
    case .attemptStarted: self = .attemptStarted(AttemptStarted())
    case .attemptProgressed: self = .attemptProgressed(AttemptProgressed())
    case .attemptFinished: self = .attemptFinished(AttemptFinished())
    case .fallbackTaken: self = .fallbackTaken(FallbackTaken())
    case .sessionOpened: self = .sessionOpened(SessionOpened())
    case .sessionBound: self = .sessionBound(SessionBound())
    case .sessionCleared: self = .sessionCleared(SessionCleared())
    case .sessionCondemned: self = .sessionCondemned(SessionCondemned())
    case .sessionSuspected: self = .sessionSuspected(SessionSuspected())
    case .sessionRevived: self = .sessionRevived(SessionRevived())
    case .sessionReset: self = .sessionReset(SessionReset())
    case .runFinished: self = .runFinished(RunFinished())
    case .writeRejected: self = .writeRejected(WriteRejected())
    case .probeObserved: self = .probeObserved(ProbeObserved())
    case .hostStarted: self = .hostStarted(HostStarted())
    case .hostUpgraded: self = .hostUpgraded(HostUpgraded())
    case .transcriptFlushed: self = .transcriptFlushed(TranscriptFlushed())
    case .agentPaused: self = .agentPaused(AgentSwitched())
    case .agentUnpaused: self = .agentUnpaused(AgentSwitched())
    case .sessionRepaired: self = .sessionRepaired(SessionRepaired())
    case .policyAdopted: self = .policyAdopted(PolicyAdopted())
    case .evidenceRedacted: self = .evidenceRedacted(EvidenceRedacted())
    case .noteAdded: self = .noteAdded(NoteAdded())
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
    case .unrecognised: break
    }
  }
}
