/// A directory with what it is.
public struct Workspace: Hashable, Sendable, BitwiseCopyable {
  /// Its path; compared literally.
  public var path: WorkspaceSymbol
  /// What it is.
  public var kind: WorkspaceKind

  /// Names a directory.
  public init(path: WorkspaceSymbol, kind: WorkspaceKind) {
    self.path = path
    self.kind = kind
  }

  /// Whether it is a project or follows the rules of one.
  public var isProject: Bool { kind != .home }
}

/// Which process of which host asks.
public struct HostClaim: Hashable, Sendable, BitwiseCopyable {
  /// The host.
  public var host: HostSymbol
  /// The epoch it believes to be its own; nil for the host's current one.
  public var epoch: UInt32?

  /// Names a host process.
  public init(host: HostSymbol, epoch: UInt32? = nil) {
    self.host = host
    self.epoch = epoch
  }
}

/// A holder's right to write: which run it believes to hold, and the digest of its fence.
public struct FenceClaim: Hashable, Sendable, BitwiseCopyable {
  /// The run the fence names.
  public var run: SequenceNumber
  /// The digest.
  public var digest: FenceDigest

  /// Claims a run.
  public init(run: SequenceNumber, digest: FenceDigest) {
    self.run = run
    self.digest = digest
  }
}

/// A request to run. See PROTOCOL, wake.
public struct WakeCommand: Sendable {
  /// The key.
  public var session: SessionSymbol
  /// The agent.
  public var agent: AgentSymbol
  /// The provider.
  public var provider: ProviderSymbol
  /// Where the wake comes from.
  public var source: Source
  /// Why.
  public var reason = ReasonSymbol.none
  /// The task or issue.
  public var scope = ScopeSymbol.none
  /// Where.
  public var workspace: Workspace?
  /// Whether a fresh session is demanded.
  public var forceFresh = false
  /// Whether the session is kept from resets by time and rotation.
  public var keep: Bool?
  /// The id asked for.
  public var resume = IdentitySymbol.none
  /// Whether this log knows the id asked for, by this wake or else by the one that waits, for
  /// another provider only.
  public var isResumeOfAnotherProvider = false
  /// How the session is configured.
  public var fingerprint = FingerprintSymbol.none
  /// Whether the host saw the bound session's transcript.
  public var transcript: Bool?
  /// The same for any id that the log knows.
  public var transcripts: [(identity: IdentitySymbol, exists: Bool)] = []
  /// Whether the run leaves a session.
  public var resumable = true
  /// The lease asked for.
  public var leaseSeconds: UInt32?
  /// Who asks.
  public var host: HostClaim?
  /// Whether it carries a payload.
  public var hasPayload = false
  /// Where it stands in a distributed trace.
  public var trace = TraceParent.none
  /// The digest of the fence that the run gets if it starts.
  public var fence: FenceDigest

  /// A wake with everything optional left out.
  public init(
    session: SessionSymbol, agent: AgentSymbol, provider: ProviderSymbol, source: Source,
    fence: FenceDigest
  ) {
    self.session = session
    self.agent = agent
    self.provider = provider
    self.source = source
    self.fence = fence
  }
}

/// A call to start the waiting wake. See PROTOCOL, next.
public struct NextCommand: Sendable {
  /// The key.
  public var session: SessionSymbol
  /// Whether this log knows the id that the waiting wake asks for, for another provider only.
  public var isResumeOfAnotherProvider = false
  /// Who asks.
  public var host: HostClaim?
  /// The lease asked for.
  public var leaseSeconds: UInt32?
  /// The digest of the fence that the run gets.
  public var fence: FenceDigest

  /// A call for a key.
  public init(session: SessionSymbol, fence: FenceDigest) {
    self.session = session
    self.fence = fence
  }
}

