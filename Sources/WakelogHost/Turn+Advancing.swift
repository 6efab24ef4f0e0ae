internal import Glibc
public import Wakelog
internal import WakelogModel
internal import WakelogProviders

extension Turn {
  /// What comes next, waiting for it so many milliseconds at most.
  ///
  /// Throws `staleFence` or `hostSuperseded` once the run is another's, what the engine throws, and
  /// `conflict` where an attempt that was given was neither started nor finished, or another thread
  /// asks. After a throw of the first two the turn has ended.
  public func next(milliseconds: Int = .max) throws(WakelogError) -> TurnEvent {
    try ask()
    defer { answered() }
    let end = milliseconds == .max ? .infinity : monotonicSeconds() + Double(milliseconds) / 1_000
    return try advance(until: end)
  }

  /// What comes next; to be called with `isAsked` set.
  func advance(until end: Double) throws(WakelogError) -> TurnEvent {
    while true {
      let (phase, isAnnounced, isStopping) = state.look {
        ($0.phase, $0.isAnnounced, $0.stop != nil || $0.loss != nil)
      }
      switch phase {
      case .ended: return .end(try last())
      case .finishing:
        try settle(state.look { $0.facts } ?? .ended(.interrupted))
      case .waiting:
        if isStopping || monotonicSeconds() >= patience {
          conclude(nil)
        } else if try !takeTurn() {
          guard monotonicSeconds() < end else { return .nothing }
          host.wait(until: min(end, patience, monotonicSeconds() + 0.1))
        }
      case .ready where isStopping:
        try settle(.ended(.interrupted))
      case .ready where !isAnnounced:
        return .attempt(
          state.change { state in
            state.isAnnounced = true
            return attempt(state)
          })
      case .ready:
        throw WakelogError(
          .conflict, "the attempt has to be started or finished first", field: "turn")
      case .running:
        let left = max(0, end - monotonicSeconds())
        if let event = try pump(milliseconds: Int(min(left, 0.2) * 1_000)) { return event }
        if monotonicSeconds() >= end, state.look({ $0.phase == .running }) { return .nothing }
      }
    }
  }

  /// The end, as it is said again and again.
  private func last() throws(WakelogError) -> FinishResult? {
    let (loss, result) = state.look { ($0.loss, $0.result) }
    if let loss { throw loss }
    return result
  }

  /// Starts the wake that waits, if no run is open; gives whether waiting is over.
  private func takeTurn() throws(WakelogError) -> Bool {
    // A run whose process is gone is open until somebody tries, and finds its lease expired.
    let now = monotonicSeconds()
    let isDue = state.change { state in
      defer { if now >= state.nextTry { state.nextTry = now + 1 } }
      return now >= state.nextTry
    }
    if !isDue {
      guard try host.engine.runs(of: session).open == nil else { return false }
    }
    var request = NextRequest(session: session)
    (request.host, request.lease) = (self.request.wake.host, self.request.wake.lease)
    let next: WakeResult
    do throws(WakelogError) {
      next = try host.engine.next(request)
    } catch {
      // Another was faster.
      guard error.code == .busy else { throw error }
      return false
    }
    switch next.disposition {
    case "started": begin(next)
    case "busy": return false
    case "none": conclude(WakeResult(json: ["disposition": "merged"]))
    default: conclude(next)
    }
    return true
  }

  /// Ends a turn that started nothing.
  private func conclude(_ wake: WakeResult?) {
    state.change { state in
      if let wake { state.wake = wake }
      state.phase = .ended
    }
  }

  /// Reads what the CLI prints; nil where that is nothing to hand on.
  private func pump(milliseconds: Int) throws(WakelogError) -> TurnEvent? {
    let part = output.change { $0?.read(milliseconds: milliseconds) ?? .end }
    switch part {
    case .nothing, .errors: return nil
    case .output(let bytes):
      let pieces = output.change { $0?.pieces(bytes) ?? [] }
      try sayIfEntered()
      return try handOn(pieces)
    case .end:
      let pieces = output.change { $0?.end() ?? [] }
      if !pieces.isEmpty { try sayIfEntered() }
      let event = try handOn(pieces)
      try endAgent()
      return event
    }
  }

  private func handOn(_ pieces: [OutputPiece]) throws(WakelogError) -> TurnEvent? {
    guard !pieces.isEmpty else { return nil }
    do throws(WakelogError) {
      try check()
      return .pieces(pieces)
    } catch {
      // The CLI is being ended; its end is waited for, and then told.
      guard error.isLoss else { throw error }
      return nil
    }
  }

