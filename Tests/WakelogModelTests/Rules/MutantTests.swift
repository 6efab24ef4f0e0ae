import Testing
import WakelogModel
import WakelogTesting

/// Each historical bug breaks a law that says so, and the engine as it is breaks none.
struct MutantTests {
  /// What a host does on an ordinary day with every mutant's trap in it.
  private static func day(_ world: World) {
    let home = "/home/ada"
    world.bind(to: "x", workspace: "/srv/app")
    world.wake(source: .timer, workspace: home, kind: .home)
    world.finish(exitCode: 1, turns: 0, status: 503)
    world.wake(workspace: "/srv/app")
    world.finish(exitCode: 1, turns: 0, stderr: unknownSession)
    if world.session().openRun != nil { world.succeed("y") }
    world.wake(workspace: "/srv/app")
    world.finish(exitCode: 1, sessionId: "bad", turns: 0, status: 500)
    world.wake(source: .cron, resumable: false)
    world.succeed("shell")
    let cached = world.wake(workspace: "/srv/app")
    world.flush(from: 0, to: 5)
    world.reset()
    world.bind(to: "z", workspace: "/srv/app")
    world.flush(run: cached.run, from: 5, to: 9)
    world.wake(workspace: "/srv/app", forceFresh: true)
    world.succeed("w")
    for _ in 0..<4 {
      world.wake(workspace: "/srv/app")
      world.finish(outcome: .timedOut)
      if world.session().openRun != nil { world.succeed("v") }
    }
  }

  static let laws: [(mutant: Mutant, law: Law, incident: String?)] = [
    (.keepsTheDeadId, .deadStaysDead, "paperclip#6608"),
    (.keepsTheLastError, .lastAttemptDecides, "paperclip#6608"),
    (.blamesTheAgent, .infrastructureIsNotTheAgent, "paperclip#6608"),
    (.fallsBackRoundTheReset, .resetIsAWall, "paperclip#1907"),
    (.takesHomeForTheWorkspace, .sessionInItsWorkspace, "paperclip#1907"),
    (.bindsAFailingResult, .proofBeforeResume, "archon#1280"),
    (.letsStaleWritersIn, .staleWritersLose, "hermes#3210"),
    (.neverSuspects, .everyWakeSettles, "openclaw#77011"),
    (.registersShellRuns, .proofBeforeResume, "openclaw#77104"),
    (.remembersAnError, .replayEqualsLive, nil),
  ]

  @Test(arguments: laws)
  func `a law catches the bug, and knows the incident`(
    _ mutant: Mutant, _ law: Law, _ incident: String?
  ) {
    let world = World(rules: mutant)
    Self.day(world)
    let found = world.violations().filter { $0.law == law }
    #expect(!found.isEmpty)
    #expect(found.first?.incident == incident)
  }

  @Test func `every mutant has its law`() {
    #expect(Set(Self.laws.map(\.mutant)) == Set(Mutant.allCases))
  }

  @Test func `the engine as it is breaks no law on the same day`() {
    let world = World()
    Self.day(world)
    let found = world.violations(suspectLimit: 2)
    #expect(found.isEmpty, "\(found)")
  }

  // An expectation that is not exhaustive lets such bugs pass: the binding was never mentioned.
  @Test func `a change that was not mentioned is shown as it is`() {
    let world = World(rules: Mutant.bindsAFailingResult)
    world.wake()
    world.settleExpectations()
    world.finish(exitCode: 1, sessionId: "bad", turns: 0, status: 500)
    let diff = world.expectChange { expected in
      expected.session().openRun = nil
      expected.session().attempt = nil
      expected.session().lastRun = .failed
      expected.session().via = .fresh
      expected.session().failure = .serverError
      expected.session().lastError = .serverError
      expected.session().cursor = 7
      expected.agent().openRuns = 0
      expected.agent().lastRun = .failed
      expected.agent().lastError = .serverError
      expected.agent().infrastructureFailures = 1
      expected.identity("bad").isProven = true
    }
    #expect(
      diff == """
        - session(s).bound = as never seen
        + session(s).bound = bad
        - session(s).cursor = 7
        + session(s).cursor = as never seen
        - session(s).provenBy = as never seen
        + session(s).provenBy = success
        """)
  }
}
