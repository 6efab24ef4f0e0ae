/// The rules by which events add up; a checkpoint of other rules is not used.
public let reducerVersion: UInt32 = 6

/// Everything the log says, added up: what `reduce` makes of its events in order.
///
/// The same events give the same state, byte for byte, in any process. Values of strings are
/// their symbols; whoever needs the strings asks the log.
public struct State: Sendable {
  /// Session keys.
  public var sessions = Table<SessionRow>()
  /// Provider sessions.
  public var identities = Table<IdentityRow>()
  /// Agents.
  public var agents = Table<AgentRow>()
  /// Hosts.
  public var hosts = Table<HostRow>()
  /// Open runs.
  public var runs = Arena<RunRow>()
  /// Waiting wakes.
  public var pendings = Arena<PendingRow>()
  /// Reasons of waiting wakes.
  public var reasons = Arena<ReasonRow>()
  /// Lanes of agents.
  public var lanes = Table<LaneRow>()
  /// Mintings by further keys.
  public var mintings = Table<MintingRow>()
  /// Places where ids were not found.
  public var misses = Table<MissRow>()
  /// Ids condemned on keys.
  public var condemnations = Table<CondemnationRow>()
  /// What attention needs to know of keys.
  public var alarms = Table<AlarmRow>()
  /// Versions of hosts.
  public var versions = Table<VersionRow>()
  /// What providers counted of whole sessions.
  public var usages = Table<UsageRow>()
  /// Bindings of keys with other providers than the one used last.
  public var bindings = Arena<BindingRow>()
  /// The rest.
  public var totals = Totals()

  /// The totals before each batch of changes that are remembered.
  private var totalsBefore: [Totals] = []

  /// The state of an empty log.
  public init() {}

  /// The position of the last event reduced.
  @inlinable public var position: SequenceNumber { totals.position }

  /// Counters and the policy in force.
  public struct Totals: StateRow {
    /// The position of the last event reduced.
    public var position = SequenceNumber.none
    /// The last event that belongs to no session.
    public var systemHead = SequenceNumber.none
    /// The log's time.
    public var clock = LogClock()
    /// When the policy in force was adopted.
    public var policySince: Int64 = 0
    /// Events of kinds that this version does not know.
    public var unrecognised: UInt64 = 0
    /// The policy in force; none for `standard`.
    public var policy = Symbol<Space.Policy>.none
    /// The offset of that time, minutes.
    public var policyOffset: Int16 = 0
    /// How many keys were forgotten, counted round: when it changes, names may have gone.
    public var forgotten: UInt16 = 0

    /// Nothing.
    public init() {}
  }

  /// Calls a closure with every table and arena, in one fixed order.
  ///
  /// One list for all who go over the whole state: journal, checkpoint and hash.
  public mutating func forEachTable(_ visitor: inout some TableVisitor) throws {
    try visitor.visit(1, &sessions)
    try visitor.visit(2, &identities)
    try visitor.visit(3, &agents)
    try visitor.visit(4, &hosts)
    try visitor.visit(5, &runs)
    try visitor.visit(6, &pendings)
    try visitor.visit(7, &reasons)
    try visitor.visit(8, &lanes)
    try visitor.visit(9, &mintings)
    try visitor.visit(10, &misses)
    try visitor.visit(11, &condemnations)
    try visitor.visit(12, &alarms)
    try visitor.visit(13, &versions)
    try visitor.visit(14, &usages)
    try visitor.visit(15, &bindings)
  }

  /// Begins a batch of changes, so that they can be taken back with those of the batches before
  /// it that are remembered.
  public mutating func beginJournal() {
    totalsBefore.append(totals)
    var visitor = JournalVisitor(step: .begin)
    visitor.run(&self)
  }

  /// Keeps the changes of the oldest batch; later ones can still be taken back.
  public mutating func keepOldestChanges() {
    guard !totalsBefore.isEmpty else { return }
    totalsBefore.removeFirst()
    var visitor = JournalVisitor(step: .keepOldest)
    visitor.run(&self)
  }

