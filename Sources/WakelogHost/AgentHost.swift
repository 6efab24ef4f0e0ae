internal import Glibc
public import Wakelog
internal import WakelogModel

/// The loop around an agent: wakes it, runs its CLI, falls back, and sees to it that whatever happens
/// the run ends.
///
/// One host for each process and name. It renews the leases of its turns and ends CLIs that take too
/// long from a thread of its own; CLIs are started from another. Every CLI leads a process group and
/// dies with this process.
public final class AgentHost: Sendable {
  /// How a host runs its agents.
  public struct Options: Sendable {
    /// Whether CLIs end with the host, and `close` ends the runs; otherwise both are left as they
    /// are, to be found by the next process of the host.
    public var endsRuns = true

    /// CLIs that end with their host.
    public init() {}
  }

  /// The log.
  public let engine: Engine
  let options: Options
  let spawner = Spawner()
  private let closesEngine: Bool
  private let table = Monitor(Table())

  private struct Table {
    var turns: [ObjectIdentifier: Turn] = [:]
    /// Counts what happened to turns that somebody waits for.
    var changes: UInt64 = 0
    /// How many threads wait for a run of another turn to end.
    var waiting = 0
    /// When the thread looks after the turns next.
    var lookAt = -Double.infinity
    var hasThread = false
    var isClosed = false

    /// Notes when something is due; gives whether the thread has to wake for it.
    mutating func note(due: Double) -> Bool {
      guard due < lookAt else { return false }
      changes += 1
      return true
    }

    /// Notes that a run has ended; gives whether somebody waits for that.
    mutating func noteEnd() -> Bool {
      guard waiting > 0 else { return false }
      changes += 1
      return true
    }
  }

  /// Opens a log under a name that is this process's while it lives, and makes a host over it.
  /// Throws `busy` while another process has the name, and what opening a log does.
  public convenience init(
    _ directory: String, name: String, options: Options = Options(),
    log: Engine.Options = Engine.Options()
  ) throws(WakelogError) {
    var log = log
    log.host = name
    self.init(try Engine.open(directory, options: log), options: options, closesEngine: true)
  }

  /// A host over a log that is open, under the name that it was opened with.
  public convenience init(_ engine: Engine, options: Options = Options()) {
    self.init(engine, options: options, closesEngine: false)
  }

  private init(_ engine: Engine, options: Options, closesEngine: Bool) {
    self.engine = engine
    self.options = options
    self.closesEngine = closesEngine
    interrupted = engine.interrupted.map { InterruptedRun($0, log: engine.folder) }
  }

  /// The runs that earlier processes of this host had left open: they are ended, and what they were
  /// to answer is in their payloads.
  public let interrupted: [InterruptedRun]

  /// Wakes a session.
  ///
  /// Where a run of it is open, the turn waits for its own: `next` says when it has come. Throws
  /// `busy` where a CLI of a host that is gone lives on in the session, unless the request says to
  /// end it or to wait; and what `wake` throws.
  public func turn(_ request: TurnRequest) throws(WakelogError) -> Turn {
    guard !table.look({ $0.isClosed }) else {
      throw WakelogError(.busy, "the host was closed; make another one")
    }
    try settleOrphans(request)
    let wake = try engine.wake(request.wake)
    let turn = Turn(request, self, wake)
    guard !turn.hasEnded else { return turn }
    let due = turn.due
    let isKept = table.update { table in
      guard !table.isClosed else { return (false, false) }
      table.turns[ObjectIdentifier(turn)] = turn
      if !table.hasThread { table.hasThread = Thread.detach { self.tend() } }
      return (table.hasThread, table.note(due: due))
    }
    guard isKept else {
      turn.close()
      throw WakelogError(.busy, "the host was closed, or has no room for a thread")
    }
    return turn
  }

  /// Ends the open run of a session, if this host carries it out; gives whether there was one. What
  /// waits then has its turn: `cancel` of the engine drops it.
  public func stop(_ session: String) -> Bool {
    let turns = turns(of: session)
    for turn in turns { turn.stop() }
    return !turns.isEmpty
  }

  /// Begins a new generation of a session, and ends the CLI that is in the old one.
  @discardableResult
  public func reset(
    _ session: String, because: String? = nil
  ) throws(WakelogError) -> PlainResult {
    var request = ResetRequest(session: session)
    request.because = because
    let result = try engine.reset(request)
    for turn in turns(of: session) {
      turn.lose(WakelogError(.staleFence, "the session was reset while the run was open"))
    }
    return result
  }

