import Testing
import WakelogTesting

@testable import WakelogModel

/// Logs of hosts as they were: no event here was decided by the engine.
struct ForeignLogTests {
  /// Writes events as an import does.
  struct Page {
    var events: [Event] = []
    var isImported = true
    var generation: UInt32 = 1

    @discardableResult
    mutating func add(
      _ body: EventBody, run: UInt64 = 0, session: UInt32 = 1
    ) -> SequenceNumber {
      let sequence = SequenceNumber(UInt64(events.count) + 1)
      events.append(
        Event(
          sequence: sequence, at: Instant(nanoseconds: Int64(sequence.value)),
          session: SessionSymbol(session), run: SequenceNumber(run),
          generation: Generation(generation), previous: .none,
          flags: isImported ? .imported : [], body: body))
      return sequence
    }

    /// A run with one attempt; gives the run's number and the attempt's.
    mutating func start(
      _ asked: UInt32 = 0, from: CandidateSource? = .bound, session: UInt32 = 1,
      workspace: UInt32 = 0, kind: WorkspaceKind? = nil
    ) -> (run: UInt64, attempt: SequenceNumber) {
      let wake = add(.wakeRequested(WakeRequested()), session: session)
      var started = RunStarted()
      started.wake = wake
      add(.runStarted(started), run: wake.value, session: session)
      return (wake.value, attempt(asked, from, wake.value, session, workspace, kind))
    }

    mutating func attempt(
      _ asked: UInt32 = 0, _ from: CandidateSource?, _ run: UInt64, _ session: UInt32 = 1,
      _ workspace: UInt32 = 0, _ kind: WorkspaceKind? = nil
    ) -> SequenceNumber {
      var attempt = AttemptStarted()
      attempt.ordinal = 1
      attempt.mode = asked == 0 ? .fresh : .resume
      attempt.identity = IdentitySymbol(asked)
      attempt.from = asked == 0 ? nil : from
      attempt.workspace = WorkspaceSymbol(workspace)
      attempt.workspaceKind = kind
      return add(.attemptStarted(attempt), run: run, session: session)
    }

    mutating func end(
      _ started: (run: UInt64, attempt: SequenceNumber), _ failure: FailureKind? = nil,
      reported: UInt32 = 0, turns: Int32? = nil, session: UInt32 = 1, settles: Bool = true,
      as outcome: Outcome? = nil, failing: FailureKind?? = .none
    ) {
      var finish = AttemptFinished()
      finish.attempt = started.attempt
      finish.outcome = failure == nil ? .succeeded : .failed
      finish.failure = failure
      finish.reported = IdentitySymbol(reported)
      finish.turns = turns
      if let turns, turns > 0 { finish.flags = .entered }
      add(.attemptFinished(finish), run: started.run, session: session)
      guard settles else { return }
      settle(started.run, outcome ?? finish.outcome, failing ?? failure, session)
    }

    mutating func settle(
      _ run: UInt64, _ outcome: Outcome?, _ failure: FailureKind?, _ session: UInt32 = 1
    ) {
      var ended = RunFinished()
      ended.outcome = outcome
      ended.failure = failure
      add(.runFinished(ended), run: run, session: session)
    }

    mutating func bind(
      _ identity: UInt32, run: UInt64 = 0, session: UInt32 = 1, workspace: UInt32 = 0,
      kind: WorkspaceKind? = nil, proof: Proof = .success
    ) {
      var bound = SessionBound()
      bound.identity = IdentitySymbol(identity)
      bound.proof = proof
      bound.workspace = WorkspaceSymbol(workspace)
      bound.workspaceKind = kind
      add(.sessionBound(bound), run: run, session: session)
    }

    /// What is found, as `law incident count`.
    var found: [String] {
      var checker = LawChecker()
      for event in events { checker.observe(event) }
      checker.finish()
      return checker.violations.map { "\($0.law.rawValue) \($0.incident ?? "-") \($0.count)" }
    }
  }

