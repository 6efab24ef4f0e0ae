import Testing
import WakelogTesting

@testable import WakelogModel

/// A session lives in its workspace.
struct WorkspaceTests {
  /// Made where, woken where, resumed where; nil for not at all.
  static let rules: [(made: String?, woken: String?, resumed: String?)] = [
    ("project:/p", "project:/p", "project:/p"), ("project:/p", "home:/h", "project:/p"),
    ("project:/p", nil, "project:/p"), ("project:/p", "project:/q", nil),
    ("worktree:/w", "home:/h", "worktree:/w"), ("worktree:/w", "project:/p", nil),
    ("other:/o", nil, "other:/o"), ("home:/h", "project:/p", "project:/p"),
    ("home:/h", "home:/g", "home:/h"), ("home:/h", nil, "home:/h"),
    (nil, "project:/p", "project:/p"), (nil, "home:/h", "home:/h"), (nil, nil, nil),
  ]

  @Test(arguments: rules)
  func `a session is resumed where it may be`(_ made: String?, _ woken: String?, _ resumed: String?)
  {
    let world = World()
    world.bind("x", workspace: made)
    let plan = world.wake(workspace: woken).plan
    let isOffered = resumed != nil || (made == nil && woken == nil)
    #expect(plan?.considered == ["bound x \(isOffered ? "offered" : "workspace")"])
    #expect(plan?.workspace == (isOffered ? resumed : woken))
  }

  @Test func `a session moves from the fallback directory to the project once`() {
    let world = World()
    world.bind("x", workspace: "home:/h")
    world.wake(workspace: "project:/p")
    world.succeed(nil, "x")
    #expect(world.wake(workspace: "project:/q").plan?.considered == ["bound x workspace"])
  }

  /// Claude Code looks for a session under the directory it runs in: moved, it is not found there,
  /// and it is well where it was made.
  @Test func `not found where it was moved to condemns nothing`() throws {
    let world = World()
    world.bind("x", workspace: "home:/h")
    #expect(world.wake(workspace: "project:/p").plan?.sessionId == "x")
    let first = world.notFound()
    #expect(first.failure == .wrongWorkspace)
    #expect(first.condemned == [])
    #expect(first.plan?.mode == .fresh)
    #expect(first.plan?.workspace == "project:/p")
    world.finish(outcome: .interrupted)
    #expect(world.bound() == "x")
    #expect(world.wake(workspace: "home:/h").plan?.sessionId == "x")
    world.finish(outcome: .interrupted)
    world.wake(workspace: "project:/p")
    #expect(world.notFound().failure == .wrongWorkspace)
    world.finish(outcome: .interrupted)
    // Twice is enough, there; elsewhere it may still be.
    #expect(world.wake(workspace: "project:/p").plan?.considered == ["bound x workspace"])
    world.finish(outcome: .interrupted)
    #expect(world.wake(workspace: "project:/q").plan?.sessionId == "x")
  }

  @Test func `not found on another host condemns nothing`() {
    let world = World()
    world.bind("x", workspace: "project:/p", host: "one")
    world.wake(host: "two")
    #expect(world.notFound().failure == .wrongWorkspace)
    world.finish(outcome: .interrupted)
    world.wake(host: "one")
    #expect(world.notFound().failure == .unknownSession)
  }

  @Test func `a vouched id has no workspace to be outside of`() {
    let world = World()
    world.wake(workspace: "project:/p", resume: "v")
    #expect(world.notFound().condemned == ["v failure unknownSession"])
  }

  @Test func `a wrong workspace is suspect where the run cannot fall back`() throws {
    let world = try SuspectTests.world(attempts: 1)
    world.bind("x", workspace: "home:/h")
    world.wake(workspace: "project:/p")
    world.notFound()
    #expect(world.identity("x").suspicion == 1)
    world.wake(workspace: "project:/p")
    #expect(world.notFound().condemned == ["x suspect wrongWorkspace"])
  }

  @Test func `a fallback runs in the wake's workspace, else in the failed plan's`() {
    let world = World()
    world.bind("x", workspace: "project:/p")
    world.wake()
    #expect(world.notFound().plan?.workspace == "project:/p")
    world.succeed(nil, "y")
    world.wake(workspace: "home:/h")
    #expect(world.notFound().plan?.workspace == "home:/h")
  }

  /// The caller's id failed in its project; the key's own session was made nowhere in particular,
  /// so that not being found there says nothing about it.
  @Test func `the key's own session, run in the failed plan's project, is outside of its own`() {
    let world = World()
    world.bind("e", "other", workspace: "project:/p")
    world.bind("x")
    world.wake(resume: "e")
    let fallback = world.notFound()
    #expect(fallback.plan?.considered == ["bound x offered"])
    #expect(fallback.plan?.workspace == "project:/p")
    #expect(world.notFound().failure == .wrongWorkspace)
    #expect(world.bound() == "x")
  }
}
