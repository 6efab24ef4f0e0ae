internal import Glibc
public import Wakelog
internal import WakelogModel
internal import WakelogProviders

/// One run of a session, from its wake to its end: attempt after attempt.
///
/// A turn is asked for what comes next, and blocks until it is there. What it gives was checked: once
/// the session is reset, or another process has taken the run, nothing more is handed on, and the
/// CLI is ended. While a turn is open its lease is renewed, whether anybody asks or not. It may be
/// stopped from any thread; only one at a time asks.
public final class Turn: Sendable {
  enum Phase {
    /// Waits for an open run of the session to end.
    case waiting
    /// An attempt is to be made.
    case ready
    /// A CLI makes it.
    case running
    /// It has ended, and the log could not be written.
    case finishing
    /// All is said.
    case ended
  }

  struct State {
    var phase = Phase.ended
    /// Of `wake` or `next`.
    var wake: WakeResult
    var run: UInt64 = 0
    var attempt: UInt64 = 0
    var fence = ""
    var plan = PlanResult(json: .null)
    var payloads: [String] = []
    /// How the attempt before failed.
    var failure: FailureKind?
    /// Whether the attempt was handed out.
    var isAnnounced = false
    var agent: RunningAgent?
    /// Whether a model has answered in this attempt, and the engine knows.
    var wasEntered = false
    /// Whether the CLI was asked to end because it took too long.
    var isLate = false
    /// What is still to be written of the attempt's end.
    var facts: FinishRequest?
    /// How the host wants it to end.
    var stop: ReportedOutcome?
    /// When a turn that waits tries whether the open run has been lost.
    var nextTry = monotonicSeconds() + 1
    /// When the lease is to be renewed.
    var renewal = Double.infinity
    /// When the CLI has had its time.
    var limit = Double.infinity
    /// Why nothing more may be written.
    var loss: WakelogError?
    var result: FinishResult?
    /// What was said of the end of the last attempt.
    var said: String?
    /// Whether a thread asks.
    var isAsked = false
    /// Whether that is who closes it.
    var isClosing = false
  }

  /// The session key.
  public let session: String
  let request: TurnRequest
  let host: AgentHost
  let state: Monitor<State>
  /// The CLI's output; touched only by whoever asks.
  let output: Monitor<AttemptOutput?> = Monitor(nil)
  /// Until when to wait for an open run.
  let patience: Double

  init(_ request: TurnRequest, _ host: AgentHost, _ wake: WakeResult) {
    session = request.wake.session
    self.request = request
    self.host = host
    patience = request.waitSeconds.map { monotonicSeconds() + $0 } ?? .infinity
    var state = State(wake: wake)
    if wake.disposition == "deferred" { state.phase = .waiting }
    self.state = Monitor(state)
    if wake.isStarted { begin(wake) }
  }

  /// What became of the wake: `started`, `deferred` while it waits, `merged` when another turn has
  /// taken it along, `coalesced`, `refused`; `duplicate` when it had been made before.
  public var disposition: String {
    state.look { $0.wake.isDuplicate ? "duplicate" : $0.wake.disposition }
  }
  /// Why it was refused.
  public var because: String? { state.look { $0.wake.because } }
  /// The run that was started; nil for none.
  public var run: UInt64? { state.look { $0.run == 0 ? nil : $0.run } }
  /// The right to write for the run; nil for none.
  public var fence: String? { state.look { $0.fence.isEmpty ? nil : $0.fence } }
  /// The result of the last attempt; nil before its end.
  public var result: FinishResult? { state.look { $0.result } }
  /// What the CLI, or the host, said of the end of the last attempt that failed, in a line; nil for
  /// nothing.
  public var said: String? { state.look { $0.said } }
  /// Whether `stop` was called.
  public var isStopped: Bool { state.look { $0.stop != nil } }
  /// Whether all is said.
  public var hasEnded: Bool { state.look { $0.phase == .ended } }

  /// Takes up a run that was started.
  func begin(_ wake: WakeResult) {
    state.change { state in
      state.wake = wake
      state.run = wake.run ?? 0
      state.attempt = wake.attempt ?? 0
      state.fence = wake.fence ?? ""
      state.plan = wake.plan ?? PlanResult(json: .null)
      state.payloads = wake.payloads
      state.renewal = monotonicSeconds() + host.renewal(request)
      state.phase = wake.isDuplicate ? .ended : .ready
    }
    host.look(at: due)
  }

