import Testing
import WakelogModel
import WakelogTesting

/// Repairs, upgrades and policies.
struct OperatorTests {
  // Support set a session by hand while it had already recovered, and broke it again.
  @Test func `a repair is made only if everything is as expected`() {
    let world = World()
    world.bind(to: "x")
    world.settleExpectations()
    #expect(world.repair(expecting: .exactly("y"), set: "z").error == "conflict")
    #expect(world.repair(expecting: .exactly(nil), set: "z").error == "conflict")
    #expect(world.repair(lastRun: .exactly(.failed), set: "z").error == "conflict")
    #expect(world.repair("none", set: "z").error == "notFound")
    let none = world.expectChange()
    #expect(none.isEmpty, "\(none)")
    #expect(
      world.repair(expecting: .exactly("x"), lastRun: .exactly(.succeeded), set: "z").error == nil)
    let diff = world.expectChange { expected in
      expected.session().bound = "z"
      expected.session().provenBy = .operator
      expected.identity("z").isProven = true
    }
    #expect(diff.isEmpty, "\(diff)")
    #expect(world.wake().plan?.sessionId == "z")
    #expect(world.repair(clears: true).error == "busy")
    #expect(world.violations().isEmpty)
  }

  @Test func `a condemned id comes back only by reviving it`() {
    let world = World()
    world.bind(to: "x")
    world.probe(sessionId: "x", exists: false)
    #expect(world.repair(set: "x").error == "conflict")
    #expect(world.repair(revive: "never").error == "conflict")
    #expect(world.repair(set: "x", revive: "x").error == nil)
    #expect(world.session().condemned == [])
    #expect(world.wake().plan?.sessionId == "x")
    #expect(world.violations().isEmpty)
  }

  @Test func `a revived id that is not set is offered to who asks for it`() {
    let world = World()
    world.bind(to: "x")
    world.probe(sessionId: "x", exists: false)
    world.repair(revive: "x")
    #expect(world.session().bound == nil)
    #expect(world.wake(resume: "x").plan?.sessionId == "x")
    #expect(world.violations().isEmpty)
  }

  // An operator's word passes the wall: that is what a repair after a mistaken reset is for.
  @Test func `an id of before a reset can be set by hand`() {
    let world = World()
    world.bind(to: "x")
    world.reset()
    world.repair(set: "x")
    #expect(world.wake().plan?.considered == ["bound x: offered"])
    #expect(world.violations().isEmpty)
  }

  @Test func `a repair can clear a binding`() {
    let world = World()
    world.bind(to: "x")
    world.repair(clears: true)
    #expect(world.session().bound == nil)
    #expect(world.identity("x").condemned == nil)
    #expect(world.wake().plan?.considered == [])
  }

  // OpenClaw #77030: the new version was swapped in before anybody had tried it.
  @Test func `an upgrade goes step by step`() {
    let world = World()
    world.host("gw", version: "1")
    #expect(world.upgrade("gw", to: "2", step: .verified).error == "conflict")
    #expect(world.upgrade("gw", to: "2", step: .swapped).error == "conflict")
    #expect(world.upgrade("gw", to: "2", step: .failed).error == "conflict")
    #expect(world.upgrade("gw", to: "2", step: .staged).error == nil)
    #expect(world.upgrade("gw", to: "2", step: .swapped).error == "conflict")
    #expect(world.version(of: "gw") == "1")
    #expect(world.upgrade("gw", to: "2", step: .verified).error == nil)
    #expect(world.host("gw", version: "1").unfinished == "2")
    #expect(world.upgrade("gw", to: "2", step: .swapped).error == nil)
    #expect(world.version(of: "gw") == "2")
    #expect(world.host("gw", version: "2").unfinished == nil)
  }

  @Test func `staging another version drops the unfinished one`() {
    let world = World()
    world.host("gw", version: "1")
    world.upgrade("gw", to: "2", step: .staged)
    world.upgrade("gw", to: "2", step: .verified)
    world.upgrade("gw", to: "3", step: .staged)
    #expect(world.upgrade("gw", to: "2", step: .swapped).error == "conflict")
    world.upgrade("gw", to: "3", step: .failed)
    #expect(world.host("gw", version: "3").error == "conflict")
    #expect(world.host("gw", version: "1").unfinished == nil)
    #expect(world.version(of: "gw") == "1")
  }

  @Test func `an adopted policy holds from then on`() throws {
    let world = World()
    world.bind(to: "x")
    world.adopt(try #require(Policy.builtIn(named: "openclaw")))
    #expect(world.wake(reason: "/new").plan?.reset == .reason)
    #expect(world.adopt(try #require(Policy.builtIn(named: "openclaw"))).events.isEmpty)
  }

  // Paperclip: a wake without a task takes up what the agent did last, where the policy says so.
  @Test func `the agent's latest session serves a wake without scope, by policy alone`() throws {
    let policy = try Policy(json: ["resume": ["unscopedFallsBackToAgent": true]])
    let world = World(policy: policy)
    world.bind("a", to: "x")
    world.bind("b", to: "y")
    #expect(world.wake("c").plan?.considered == ["agent y: offered"])
    world.succeed("y")
    #expect(world.wake("d", scope: "t").plan?.considered == [])
    #expect(world.wake("e", agent: "bob").plan?.considered == [])
    #expect(world.wake("f", provider: "codex").plan?.considered == [])
    world.adopt(try Policy(json: [:]))
    #expect(world.wake("g").plan?.considered == [])
    #expect(world.violations().isEmpty)
  }
}