/// A sign of life. See PROTOCOL, progress.
public struct ProgressCommand: Sendable {
  /// The key of the run that the fence names.
  public var session: SessionSymbol
  /// The fence.
  public var fence: FenceClaim
  /// The attempt.
  public var attempt: SequenceNumber
  /// The id reported.
  public var reported = IdentitySymbol.none
  /// Whether the session was entered.
  public var entered = false
  /// The process that runs the attempt.
  public var process = ProcessMark.none

  /// A sign of life of an attempt.
  public init(session: SessionSymbol, fence: FenceClaim, attempt: SequenceNumber) {
    self.session = session
    self.fence = fence
    self.attempt = attempt
  }
}

/// The end of an attempt. See PROTOCOL, finish.
public struct FinishCommand: Sendable {
  /// The key of the run that the fence names.
  public var session: SessionSymbol
  /// The fence.
  public var fence: FenceClaim
  /// The attempt.
  public var attempt: SequenceNumber
  /// A digest of all parameters.
  public var request: UInt64
  /// What the attempt left; its provider and whether it resumed are filled in here.
  public var traces: Traces
  /// How the traces were read before: facts from a log whose texts may be gone are not read anew.
  public var classification: Classification?
  /// The id reported.
  public var reported = IdentitySymbol.none
  /// The id to show.
  public var display = Symbol<Space.Display>.none
  /// The opaque parameters.
  public var params = Symbol<Space.Params>.none
  /// The symbolic error code, as in the traces.
  public var errorCode = Symbol<Space.ErrorCode>.none
  /// Whether the provider says that it resumed.
  public var resumed: Bool?
  /// Tokens read, those from a cache included.
  public var inputTokens: UInt64 = 0
  /// Of these, those from a cache.
  public var cachedTokens: UInt64 = 0
  /// Tokens written.
  public var outputTokens: UInt64 = 0
  /// Millionths of the currency unit.
  public var costMicros: UInt64 = 0
  /// Which of these counts are of the whole provider session.
  public var totals: UsageTotals = []
  /// Whether those counts are what they were more than the last ones, as a record tells them.
  public var isCounted = false
  /// Seconds the provider asked to wait.
  public var retryAfterSeconds: UInt32?

  /// The end of an attempt with everything optional left out.
  public init(
    session: SessionSymbol, fence: FenceClaim, attempt: SequenceNumber, request: UInt64,
    traces: Traces
  ) {
    self.session = session
    self.fence = fence
    self.attempt = attempt
    self.request = request
    self.traces = traces
  }
}

/// An operator's correction. See PROTOCOL, repair.
public struct RepairCommand: Sendable {
  /// What a field must be for the repair to be made.
  public enum Expectation<Value: Sendable>: Sendable {
    /// Anything.
    case any
    /// Just this; nil for nothing.
    case exactly(Value?)
  }

  /// What becomes of the binding.
  public enum Setting: Sendable {
    /// It stays.
    case keep
    /// It is cleared.
    case clear
    /// It is this id.
    case bind(IdentitySymbol, ProviderSymbol)
  }

  /// The key.
  public var session: SessionSymbol
  /// The id it must point to.
  public var expectedIdentity: Expectation<IdentitySymbol> = .any
  /// How its last run must have ended.
  public var expectedOutcome: Expectation<Outcome> = .any
  /// What the binding becomes.
  public var setting: Setting = .keep
  /// The condemned id to revive.
  public var revive = IdentitySymbol.none
  /// Who.
  public var by: Symbol<Space.Actor>
  /// Why.
  public var why: Symbol<Space.Text>

  /// A repair that does nothing yet.
  public init(session: SessionSymbol, by: Symbol<Space.Actor>, why: Symbol<Space.Text>) {
    self.session = session
    self.by = by
    self.why = why
  }
}

/// An id that a host had before this log. See PROTOCOL, adopt.
public struct AdoptCommand: Sendable {
  /// The key.
  public var session: SessionSymbol
  /// The agent.
  public var agent: AgentSymbol
  /// The provider.
  public var provider: ProviderSymbol
  /// The id.
  public var identity: IdentitySymbol
  /// Where it lives.
  public var workspace: Workspace?
  /// The id to show.
  public var display = Symbol<Space.Display>.none
  /// What it was configured with.
  public var fingerprint = FingerprintSymbol.none
  /// Who.
  public var by: Symbol<Space.Actor>