  /// Starts a CLI for the attempt that `next` gave.
  ///
  /// The words of its session are put in. Throws `invalidParameter` for a call that the provider's
  /// row refuses: change it, or finish the attempt. A CLI that cannot be started has failed, which
  /// `next` says.
  public func start(_ call: AgentCall) throws(WakelogError) {
    try ask()
    defer { answered() }
    let attempt = try announced()
    guard let name = call.words.first else {
      throw WakelogError(
        .invalidParameter, "the call has no words; give a program and its arguments",
        field: "command")
    }
    let path = call.environment["PATH"] ?? ProcessEnvironment.value("PATH")
    let environment =
      call.environment.isEmpty ? nil : ProcessEnvironment.all(changing: call.environment)
    var command = ProviderCommand(words: call.words)
    if let provider = request.provider {
      let id = attempt.plan.isResume ? attempt.plan.sessionId : nil
      let row = ProgramVersions(log: host.engine.folder).row(
        provider, for: call.words, resuming: id, environment: environment, search: path)
      command = try naming { () throws(ProviderError) in
        try row.command(call.words, resuming: id, beginning: randomUUID())
      }
    }
    let folder = call.directory ?? attempt.plan.workspace?.path
    guard let found = ChildProcess.find(name, path: path) else {
      return try failToStart("\(name) could not be started: no such program on the PATH")
    }
    var program = ChildProcess.Program(path: found, words: command.words)
    program.folder = folder
    program.diesWithParent = host.options.endsRuns
    program.environment = environment
    let input = call.input.map { Descriptor.file(of: $0) } ?? Descriptor.nothing()
    defer { if input >= 0 { Glibc.close(input) } }
    guard input >= 0 else {
      return try failToStart("\(name) could not be started: \(systemError())")
    }
    program.input = input
    let lock = RunLock(run: attempt.run, log: host.engine.folder)
    program.kept = lock?.descriptor
    do throws(ChildProcess.StartFailure) {
      let child = try host.spawner.start(program, lock)
      take(child, lock, command.sessionId, call)
    } catch {
      lock?.release()
      let place = folder.map { " in \($0)" } ?? ""
      return try failToStart("\(name) could not be started\(place): \(error.message)")
    }
    try renew()
  }

  private func take(
    _ child: ChildProcess, _ lock: RunLock?, _ begun: String?, _ call: AgentCall
  ) {
    let provider = request.provider
    let isRead =
      provider.map { $0.call.printing.isEmpty || $0.printsId(call.words) } ?? false
    let reader = isRead ? provider.map { OutputReader($0) } : nil
    output.change { $0 = AttemptOutput(child: child, reader: reader) }
    let isToEnd = state.change { state in
      state.agent = RunningAgent(child: child, lock: lock, begun: begun)
      state.phase = .running
      if let seconds = request.timeoutSeconds { state.limit = monotonicSeconds() + seconds }
      let isToEnd = state.stop != nil || state.loss != nil
      if isToEnd { state.agent?.termination.begin(at: monotonicSeconds()) }
      return isToEnd
    }
    host.look(at: isToEnd ? -.infinity : due)
  }

  private func failToStart(_ message: String) throws(WakelogError) {
    try settle(.ended(.failed, message))
  }

  /// Says that the agent lives, and what is known of it: the session that it is in, and whether a
  /// model has answered there. Only for attempts without a CLI; a CLI's is read from its output.
  public func report(sessionId: String? = nil, entered: Bool = false) throws(WakelogError) {
    let attempt = try announced()
    var progress = ProgressRequest(attempt: attempt.attempt, fence: attempt.fence)
    progress.sessionId = sessionId
    progress.entered = entered
    try tell(progress)
  }

  /// Checks that the run may still write.
  public func check() throws(WakelogError) {
    let (fence, loss, hasEnded) = state.look { ($0.fence, $0.loss, $0.phase == .ended) }
    if let loss { throw loss }
    // By its own end, with which the fence has gone: what it said before that is its own.
    if hasEnded { return }
    do throws(WakelogError) {
      try host.engine.check(CheckRequest(session: session, fence: fence))
    } catch {
      if error.isLoss { lose(error) }
      throw error
    }
  }