  /// Paperclip #6608, as Paperclip's own store tells it: no event ever says that the id is dead.
  @Test func `a dead id offered again is seen without anybody's word for it`() {
    var page = Page()
    page.bind(1, proof: .imported)
    for _ in 0..<4 {
      let run = page.start(1)
      page.end(run, .unknownSession, turns: 0, settles: false)
      let fresh = page.attempt(0, nil, run.run)
      page.end((run.run, fresh), reported: 2, turns: 3, as: .failed, failing: .unknownSession)
    }
    #expect(
      page.found == ["lastAttemptDecides paperclip#6608 4", "deadStaysDead paperclip#6608 3"])
  }

  /// Archon #1280: the failing result's own id was stored and resumed.
  @Test func `an id bound by a failing result is seen`() {
    var page = Page()
    page.bind(1, proof: .imported)
    let first = page.start(1)
    page.end(first, .unknownSession, reported: 2, turns: 0)
    page.bind(2, run: first.run)
    let second = page.start(2)
    page.end(second, .unknownSession, reported: 2, turns: 0)
    page.bind(2, run: second.run)
    page.end(page.start(2), .unknownSession, reported: 2, turns: 0)
    #expect(page.found == ["proofBeforeResume archon#1280 4", "deadStaysDead archon#1280 2"])
  }

  @Test func `a reset that was undone is seen`() {
    var page = Page()
    page.bind(1, proof: .imported)
    page.generation = 2
    page.add(.sessionReset(SessionReset()))
    page.end(page.start(1, from: .agent), reported: 1, turns: 2)
    #expect(page.found == ["resetIsAWall paperclip#1907 1"])
  }

  @Test func `a writer of before the reset is seen`() {
    var page = Page()
    let cached = page.start()
    page.generation = 2
    page.add(.sessionReset(SessionReset()))
    let current = page.start()
    page.end(cached, reported: 1, turns: 2, settles: false)
    page.bind(1, run: cached.run)
    page.end(current, reported: 2, turns: 2)
    #expect(page.found == ["oneOpenRun archon#1830 1", "staleWritersLose hermes#3210 2"])
  }

  @Test func `a project's session in the agent's home is seen`() {
    var page = Page()
    page.bind(1, workspace: 1, kind: .project, proof: .imported)
    page.end(page.start(1, workspace: 2, kind: .home), .unknownSession, turns: 0)
    #expect(page.found == ["sessionInItsWorkspace paperclip#1907 1"])
    var moves = Page()
    moves.bind(1, workspace: 2, kind: .home, proof: .imported)
    moves.end(moves.start(1, workspace: 1, kind: .project), reported: 1, turns: 1)
    #expect(moves.found == [])
  }

  /// OpenClaw #77011: five minutes of silence, again and again.
  @Test func `an id that failed twice without a word and is offered again is seen`() {
    var page = Page()
    page.bind(1, proof: .imported)
    for _ in 0..<4 { page.end(page.start(1), .timeout) }
    #expect(page.found == ["everyWakeSettles openclaw#77011 2"])
  }

  @Test func `an agent that is blamed for the network is seen`() {
    var page = Page()
    page.end(page.start(), .network, failing: .agentError)
    #expect(
      page.found == [
        "lastAttemptDecides archon#2329 1", "infrastructureIsNotTheAgent paperclip#6608 1",
      ])
  }

  @Test func `two runs in one session are seen`() {
    var page = Page()
    page.bind(1, proof: .imported)
    _ = page.start(1)
    _ = page.start(1, from: .explicit, session: 2)
    #expect(page.found == ["oneOpenRun archon#1830 1"])
  }

  @Test func `wakes without disposition, and runs that end twice, are seen`() {
    var page = Page()
    page.add(.wakeRequested(WakeRequested()))
    let run = page.start()
    page.end(run, reported: 1, turns: 1)
    page.settle(run.run, .succeeded, nil)
    page.add(.wakeRequested(WakeRequested()), session: 2)
    #expect(page.found == ["everyWakeSettles - 2", "everyWakeSettles - 1"])
  }

  @Test func `runs open at the end, and what a host did before its log began, are none`() {
    var page = Page()
    page.end(page.start(7), reported: 7, turns: 1)
    _ = page.start(7)
    #expect(page.found == [])
  }

  @Test func `what works after all is not dead`() {
    var page = Page()
    page.bind(1, proof: .imported)
    page.end(page.start(1), .unknownSession, turns: 0)
    page.end(page.start(1), reported: 1, turns: 2)
    page.end(page.start(1), reported: 1, turns: 2)
    #expect(page.found == ["deadStaysDead paperclip#6608 1"])
  }

  @Test func `states are told apart by the first row that differs`() {
    let world = World()
    world.bind(to: "x")
    var other = State()
    for event in world.events { other.reduce(event) }
    #expect(world.state.firstDifference(from: other) == nil)
    other.reduce(world.events[0])
    #expect(other.firstDifference(from: world.state)?.table == "sessions")
  }
}