  /// An id of a key, with everything optional left out.
  public init(
    session: SessionSymbol, agent: AgentSymbol, provider: ProviderSymbol,
    identity: IdentitySymbol, by: Symbol<Space.Actor>
  ) {
    self.session = session
    self.agent = agent
    self.provider = provider
    self.identity = identity
    self.by = by
  }
}

/// Condemnations to be taken back: those that agree with everything given. See PROTOCOL, revive.
public struct ReviveCommand: Sendable {
  /// The first time of a condemnation, in nanoseconds since 1970.
  public var since: Int64
  /// The last.
  public var until = Int64.max
  /// Why they were condemned, as sessions show it; nil for anything.
  public var because: String?
  /// The ids' provider; none for any.
  public var provider = ProviderSymbol.none
  /// The agent of the keys; none for any.
  public var agent = AgentSymbol.none
  /// Whether to say only what would be revived.
  public var isDry = false
  /// Who.
  public var by: Symbol<Space.Actor>
  /// Why.
  public var why: Symbol<Space.Text>

  /// Everything since a time.
  public init(since: Int64, by: Symbol<Space.Actor>, why: Symbol<Space.Text>) {
    self.since = since
    self.by = by
    self.why = why
  }
}

/// Everything that can be asked of a log. Each becomes events, or an error.
public enum Command: Sendable {
  /// A request to run.
  case wake(WakeCommand)
  /// Starts the waiting wake.
  case next(NextCommand)
  /// A sign of life.
  case progress(ProgressCommand)
  /// The end of an attempt.
  case finish(FinishCommand)
  /// Asks whether a fence is live.
  case check(session: SessionSymbol, fence: FenceClaim)
  /// Moves the flush cursor.
  case flush(session: SessionSymbol, fence: FenceClaim, from: UInt64, to: UInt64)
  /// Drops the waiting wake.
  case cancel(session: SessionSymbol, by: Symbol<Space.Actor>)
  /// Ends a generation.
  case reset(
    session: SessionSymbol, because: Symbol<Space.Text>, ifGeneration: Generation?)
  /// Ends an open run.
  case abandon(
    session: SessionSymbol, run: SequenceNumber, by: Symbol<Space.Actor>,
    why: Symbol<Space.Text>)
  /// Says what a look at the disk found.
  case probe(
    session: SessionSymbol, identity: IdentitySymbol, exists: Bool, detail: Symbol<Space.Text>)
  /// Points a key to an id that its host had before.
  case adoptId(AdoptCommand)
  /// Takes back condemnations in bulk.
  case revive(ReviveCommand)
  /// Begins a host's epoch, in a process.
  case host(HostSymbol, version: Symbol<Space.Version>, process: ProcessMark = .none)
  /// Takes an upgrade one step.
  case upgrade(
    HostSymbol, to: Symbol<Space.Version>, step: UpgradeStep, detail: Symbol<Space.Text>)
  /// Pauses or unpauses an agent.
  case pause(AgentSymbol, isPaused: Bool, by: Symbol<Space.Actor>)
  /// Sets a key right.
  case repair(RepairCommand)
  /// Puts a policy in force.
  case adopt(Symbol<Space.Policy>)
  /// Records that evidence is gone.
  case redact(SequenceNumber, by: Symbol<Space.Actor>, why: Symbol<Space.Text>)
  /// Records that the log begins later from here on.
  case trim(LogTrimmed)
  /// Takes a key out of the state for good.
  case forget(session: SessionSymbol, by: Symbol<Space.Actor>, why: Symbol<Space.Text>)
  /// Ends the runs that an import left open.
  case endImportedRuns
  /// Records words.
  case note(session: SessionSymbol, by: Symbol<Space.Actor>, text: Symbol<Space.Text>)
}