  /// Finishes the attempt that `next` gave, which was made without a CLI. The attempt and the fence
  /// of the facts are not looked at.
  public func finish(_ facts: FinishRequest) throws(WakelogError) {
    try ask()
    defer { answered() }
    _ = try announced()
    try settle(facts)
  }

  /// Ends the run: its CLI at once, with all that it has started. What `next` gives then says so.
  /// A turn that still waits for its run waits no longer, and the wake stays in the log.
  public func stop(as outcome: ReportedOutcome = .cancelled) {
    state.change { state in
      guard state.phase != .ended, state.stop == nil else { return }
      state.stop = outcome
      state.agent?.termination.begin(at: monotonicSeconds())
    }
    host.look(at: -.infinity)
  }

  /// Ends the turn, if it has not ended, and lets go of it. Its run ends as said: as interrupted, if
  /// the host failed in the middle of it.
  public func close(as outcome: ReportedOutcome = .interrupted) {
    stop(as: outcome)
    // Whoever asks sees the end; where nobody does, it is looked for here.
    let isOurs: Bool? = state.wait(milliseconds: 10_000) { state in
      if state.phase == .ended { return false }
      if state.isAsked { return nil }
      (state.isAsked, state.isClosing) = (true, true)
      return true
    }
    if isOurs == true {
      let end = monotonicSeconds() + 10
      // What is thrown has ended the turn, or is tried again: a full disk may have room by then.
      while !hasEnded, monotonicSeconds() < end {
        if (try? advance(until: end)) == nil { usleep(20_000) }
      }
      state.change { ($0.isAsked, $0.isClosing) = (false, false) }
    }
    // Nobody tends it from here on.
    let left = state.change { state in
      defer { state.agent = nil }
      return state.agent
    }
    if let left {
      kill(left.child.target, SIGKILL)
      outlive(left)
    }
    host.forget(self)
  }

  /// Lets go of a turn that has ended.
  func letGo() { host.forget(self) }

  /// Lets this thread ask, and no other.
  func ask() throws(WakelogError) {
    let isFree: Bool = state.wait { state in
      if state.isClosing { return nil }
      defer { state.isAsked = true }
      return !state.isAsked
    }
    guard isFree else {
      throw WakelogError(.conflict, "another thread asks this turn already", field: "turn")
    }
  }

  /// Lets others ask.
  func answered() { state.change { $0.isAsked = false } }

  /// Leaves the run as it is, and its CLI.
  func leave() {
    let left: RunningAgent? = state.change { state in
      guard state.phase != .ended else { return nil }
      state.loss = WakelogError(
        .busy, "the host was closed, and its run left to the next process of that name")
      state.phase = .ended
      defer { state.agent = nil }
      return state.agent
    }
    if let left { outlive(left) }
  }

  /// Reads on what a CLI prints that nobody carries out any more, so that it is not stopped by a full
  /// pipe, and takes note of its end: it would be a zombie for as long as this process lives.
  private func outlive(_ agent: RunningAgent) {
    let output = output
    _ = Thread.detach {
      while true {
        let part = output.change { $0?.read(milliseconds: 200) ?? .end }
        if case .end = part { break }
      }
      output.change { $0 = nil }
      _ = agent.child.wait {}
    }
  }

  /// The attempt that was handed out and that nobody carries out yet.
  func announced() throws(WakelogError) -> TurnAttempt {
    let (isReady, loss, attempt) = state.look { state in
      (state.phase == .ready && state.isAnnounced, state.loss, self.attempt(state))
    }
    if let loss { throw loss }
    guard isReady else {
      throw WakelogError(
        .conflict, "no attempt is to be made now; ask for what comes next", field: "turn")
    }
    return attempt
  }

  func attempt(_ state: State) -> TurnAttempt {
    TurnAttempt(
      session: session, text: state.payloads.joined(separator: "\n\n"), payloads: state.payloads,
      run: state.run, attempt: state.attempt, fence: state.fence, plan: state.plan,
      failure: state.failure)
  }
}
