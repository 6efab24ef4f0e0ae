import WakelogModel

/// How attempts end, as the CLIs of the hosts' incident reports end them.
extension History {
  mutating func progress() -> ProgressCommand {
    let run = run()
    var progress = ProgressCommand(
      session: run.session, fence: run.claim, attempt: happens(50) ? .none : run.attempt)
    progress.entered = happens(300)
    if happens(300) {
      progress.reported = happens(700) ? run.asked : identity(of: run.provider)
    }
    progress.process = ProcessMark(pid: 77, started: 7_777, machine: 7)
    return progress
  }

  /// The last `finish` of some key once more, now and then with other parameters.
  mutating func repeated() -> FinishCommand {
    guard var finish = world.finishes[session()] else { return self.finish() }
    if happens(100) { finish.request &+= 1 }
    return finish
  }

  mutating func finish() -> FinishCommand {
    let run = run()
    var finish = FinishCommand(
      session: run.session, fence: run.claim, attempt: happens(20) ? .none : run.attempt,
      request: random.next(), traces: Traces())
    if happens(40) { world.dead.insert(anyIdentity()) }
    if run.asked.exists, world.dead.contains(run.asked), happens(850) {
      forgotten(&finish, run)
    } else if happens(600) {
      succeed(&finish, run)
    } else {
      fail(&finish, run)
    }
    finish.inputTokens = UInt64.random(in: 0...100_000, using: &random)
    finish.cachedTokens = UInt64.random(in: 0...50_000, using: &random)
    if happens(100) { finish.totals = [.inputTokens, .cachedTokens] }
    if happens(50) { finish.retryAfterSeconds = pick([0, 60, 7_200, .max]) }
    return finish
  }

  /// The provider does not know the id; many CLIs name it all the same, as if they reported it.
  private mutating func forgotten(_ finish: inout FinishCommand, _ run: HistoryWorld.Held) {
    finish.traces.exitCode = 1
    finish.traces.turns = happens(600) ? 0 : nil
    finish.traces.stderr = "No conversation found with session ID: 0b5c"
    if happens(400) { finish.reported = run.asked }
    if happens(100) { finish.reported = world.newIdentity(run.provider) }
  }

  private mutating func succeed(_ finish: inout FinishCommand, _ run: HistoryWorld.Held) {
    finish.traces.exitCode = 0
    finish.traces.turns = happens(700) ? pick([1, 2, 9]) : happens(100) ? 0 : nil
    if happens(850) { finish.traces.stdout = "done" }
    if happens(100) {
      // Prose that quotes an error is no error.
      finish.traces.stdout = "I found the line: No conversation found with session ID: 0b5c."
    }
    switch Int.random(in: 0..<100, using: &random) {
    case ..<60: finish.reported = run.asked.exists ? run.asked : world.newIdentity(run.provider)
    case ..<70: finish.reported = world.newIdentity(run.provider)
    case ..<78: finish.reported = identity(of: run.provider)
    default: break
    }
    if run.asked.exists, happens(120) { finish.resumed = happens(400) }
    if happens(300) { finish.params = Symbol(pick([1, 2])) }
    if happens(300) { finish.display = Symbol(pick([1, 2])) }
  }

  private mutating func fail(_ finish: inout FinishCommand, _ run: HistoryWorld.Held) {
    finish.traces.exitCode = 1
    finish.traces.turns = pick([nil, 0, 0, 3])
    if happens(400) { finish.reported = happens(700) ? run.asked : identity(of: run.provider) }
    switch Int.random(in: 0..<12, using: &random) {
    case 0, 1: finish.traces.outcome = .timedOut
    case 2: finish.traces.outcome = .cancelled
    case 3: finish.traces.outcome = .interrupted
    case 4: finish.traces.stderr = "Error: read ECONNRESET"
    case 5: finish.traces.stderr = "API Error: 529 {\"type\":\"overloaded_error\"}"
    case 6: finish.traces.stderr = "Session ID 0b5c is already in use."
    case 7: finish.traces.stderr = "prompt is too long: 210000 tokens > 200000 maximum"
    case 8: finish.traces.stderr = "something nobody has ever written down"
    case 9:
      finish.traces.exitCode = 0
      finish.traces.turns = 0
    case 10: finish.traces.stderr = "No conversation found with session ID: 0b5c"
    default:
      finish.traces.exitCode = nil
      finish.traces.signal = 9
    }
  }
}
