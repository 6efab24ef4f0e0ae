import Testing
import WakelogModel
import WakelogTesting

/// An id that the caller asks for, with and without `explicitResumeWins`.
struct ExplicitTests {
  /// A key whose generation 1 made `old`, reset since; under a policy by which explicit ids win.
  private func resetWorld() throws -> World {
    let world = World(
      policy: try Policy(json: [
        "reset": ["explicitResumeWins": true, "reasons": ["new"]]
      ]))
    world.bind(to: "old")
    world.reset()
    return world
  }

  // A host restored from a backup knows ids that this log has never seen.
  @Test func `an id never seen is vouched for, and stays so until it is condemned`() {
    let world = World()
    #expect(world.wake(resume: "v").plan?.considered == ["explicit v: offered"])
    world.finish(exitCode: 1, turns: 0, status: 500)
    #expect(world.wake(resume: "v").plan?.sessionId == "v")
    world.finish(exitCode: 1, turns: 0, stderr: unknownSession)
    world.succeed("y")
    #expect(world.wake(resume: "v").plan?.sessionId == "y")
    #expect(world.violations().isEmpty)
  }

  @Test func `without the policy an explicit id stops at the wall`() {
    let world = World()
    world.bind(to: "old")
    world.reset()
    #expect(world.wake(resume: "old").plan?.considered == ["explicit old: reset"])
  }

  @Test func `an id never seen is reset on a wake that resets`() {
    let world = World()
    world.bind(to: "x")
    let plan = world.wake(forceFresh: true, resume: "v").plan
    #expect(plan?.considered == ["explicit v: reset", "bound x: reset"])
  }

  // Paperclip: a person reopens the conversation of before the reset, on purpose.
  @Test func `with the policy it passes the wall, and is minted anew`() throws {
    let world = try resetWorld()
    #expect(world.wake(resume: "old").plan?.considered == ["explicit old: offered"])
    world.succeed("old")
    #expect(world.session().bound == "old")
    #expect(world.wake().plan?.sessionId == "old")
    #expect(world.violations().isEmpty)
  }

  @Test func `it suspends every reset of its wake`() throws {
    let world = try resetWorld()
    let plan = world.wake(reason: "new", resume: "old").plan
    #expect(plan?.sessionId == "old")
    #expect(plan?.reset == nil)
    #expect(plan?.generation == 2)
  }

  @Test func `forceFresh beats it`() throws {
    let world = try resetWorld()
    let plan = world.wake(forceFresh: true, resume: "old").plan
    #expect(plan?.mode == .fresh)
    #expect(plan?.reset == .forceFresh)
    #expect(plan?.considered == ["explicit old: reset"])
  }

  // If it is not offered, the wake is judged as if it had not been asked for: the reset stands.
  @Test func `not offered, it suspends nothing`() throws {
    let world = try resetWorld()
    world.bind(to: "now")
    world.probe(sessionId: "old", exists: false)
    let plan = world.wake(reason: "new", resume: "old").plan
    #expect(plan?.considered == ["explicit old: condemned", "bound now: reset"])
    #expect(plan?.reset == .reason)
    #expect(plan?.generation == 3)
  }

  // The explicit id failed; falling back to the bound one would undo the reset it had suspended.
  @Test func `after it failed a suspended reset is no way back to the bound id`() throws {
    let world = try resetWorld()
    world.bind(to: "now")
    world.wake(reason: "new", resume: "old")
    let failed = world.finish(exitCode: 1, turns: 0, stderr: unknownSession)
    #expect(failed.plan?.mode == .fresh)
    world.succeed("y")
    #expect(world.session().bound == "y")
  }

  @Test func `after it failed the bound id is next where nothing was reset`() {
    let world = World()
    world.bind(to: "x")
    world.wake(resume: "v")
    let failed = world.finish(exitCode: 1, turns: 0, stderr: unknownSession)
    #expect(failed.plan?.considered == ["bound x: offered"])
    world.succeed("x")
    #expect(world.session().via == .fallback)
    #expect(world.session().bound == "x")
    #expect(world.violations().isEmpty)
  }
}
