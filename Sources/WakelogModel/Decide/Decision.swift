/// What a decision may ask of the strings behind symbols, and of the policy in force.
///
/// Strings never change once they have a number, so that a decision that reads them is still a
/// function of its inputs.
public protocol Context: AnyObject {
  /// The rules in force for a key, an agent and a provider.
  func rules(
    session: SessionSymbol, agent: AgentSymbol, provider: ProviderSymbol
  ) -> Rules
  /// The text of a reason.
  func text(of reason: ReasonSymbol) -> String
  /// The text of a provider.
  func text(of provider: ProviderSymbol) -> String
  /// The names of a fingerprint with their values, sorted by name.
  func fingerprint(_ symbol: FingerprintSymbol) -> [(name: String, value: String)]
  /// The symbol of a classifier's entry, assigned if it has none yet.
  func symbol(ofCode code: String) -> Symbol<Space.Code>
}

/// Why a command was not carried out.
public enum Fault: Error, Hashable, Sendable {
  /// The fence is stale.
  case staleFence
  /// Another process took the host's name: its epoch is stale.
  case hostSuperseded(HostSymbol)
  /// The session, agent or run is not known.
  case notFound(String)
  /// The state is not what the command expects.
  case conflict(String)
  /// The flush cursor is elsewhere.
  case cursor(UInt64)
  /// A run is open.
  case busy(String)
  /// A parameter makes no sense.
  case invalid(field: String, String)
}

/// How a wake was disposed of.
public enum Disposition: Hashable, Sendable {
  /// A run started.
  case started
  /// It adds nothing to the open run.
  case coalesced
  /// It waits.
  case deferred
  /// It was refused.
  case refused(RefusalCause)
  /// `next`: nothing waits.
  case none
  /// `next`: a run is open.
  case busy
}

/// What a command answers, beside the state after it.
public enum Answer: Hashable, Sendable {
  /// The state says it all.
  case done
  /// Of `wake` and `next`: the disposition, the run concerned, and its attempt if it started.
  case wake(Disposition, run: SequenceNumber, attempt: SequenceNumber)
  /// Of `progress`: when the lease runs out; 0 without one.
  case leaseUntil(Int64)
  /// Of `finish`: the attempt that ended, and whether the run settled.
  case finished(attempt: SequenceNumber, run: SequenceNumber, settled: Bool)
  /// Of a `finish` that repeats the latest one: nothing new was decided.
  case duplicateFinish
  /// Of `reset`: what the key pointed to before.
  case reset(previous: SessionRow)
  /// Of `host`: the new epoch, the runs that ended, and the upgrade left unfinished.
  case host(epoch: UInt32, interrupted: [Ended], unfinished: Symbol<Space.Version>)

  /// Of `revive`: the condemnations taken back, or that would be.
  case revived([Revived])

  /// A condemnation of an id on a key.
  public struct Revived: Hashable, Sendable {
    /// The id.
    public var identity: IdentitySymbol
    /// The key.
    public var session: SessionSymbol
    /// The id as it was.
    public var row: IdentityRow
  }

  /// A run that a host's start ended.
  public struct Ended: Hashable, Sendable {
    /// The run.
    public var run: SequenceNumber
    /// Its key.
    public var session: SessionSymbol

    /// Names a run with its key.
    public init(run: SequenceNumber, session: SessionSymbol) {
      self.run = run
      self.session = session
    }
  }
}

/// What a command came to.
public struct Decision: Sendable {
  /// The events to append, in order; already reduced into the state they were decided on.
  public internal(set) var events: [Event] = []
  /// The answer; a fault may come with events, which say that a write was rejected.
  public internal(set) var answer: Result<Answer, Fault> = .success(.done)
}
