internal import WakelogModel

/// Something that came from outside, as a record tells it; all else in the record was decided.
struct OutsideFact {
  /// When.
  var at: Instant
  /// The event that tells it.
  var sequence: SequenceNumber
  /// The key; none for what belongs to no key.
  var session: SessionSymbol
  /// The run that the event names.
  var run: SequenceNumber
  /// What.
  var deed: Deed

  /// The kinds of facts.
  enum Deed {
    /// A wake, the ids whose transcripts it says are gone, and what its start showed.
    case wake(WakeRequested, missing: [IdentitySymbol], WakeContext)
    /// The waiting wake was asked for; nil when nothing started.
    case next(RunStarted?, lease: UInt32?, WakeContext)
    case progress(AttemptProgressed)
    case finish(AttemptFinished)
    case flush(TranscriptFlushed)
    case cancel(WakeCancelled)
    case reset(SessionReset)
    case abandon(RunFinished)
    case probe(ProbeObserved)
    case host(HostStarted)
    case upgrade(HostUpgraded)
    case pause(AgentSwitched, isPaused: Bool)
    case repair(SessionRepaired, revive: IdentitySymbol, RepairCommand.Setting)
    case adopt(PolicyAdopted)
    case redact(EvidenceRedacted)
    case forget(SessionForgotten)
    case note(NoteAdded)
    /// An import ended the runs that were open.
    case endImported
    /// A write that was refused at the door: it changed nothing, and is told again as it is.
    case rejected(WriteRejected)
    /// What an importer found in a store: told again as it is.
    case found(Event)
  }

  /// What only the events around a wake tell of it.
  struct WakeContext {
    /// The key's binding when the wake came, of which it says whether the transcript is there.
    var bound = IdentitySymbol.none
    /// The fence that its run got.
    var fence = FenceDigest.none
    /// The id asked for was known for another provider only.
    var isResumeOfAnotherProvider = false
    /// It asked for the longest lease, which counts as none and takes that of a wake that waited.
    var endsWaitingLease = false
  }
}
