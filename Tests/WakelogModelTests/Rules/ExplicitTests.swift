import Testing
import WakelogTesting

@testable import WakelogModel

/// An id that the caller asks for by name.
struct ExplicitTests {
  static func wins() throws -> World {
    try World(policy: [
      "reset": ["reasons": ["/new"], "explicitResumeWins": true, "idleSeconds": 60]
    ])
  }

  @Test func `an id never seen is vouched for until it is condemned or reset`() {
    let world = World()
    #expect(world.wake(resume: "v").plan?.considered == ["explicit v offered"])
    world.finish(outcome: .interrupted)
    #expect(world.wake(resume: "v").plan?.considered == ["explicit v offered"])
    world.finish(outcome: .interrupted)
    world.reset()
    #expect(world.wake(resume: "v").plan?.considered == ["explicit v reset"])
    world.finish(outcome: .interrupted)
    world.wake("t", resume: "w")
    world.notFound()
    world.finish(outcome: .interrupted)
    #expect(world.wake("t", resume: "w").plan?.considered == ["explicit w condemned"])
  }

  @Test func `an id never seen is behind the wall of its own wake`() {
    let world = World()
    world.bind("x")
    #expect(
      world.wake(forceFresh: true, resume: "v").plan?.considered
        == ["explicit v reset", "bound x reset"])
  }

  @Test func `the wall stands before an explicit id unless the policy says otherwise`() throws {
    let world = World()
    world.bind("x")
    world.reset()
    #expect(world.wake(resume: "x").plan?.considered == ["explicit x reset"])
    let winning = try Self.wins()
    winning.bind("x")
    winning.reset()
    let plan = winning.wake(resume: "x").plan
    #expect(plan?.considered == ["explicit x offered"])
    winning.succeed(nil, "x")
    #expect(winning.bound() == "x")
    #expect(winning.wake().plan?.sessionId == "x")
    #expect(winning.violations.isEmpty)
  }

  @Test func `a winning id suspends the wake's reset, and its failure falls back to none`() throws {
    let world = try Self.wins()
    world.bind("x")
    let plan = world.wake(reason: "/new", resume: "v").plan
    #expect(plan?.considered == ["explicit v offered"])
    #expect(plan?.reset == nil)
    #expect(world.session().generation == Generation(1))
    let fallback = world.notFound()
    #expect(fallback.plan?.considered == [])
    #expect(fallback.plan?.mode == .fresh)
  }

  @Test func `a winning id that suspends nothing falls back to the key's own`() throws {
    let world = try Self.wins()
    world.bind("x")
    world.wake(resume: "v")
    #expect(world.notFound().plan?.considered == ["bound x offered"])
  }

  @Test func `forceFresh beats a winning id`() throws {
    let world = try Self.wins()
    world.bind("x")
    let plan = world.wake(forceFresh: true, resume: "x").plan
    #expect(plan?.reset == .forceFresh)
    #expect(plan?.considered == ["explicit x reset", "bound x reset"])
  }

  @Test func `a condemned id wins nothing, and the wake is judged as if it had not been asked`()
    throws
  {
    let world = try Self.wins()
    world.bind("x")
    world.wake()
    world.notFound()
    world.succeed(nil, "y")
    let plan = world.wake(reason: "/new", resume: "x").plan
    #expect(plan?.considered == ["explicit x condemned", "bound y reset"])
    #expect(plan?.reset == .reason)
  }

  @Test func `a winning id that is not offered leaves no trace`() throws {
    let world = try Self.wins()
    world.bind("e", "other", workspace: "project:/q")
    world.bind("x", workspace: "project:/p")
    let plan = world.wake(workspace: "project:/p", resume: "e").plan
    #expect(plan?.considered == ["explicit e workspace", "bound x offered"])
  }

  @Test func `an explicit id made under another configuration is refused`() {
    let world = World()
    world.bind("e", "other", fingerprint: "mcp=1;model=a")
    #expect(
      world.wake(resume: "e", fingerprint: "mcp=2").plan?.considered
        == ["explicit e fingerprint"])
    world.finish(outcome: .interrupted)
    let plan = world.wake(resume: "e", fingerprint: "mcp=1;model=b").plan
    #expect(plan?.considered == ["explicit e offered"])
    #expect(plan?.drift == ["model"])
  }

  @Test func `a condemned id is condemned on every key`() {
    let world = World()
    world.bind("x")
    world.bind("x", "t", resume: "x")
    world.wake()
    let reply = world.notFound()
    #expect(reply.kinds.filter { $0 == .sessionCleared }.count == 2)
    #expect(world.bound("t") == nil)
    #expect(world.wake("t", resume: "x").plan?.considered == ["explicit x condemned"])
  }
}
