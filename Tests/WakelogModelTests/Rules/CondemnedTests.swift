import Testing
import WakelogModel
import WakelogTesting

/// A condemned id does not come back, whichever way it is asked for.
struct CondemnedTests {
  /// A key that fell back from `x`, which is condemned, to `y`.
  private func recovered(_ policy: String = "standard") -> World {
    let world = World(policy: .builtIn(named: policy))
    world.bind(to: "x")
    world.wake()
    world.finish(exitCode: 1, turns: 0, stderr: unknownSession)
    world.succeed("y")
    return world
  }

  // OpenClaw #77011: a run timed out after the fallback, and the old id was written back with it.
  @Test(arguments: [ReportedOutcome.timedOut, .interrupted, .cancelled, .failed])
  func `not through a failing result that reports it`(_ outcome: ReportedOutcome) {
    let world = recovered()
    world.wake()
    world.finish(sessionId: "x", turns: 2, outcome: outcome)
    #expect(world.session().bound == "y")
    #expect(world.identity("x").condemned == .failure)
    #expect(world.violations().isEmpty)
  }

  // CLIs echo the id they were asked for before they look whether it exists.
  @Test func `not through an echo of the requested id`() {
    let world = World()
    world.bind(to: "x")
    world.wake()
    world.progress(sessionId: "x")
    let failed = world.finish(
      exitCode: 1, sessionId: "x", turns: 0, stderr: unknownSession)
    #expect(failed.settled == false)
    #expect(world.session().bound == nil)
    #expect(world.identity("x").condemned == .failure)
    world.succeed("x")
    #expect(world.session().bound == nil)
    #expect(world.session().lastRun == .succeeded)
    #expect(world.violations().isEmpty)
  }

  // A success that names the condemned id proves that something is confused, and binds nothing.
  @Test func `not through a success that reports it`() {
    let world = recovered()
    world.wake()
    let done = world.succeed("x")
    #expect(done.outcome == .succeeded)
    #expect(done.kinds.contains("write.rejected"))
    #expect(world.session().bound == nil)
    #expect(world.violations().isEmpty)
  }

  // Paperclip's explicit resume won over everything, over the dead id's condemnation too.
  @Test(arguments: ["standard", "paperclip"])
  func `not through an explicit request`(_ policy: String) {
    let world = recovered(policy)
    let plan = world.wake(resume: "x").plan
    #expect(plan?.considered == ["explicit x: condemned", "bound y: offered"])
    #expect(plan?.sessionId == "y")
  }

  // Paperclip PR #1907's first fix: the agent's latest session came back on another key.
  @Test func `not through an agent-level fallback`() {
    let world = World(policy: .builtIn(named: "paperclip"))
    world.bind("a", to: "x")
    world.bind("b", to: "x")
    world.wake("a", source: .message)
    world.finish(exitCode: 1, turns: 0, stderr: unknownSession)
    #expect(world.session("a").bound == nil)
    #expect(world.session("b").bound == nil)
    #expect(world.wake("c").plan?.considered == [])
  }

  // Dead on one key, the id was still offered on every other key that shared it.
  @Test func `not on another key that points to it`() {
    let world = World()
    world.bind("a", to: "x")
    world.wake("b", resume: "x")
    world.succeed("x")
    world.wake("a")
    world.settleExpectations()
    world.finish(exitCode: 1, turns: 0, stderr: unknownSession)
    #expect(world.session("a").bound == nil)
    #expect(world.session("b").bound == nil)
    #expect(world.session("b").condemned == ["x"])
  }

  // A cleared id is a condemned one to its key, and an id of another provider is another id.
  @Test func `the same text of another provider is another session`() {
    let world = recovered()
    #expect(
      world.wake("t", provider: "codex", resume: "x").plan?.considered
        == ["explicit x: provider"])
    #expect(world.identity("x", provider: "codex").condemned == nil)
  }

  // A third attempt was made in the same dead id when the fallback failed as well.
  @Test func `a run's attempts are bounded`() {
    let world = World()
    world.bind(to: "x")
    world.wake(resume: "v")
    #expect(world.finish(exitCode: 1, turns: 0, stderr: unknownSession).plan?.sessionId == "x")
    #expect(world.finish(exitCode: 1, turns: 0, stderr: unknownSession).plan?.mode == .fresh)
    let last = world.finish(exitCode: 1, turns: 0, stderr: unknownSession)
    #expect(last.settled == true)
    #expect(world.session().attempts == 4)
    #expect(world.session().condemned == ["v", "x"])
    #expect(world.violations().isEmpty)
  }

  // The limit of attempts was reached on the id that was dead, and so it was kept.
  @Test func `the last attempt condemns too`() throws {
    let world = World(policy: try Policy(json: ["fallback": ["maxAttempts": 1]]))
    world.bind(to: "x")
    world.wake()
    #expect(world.finish(exitCode: 1, turns: 0, stderr: unknownSession).settled == true)
    #expect(world.session().bound == nil)
    #expect(world.session().lastError == .unknownSession)
    #expect(world.wake().plan?.mode == .fresh)
  }
}