  /// Keeps every change that is remembered.
  public mutating func keepChanges() {
    totalsBefore.removeAll(keepingCapacity: true)
    var visitor = JournalVisitor(step: .keep)
    visitor.run(&self)
  }

  /// Takes back every batch of changes; does nothing when none are remembered.
  public mutating func undoChanges() {
    guard let before = totalsBefore.first else { return }
    totals = before
    totalsBefore.removeAll(keepingCapacity: true)
    var visitor = JournalVisitor(step: .undo)
    visitor.run(&self)
  }
}

/// Sees every table of a state.
public protocol TableVisitor {
  /// A table with its number in checkpoints.
  mutating func visit<Row>(_ number: UInt8, _ table: inout Table<Row>) throws
  /// An arena with its number in checkpoints.
  mutating func visit<Row>(_ number: UInt8, _ arena: inout Arena<Row>) throws
}

private struct JournalVisitor: TableVisitor {
  enum Step { case begin, keepOldest, keep, undo }
  var step: Step

  mutating func run(_ state: inout State) {
    // No table throws here.
    do { try state.forEachTable(&self) } catch { preconditionFailure("journal: \(error)") }
  }

  mutating func visit<Row>(_ number: UInt8, _ table: inout Table<Row>) throws {
    switch step {
    case .begin: table.beginJournal()
    case .keepOldest: table.keepOldest()
    case .keep: table.keepChanges()
    case .undo: table.undoChanges()
    }
  }

  mutating func visit<Row>(_ number: UInt8, _ arena: inout Arena<Row>) throws {
    switch step {
    case .begin: arena.beginJournal()
    case .keepOldest: arena.keepOldest()
    case .keep: arena.keepChanges()
    case .undo: arena.undoChanges()
    }
  }
}

extension State {
  /// A session's open run; nil when there is none.
  @inlinable @inline(__always)
  public func openRun(of session: SessionSymbol) -> RunRow? {
    let row = sessions[session.number]
    return row.openRun == 0 ? nil : runs[row.openRun]
  }

  /// A session's waiting wake; nil when there is none.
  @inlinable @inline(__always)
  public func pending(of session: SessionSymbol) -> PendingRow? {
    let row = sessions[session.number]
    return row.pending == 0 ? nil : pendings[row.pending]
  }

  /// Where an id was minted, as seen from a key: where this key first bound it, else where any
  /// key last did, else where it was first seen.
  public func minted(_ identity: IdentitySymbol, for session: SessionSymbol) -> SequenceNumber {
    let row = identities[identity.number]
    if row.mintedBy == session { return row.minted }
    var link = row.mintings
    while link != 0 {
      let minting = mintings[link]
      if minting.session == session { return minting.at }
      link = minting.next
    }
    return row.lastBound.exists ? row.lastBound : row.firstSeen
  }

  /// How often an id was not found in a workspace on a host.
  public func misses(
    of identity: IdentitySymbol, in workspace: WorkspaceSymbol, on host: HostSymbol
  ) -> UInt32 {
    var link = identities[identity.number].misses
    while link != 0 {
      let miss = misses[link]
      if miss.workspace == workspace, miss.host == host { return miss.count }
      link = miss.next
    }
    return 0
  }

  /// The lane of an agent with a provider; 0 for none.
  public func lane(of agent: AgentSymbol, with provider: ProviderSymbol) -> UInt32 {
    var link = agents[agent.number].lanes
    while link != 0 {
      let lane = lanes[link]
      if lane.provider == provider { return link }
      link = lane.next
    }
    return 0
  }

  /// How far a version of a host has come.
  public func step(of version: Symbol<Space.Version>, on host: HostSymbol) -> UpgradeStep? {
    var link = hosts[host.number].versions
    while link != 0 {
      let row = versions[link]
      if row.version == version { return row.step }
      link = row.next
    }
    return nil
  }
}
