/// What no correct engine ever breaks: the ten laws of DESIGN. The raw value is the wire name.
public enum Law: String, CaseIterable, Hashable, Sendable {
  /// A condemned id is never offered again.
  case deadStaysDead
  /// Only what is proven, imported, asserted or vouched for is offered; what never entered its
  /// session is never bound.
  case proofBeforeResume
  /// Nothing minted before a reset is offered, bound or written after it.
  case resetIsAWall
  /// A run ends as its last attempt did, and a recovered failure leaves no error.
  case lastAttemptDecides
  /// A session is resumed in its workspace or not at all.
  case sessionInItsWorkspace
  /// One open run per key, and per provider session.
  case oneOpenRun
  /// Each wake gets one disposition, each run ends once, and failing twice changes something.
  case everyWakeSettles
  /// Only failures of the agent's family count against it.
  case infrastructureIsNotTheAgent
  /// A write by a run that has ended, or was never open, changes nothing.
  case staleWritersLose
  /// The same events give the same state; see `State.firstDifference(from:)`.
  case replayEqualsLive
}

/// A law broken on a key: where first, and how often.
public struct Violation: Hashable, Sendable {
  /// The law.
  public var law: Law
  /// The key; none for what belongs to no key.
  public var session: SessionSymbol
  /// The event that broke it first.
  public var sequence: SequenceNumber
  /// What that event did, in words.
  public var because: String
  /// The known incident that the first violation looks like, as `paperclip#6608`.
  public var incident: String?
  /// How many events of the key broke the law.
  public var count: Int

  /// The first violation of a law on a key.
  public init(
    law: Law, session: SessionSymbol, sequence: SequenceNumber, because: String,
    incident: String? = nil, count: Int = 1
  ) {
    self.law = law
    self.session = session
    self.sequence = sequence
    self.because = because
    self.incident = incident
    self.count = count
  }
}