  /// The id that a CLI reports is proven as soon as a model has answered, not only at the end.
  private func sayIfEntered() throws(WakelogError) {
    let reading = output.look { $0?.reading } ?? AttemptReading()
    guard reading.isEntered else { return }
    let progress: ProgressRequest? = state.change { state in
      guard !state.wasEntered else { return nil }
      state.wasEntered = true
      guard let id = reading.sessionId ?? state.agent?.begun ?? state.plan.sessionId else {
        return nil
      }
      var progress = state.signOfLife
      progress.sessionId = id
      progress.entered = true
      return progress
    }
    if let progress { try? tell(progress) }
  }

  /// Finishes the attempt of a CLI that has ended.
  private func endAgent() throws(WakelogError) {
    guard let agent = state.look({ $0.agent }) else { return }
    let ending = agent.child.wait { self.state.change { $0.agent = nil } }
    agent.lock?.release()
    let (attempt, isLate) = state.look { ($0.attempt, $0.isLate) }
    var facts =
      output.change { output in
        defer { output = nil }
        return output?.finish(attempt, "", ending, begun: agent.begun, request.provider)
      } ?? FinishRequest(attempt: attempt, fence: "")
    if isLate { facts.outcome = .timedOut }
    try settle(facts)
  }

  /// Tells the engine how the attempt ended, and takes up what follows.
  func settle(_ facts: FinishRequest) throws(WakelogError) {
    var facts = facts
    let stop = state.change { state in
      facts.attempt = state.attempt
      facts.fence = state.fence
      return state.stop
    }
    if let stop { facts.outcome = stop }
    let result: FinishResult
    do throws(WakelogError) {
      result = try host.engine.finish(facts)
    } catch {
      if error.code == .busy || error.code == .diskFull {
        // Nothing is lost: whoever asks next writes it.
        state.change { ($0.facts, $0.phase) = (facts, .finishing) }
      } else {
        lose(error)
        state.change { $0.phase = .ended }
        host.noteEnd()
      }
      throw error
    }
    state.change { state in
      state.result = result
      state.said = result.outcome == .succeeded ? nil : facts.lastWords
      state.failure = result.failure
      state.isAnnounced = false
      state.wasEntered = false
      state.isLate = false
      state.limit = .infinity
      if let next = result.nextAttempt, let plan = result.nextPlan {
        (state.attempt, state.plan, state.phase) = (next, plan, .ready)
      } else {
        state.phase = .ended
        state.renewal = .infinity
      }
    }
    if result.isSettled { host.noteEnd() }
  }

  /// Renews the lease, and names the process.
  func renew() throws(WakelogError) {
    let progress = state.change { state in
      state.renewal = monotonicSeconds() + host.renewal(request)
      return state.signOfLife
    }
    try tell(progress)
  }

  func tell(_ progress: ProgressRequest) throws(WakelogError) {
    do throws(WakelogError) {
      try host.engine.progress(progress)
    } catch {
      if error.isLoss { lose(error) }
      throw error
    }
  }

  /// Remembers that nothing may be written any more, and ends the CLI.
  func lose(_ error: WakelogError) {
    state.change { state in
      state.loss = state.loss ?? error
      state.agent?.termination.begin(at: monotonicSeconds())
    }
    host.look(at: -.infinity)
  }
}

extension Turn.State {
  /// Says that the attempt is alive, and which process carries it out.
  fileprivate var signOfLife: ProgressRequest {
    var progress = ProgressRequest(attempt: attempt, fence: fence)
    progress.pid = agent.map { UInt32(clamping: $0.child.id) }
    return progress
  }
}

extension FinishRequest {
  /// An end of which the host alone knows; the turn puts in whose it is.
  static func ended(_ outcome: ReportedOutcome, _ message: String? = nil) -> FinishRequest {
    var facts = FinishRequest(attempt: 0, fence: "")
    facts.outcome = outcome
    facts.message = message
    return facts
  }

  /// The line of an attempt's texts that is most likely to say why it failed: the first of a
  /// message, the last of what was printed.
  fileprivate var lastWords: String? {
    func lines(_ text: String?) -> [Substring] {
      (text ?? "").split(whereSeparator: \.isNewline).filter { line in
        line.contains { !$0.isWhitespace }
      }
    }
    let line = lines(message).first ?? lines(stderr).last ?? lines(stdout).last
    return line.map { String($0.prefix(500)) }
  }
}

extension WakelogError {
  /// Whether the run is another's by now.
  var isLoss: Bool { code == .staleFence || code == .hostSuperseded }
}
