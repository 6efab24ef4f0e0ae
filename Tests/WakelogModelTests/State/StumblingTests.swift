import Testing
import WakelogTesting

@testable import WakelogModel

/// Commands that histories drawn at random stumbled over, by hand.
struct StumblingTests {
  /// A few keys, driven by hand.
  struct Desk {
    var state = State()
    var context = HistoryContext()
    var events: [Event] = []
    var seconds: Int64 = 1_767_225_600

    @discardableResult
    mutating func send(_ command: Command) -> Decision {
      seconds += 1
      let at = Instant(nanoseconds: seconds * 1_000_000_000)
      let decision = state.execute(command, at: at, context: context)
      events += decision.events
      return decision
    }

    mutating func wake(_ key: UInt32, resume: IdentitySymbol = .none, lease: UInt32? = nil) {
      var wake = WakeCommand(
        session: SessionSymbol(key), agent: AgentSymbol(1), provider: ProviderSymbol(1),
        source: .message, fence: FenceDigest(low: UInt64(key), high: 1))
      wake.resume = resume
      wake.leaseSeconds = lease
      send(.wake(wake))
    }

    func claim(_ key: UInt32) -> FenceClaim {
      let run = state.openRun(of: SessionSymbol(key)) ?? RunRow()
      return FenceClaim(run: run.run, digest: run.fence)
    }

    mutating func enter(_ key: UInt32, _ identity: IdentitySymbol) {
      let run = state.openRun(of: SessionSymbol(key)) ?? RunRow()
      var progress = ProgressCommand(
        session: SessionSymbol(key), fence: claim(key), attempt: run.attempt)
      progress.entered = true
      progress.reported = identity
      send(.progress(progress))
    }

    mutating func finish(
      _ key: UInt32, _ traces: Traces = Traces(exitCode: 0, stdout: "done", turns: 1),
      reported: IdentitySymbol = .none
    ) {
      let run = state.openRun(of: SessionSymbol(key)) ?? RunRow()
      var finish = FinishCommand(
        session: SessionSymbol(key), fence: claim(key), attempt: run.attempt,
        request: UInt64(seconds), traces: traces)
      finish.reported = reported
      send(.finish(finish))
    }

    func asked(_ key: UInt32) -> IdentitySymbol {
      state.openRun(of: SessionSymbol(key))?.asked ?? .none
    }

    func violations() -> [Violation] {
      var checker = LawChecker(suspectLimit: 2)
      for event in events { checker.observe(event) }
      return checker.violations
    }
  }

  let first = IdentitySymbol(1)
  let second = IdentitySymbol(2)

  // A provider gave one session to two runs. When the second run ended, the id counted as free
  // while the first was still in it, and was offered to a third key.
  @Test func `A session that two runs are in is held until both have ended`() {
    var desk = Desk()
    desk.wake(1, resume: first)
    desk.wake(2)
    desk.enter(2, first)
    desk.finish(2, reported: first)
    desk.wake(3, resume: first)
    #expect(desk.asked(3) == .none)
    desk.finish(3)
    desk.finish(1, reported: first)
    desk.wake(3, resume: first)
    #expect(desk.asked(3) == first)
    #expect(desk.violations() == [] && desk.state.brokenInvariants() == [])
  }

  // A host names the id with its first sign of life and says `entered` alone with the next ones.
  // The run then counted as having left its session, or as being in the one it had asked for.
  @Test func `A sign of life without an id says nothing of another session`() {
    var desk = Desk()
    desk.wake(1, resume: first)
    desk.enter(1, second)
    desk.enter(1, .none)
    #expect(desk.state.sessions[1].bound == second)
    #expect(desk.state.openRun(of: SessionSymbol(1))?.entered == second)
    #expect(desk.violations() == [] && desk.state.brokenInvariants() == [])
  }

  // The id named first stayed held for ever, and was refused as in use on every key.
  @Test func `A run that names another session lets the one before go`() {
    var desk = Desk()
    desk.wake(1)
    desk.enter(1, first)
    desk.enter(1, second)
    #expect(!desk.state.identities[first.number].heldBy.exists)
    desk.finish(1, reported: second)
    #expect(!desk.state.identities[second.number].heldBy.exists)
    #expect(desk.violations() == [] && desk.state.brokenInvariants() == [])
  }

  // Turns in a session that a provider chose by itself left the suspicion of that session as it
  // was, so that two failures with a success between them condemned it.
  @Test func `Turns clear the suspicion of the session they were taken in`() {
    var desk = Desk()
    desk.wake(1, resume: first)
    desk.finish(1, Traces(outcome: .timedOut))
    #expect(desk.state.identities[first.number].suspicion == 1)
    desk.wake(2)
    desk.finish(2, reported: first)
    #expect(desk.state.identities[first.number].suspicion == 0)
    desk.wake(2)
    desk.finish(2, Traces(outcome: .timedOut))
    #expect(desk.state.identities[first.number].condemned == nil)
  }

  // A note about a key that was never woken made the key known but never opened: it had no agent
  // and no generation, and stood in no lane when it was bound.
  @Test func `A key that was spoken of before its first wake is opened by it`() {
    var desk = Desk()
    let note = desk.send(.note(session: SessionSymbol(1), by: Symbol(1), text: Symbol(1)))
    #expect(note.events.isEmpty)
    // What another version or an import may have left.
    desk.state.reduce(
      Event(
        sequence: SequenceNumber(1), at: Instant(nanoseconds: 1), session: SessionSymbol(1),
        run: .none, generation: Generation(0), previous: .none, body: .noteAdded(NoteAdded())))
    var repair = RepairCommand(session: SessionSymbol(1), by: Symbol(1), why: Symbol(1))
    repair.setting = .bind(first, ProviderSymbol(1))
    #expect(desk.send(.repair(repair)).events.isEmpty)
    desk.wake(1)
    #expect(desk.state.sessions[1].agent == AgentSymbol(1))
    #expect(desk.state.sessions[1].generation == Generation(1))
    desk.finish(1, reported: first)
    #expect(desk.state.brokenInvariants() == [])
  }

  // An operator's word for an id that the log had never seen was not written down, and the
  // checker took the next offer of that id for one without proof.
  @Test func `An id that an operator brings in is proven`() {
    var desk = Desk()
    desk.wake(1)
    desk.finish(1)
    var repair = RepairCommand(session: SessionSymbol(1), by: Symbol(1), why: Symbol(1))
    repair.setting = .bind(first, ProviderSymbol(1))
    desk.send(.repair(repair))
    desk.wake(1)
    #expect(desk.asked(1) == first)
    #expect(desk.violations() == [])
  }

  // A wake for a run without session, come while another run was open, made the checker take the
  // open run for one without session.
  @Test func `What leaves no session is the run, not the last wake`() {
    var desk = Desk()
    desk.wake(1)
    var wake = WakeCommand(
      session: SessionSymbol(1), agent: AgentSymbol(1), provider: ProviderSymbol(1),
      source: .cron, fence: .none)
    wake.resumable = false
    desk.send(.wake(wake))
    desk.finish(1, reported: first)
    #expect(desk.state.sessions[1].bound == first)
    #expect(desk.violations() == [])
  }
}
