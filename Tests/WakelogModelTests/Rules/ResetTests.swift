import Testing
import WakelogTesting

@testable import WakelogModel

/// A reset is a wall.
struct ResetTests {
  static func world(_ reset: JSONValue) throws -> World { try World(policy: ["reset": reset]) }

  /// Hermes #61993: a reset was undone when the run that carried it was lost.
  @Test func `a reset survives the loss of its run`() {
    let world = World()
    world.bind("x")
    #expect(world.wake(forceFresh: true, host: "h").plan?.reset == .forceFresh)
    world.host("h")
    #expect(world.wake(host: "h").plan?.considered == [])
    #expect(world.session().generation == Generation(2))
    // Nor does the old id come back by name, by echo, by a success or by an error result.
    world.progress(sessionId: "x", entered: true)
    #expect(world.bound() == nil)
    #expect(world.succeed(nil, "x").rejected == [.beforeReset])
    #expect(world.bound() == nil)
    #expect(world.wake(resume: "x").plan?.considered == ["explicit x reset"])
    #expect(world.finish(sessionId: "x", exitCode: 1, turns: 2).rejected == [.beforeReset])
    #expect(world.wake().plan?.mode == .fresh)
    #expect(world.violations.isEmpty)
  }

  @Test func `a demand for a fresh session survives waiting and further wakes`() {
    let world = World()
    world.bind("x")
    world.wake()
    #expect(world.wake(forceFresh: true).disposition == .deferred)
    #expect(world.wake(source: .timer, scope: "T").disposition == .deferred)
    world.succeed(nil, "x")
    let plan = world.next().plan
    #expect(plan?.reset == .forceFresh)
    #expect(plan?.considered == ["bound x reset"])
  }

  @Test func `a reset survives the retries of its run`() {
    let world = World()
    world.bind("x")
    world.wake(forceFresh: true)
    world.finish(exitCode: 1, status: 529, turns: 0)
    #expect(world.wake(source: .recovery).plan?.considered == [])
  }

  @Test func `a run of before the reset overwrites nothing when it ends`() throws {
    let world = World()
    world.bind("x")
    world.wake()
    let old = try #require(world.holds["s"])
    let reset = world.reset()
    #expect(reset.kinds == [.runFinished, .sessionReset])
    #expect(world.session().lastRunOutcome == .superseded)
    #expect(world.agent().lastRunOutcome == .superseded)
    #expect(world.agent().lastErrorKind == nil)
    world.wake()
    #expect(world.finish(holding: old, sessionId: "x", exitCode: 0, turns: 1).fault == .staleFence)
    world.succeed(nil, "y")
    #expect(world.finish(holding: old, sessionId: "x", exitCode: 0, turns: 1).fault == .staleFence)
    #expect(world.bound() == "y")
  }

  @Test func `reset wants the generation that its caller saw`() {
    let world = World()
    world.bind("x")
    guard case .conflict? = world.reset(ifGeneration: 2).fault else {
      Issue.record("no conflict")
      return
    }
    #expect(world.reset(ifGeneration: 1).fault == nil)
    #expect(world.session().generation == Generation(2))
    #expect(world.reset("unknown").fault != nil)
  }

  @Test func `a waiting wake outlives a reset`() {
    let world = World()
    world.wake()
    world.wake()
    world.reset()
    #expect(world.pending() != nil)
    #expect(world.next().disposition == .started)
  }

  /// The causes in the order in which they are tested.
  @Test func `the first cause in order is the one named`() throws {
    let world = try Self.world([
      "reasons": ["/new"], "unscopedTimer": true, "invalidateOn": ["mcp"],
      "rotate": ["runs": 0], "idleSeconds": 60, "dailyAtHour": 4, "exemptSources": [],
    ])
    func cause(_ wake: (World) -> Reply) -> ResetCause? {
      world.bind("x\(world.log.count)", fingerprint: "mcp=1", scope: "T")
      world.pass(hours: 25)
      let reset = wake(world).plan?.reset
      world.finish(outcome: .cancelled)
      return reset
    }
    func wake(
      _ world: World, forceFresh: Bool = false, reason: String = "", scope: String = "",
      fingerprint: String = "mcp=2", keep: Bool? = nil
    ) -> Reply {
      world.wake(
        source: .timer, reason: reason, scope: scope, forceFresh: forceFresh, keep: keep,
        fingerprint: fingerprint)
    }
    #expect(cause { wake($0, forceFresh: true, reason: "/new") } == .forceFresh)
    #expect(cause { wake($0, reason: "/new") } == .reason)
    #expect(cause { wake($0) } == .unscopedTimer)
    #expect(cause { wake($0, scope: "T") } == .fingerprint)
    #expect(cause { wake($0, scope: "T", fingerprint: "mcp=1") } == .rotation)
    #expect(cause { wake($0, scope: "T", fingerprint: "mcp=1", keep: true) } == nil)
  }

  @Test(arguments: [ResetCause.forceFresh, .reason])
  func `a demand on the very first wake is a wall in generation 1`(_ cause: ResetCause) throws {
    let world = try Self.world(["reasons": ["/new"]])
    world.bind("v", "other")
    let plan = world.wake(
      reason: cause == .reason ? "/new" : "", forceFresh: cause == .forceFresh, resume: "v"
    ).plan
    #expect(plan?.reset == cause)
    #expect(plan?.generation == 1)
    #expect(plan?.considered == ["explicit v reset"])
    #expect(world.session().resets == 0)
    world.succeed(nil, "n")
    #expect(world.wake(forceFresh: true).plan?.generation == 2)
  }

  @Test func `verdicts name rotation and fingerprint for the id of the very wake`() throws {
    let world = try Self.world(["rotate": ["runs": 0], "invalidateOn": ["mcp"]])
    world.bind("x", fingerprint: "mcp=1")
    #expect(world.wake(fingerprint: "mcp=1").plan?.considered == ["bound x rotated"])
    world.succeed(nil, "y")
    #expect(world.wake(fingerprint: "mcp=2").plan?.considered == ["bound y fingerprint"])
  }
}