  /// Ends every turn, with its CLI, or leaves them as they are, by the options. Closes the log, if
  /// the host has opened it.
  public func close() {
    let turns = table.change { table in
      table.isClosed = true
      table.changes += 1
      return Array(table.turns.values)
    }
    if options.endsRuns {
      for turn in turns { turn.stop(as: .interrupted) }
      // The signals are sent here: the thread that tends the turns may be gone.
      for turn in turns {
        _ = turn.tend(at: monotonicSeconds())
        turn.close()
      }
    } else {
      for turn in turns { turn.leave() }
    }
    table.change { $0.turns = [:] }
    spawner.end()
    if closesEngine { engine.close() }
  }

  private func turns(of session: String) -> [Turn] {
    table.look { table in
      table.turns.values.filter { turn in
        turn.session == session && turn.run != nil && !turn.hasEnded
      }
    }
  }

  // MARK: - for turns

  /// How long after a sign of life the next is given.
  func renewal(_ request: TurnRequest) -> Double { Double(request.wake.lease ?? 60) / 3 }

  /// Has the turns looked at by a time: that of something that is due.
  func look(at due: Double) { table.update { table in ((), table.note(due: due)) } }

  /// Says that a run has ended.
  func noteEnd() { table.update { table in ((), table.noteEnd()) } }

  /// Waits until a run of another turn ends, or for a time.
  func wait(until end: Double) {
    let seen = table.update { table -> (UInt64, Bool) in
      table.waiting += 1
      return (table.changes, false)
    }
    let left = max(0, end - monotonicSeconds())
    _ = table.wait(milliseconds: Int(min(left, 1) * 1_000)) { table in
      table.changes == seen ? nil : true
    }
    table.update { table in
      table.waiting -= 1
      return ((), false)
    }
  }

  /// Lets go of a turn.
  func forget(_ turn: Turn) {
    table.update { table in
      table.turns[ObjectIdentifier(turn)] = nil
      return ((), table.noteEnd())
    }
  }

  /// Renews leases, and ends what takes too long, until the host is closed.
  private func tend() {
    while true {
      let (turns, seen) = table.update { table -> (([Turn], UInt64), Bool) in
        // What is due from here on wakes this thread, or is seen below.
        table.lookAt = .infinity
        return ((Array(table.turns.values), table.changes), false)
      }
      var due = monotonicSeconds() + 60
      for turn in turns { due = min(due, turn.tend(at: monotonicSeconds())) }
      let left = max(0, due - monotonicSeconds())
      _ = table.wait(milliseconds: Int((left * 1_000).rounded(.up))) { table in
        if table.changes != seen { return true }
        table.lookAt = due
        return nil
      }
      // With nothing to tend, the thread would keep the host for ever.
      let isOver = table.update { table -> (Bool, Bool) in
        if table.turns.isEmpty { (table.hasThread, table.lookAt) = (false, -.infinity) }
        return (table.turns.isEmpty, false)
      }
      if isOver { return }
    }
  }

  deinit { spawner.end() }

  private func settleOrphans(_ request: TurnRequest) throws(WakelogError) {
    let (session, log) = (request.wake.session, engine.folder)
    let runs = try RunLock.runs(of: session, engine)
    var ended: UInt64?
    if let found = RunLock.orphans(of: runs, log: log) {
      var isSettled = false
      switch request.orphans {
      case .refuse: break
      case .wait: isSettled = found.wait(seconds: Int(request.waitSeconds ?? 1e9))
      case .end: isSettled = found.end()
      }
      guard isSettled else {
        var error = WakelogError(
          .busy,
          "\(found.name) of run \(found.run) lives on without its host and may write to the session; end "
            + "it, or ask for orphans to be ended or waited for", field: "orphans")
        error.details["pid"] = found.pid.map { .integer(Int64($0)) } ?? .null
        throw error
      }
      ended = found.run
    }
    try RunLock.endAbandoned(
      runs, host: request.wake.host ?? engine.host, by: "wakelog", ended: ended, engine, log: log)
  }
}

extension Turn {
  /// When something is due next.
  var due: Double {
    state.look { state in
      let isOpen = state.phase == .ready || state.phase == .running
      return isOpen ? min(state.renewal, state.limit) : .infinity
    }
  }

  /// Does what is due; gives when to look again.
  func tend(at now: Double) -> Double {
    let (due, isToRenew) = state.change { state -> (Double, Bool) in
      guard state.phase == .ready || state.phase == .running else { return (.infinity, false) }
      if state.agent != nil, now >= state.limit {
        state.limit = .infinity
        state.isLate = true
        state.agent?.termination.begin(at: now)
      }
      var signal = Double.infinity
      if let child = state.agent?.child {
        signal = state.agent?.termination.signal(child, at: now) ?? .infinity
      }
      let isToRenew = now >= state.renewal && state.loss == nil
      if isToRenew { state.renewal = now + host.renewal(request) }
      return (min(signal, state.limit, state.loss == nil ? state.renewal : .infinity), isToRenew)
    }
    // A sign of life that fails is no reason to stop: a fence that is lost is remembered.
    if isToRenew { try? renew() }
    return due
  }
}
