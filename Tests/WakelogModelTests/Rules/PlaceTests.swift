import Testing
import WakelogModel
import WakelogTesting

/// A session lives in its workspace, and where the policy says so on its host.
struct PlaceTests {
  // Paperclip PR #1907: woken without a project, the session was resumed in the agent's home,
  // where the CLI knows nothing of it.
  @Test(arguments: [nil, "/home/ada"])
  func `a session of a project woken at home is resumed in its project`(_ home: String?) {
    let world = World()
    world.bind(to: "x", workspace: "/srv/app")
    let plan = world.wake(workspace: home, kind: .home).plan
    #expect(plan?.sessionId == "x")
    #expect(plan?.workspace == "/srv/app")
    #expect(plan?.workspaceKind == .project)
  }

  // The other way round: the agent was given a project after it had begun at home.
  @Test(arguments: [nil, "/home/ada"])
  func `a session of home woken in a project moves there`(_ home: String?) {
    let world = World()
    world.bind(to: "x", workspace: home, kind: .home)
    let plan = world.wake(workspace: "/srv/app").plan
    #expect(plan?.sessionId == "x")
    #expect(plan?.workspace == "/srv/app")
    world.succeed("x")
    #expect(world.identity("x").workspace == "/srv/app")
    #expect(world.wake(workspace: "/srv/other").plan?.considered == ["bound x: workspace"])
    #expect(world.violations().isEmpty)
  }

  // A session of one project answered questions about another.
  @Test(arguments: [WorkspaceKind.project, .worktree, .other])
  func `a session of one project is not resumed in another`(_ kind: WorkspaceKind) {
    let world = World()
    world.bind(to: "x", workspace: "/srv/app", kind: kind)
    let plan = world.wake(workspace: "/srv/other", kind: kind).plan
    #expect(plan?.considered == ["bound x: workspace"])
    #expect(plan?.mode == .fresh)
    #expect(plan?.workspace == "/srv/other")
    world.finish(exitCode: 1, turns: 0, status: 500)
    #expect(world.wake(workspace: "/srv/app", kind: kind).plan?.sessionId == "x")
  }

  @Test func `between two homes a session stays in its own`() {
    let world = World()
    world.bind(to: "x", workspace: "/home/a", kind: .home)
    let plan = world.wake(workspace: "/home/b", kind: .home).plan
    #expect(plan?.workspace == "/home/a")
    #expect(plan?.sessionId == "x")
  }

  // Claude looks for sessions under the directory it runs in: not found there is not gone.
  @Test func `not found after a move condemns nothing, and the second time refuses it there`() {
    let world = World()
    world.bind(to: "x", workspace: "/home/ada", kind: .home)
    for round in 1...2 {
      #expect(world.wake(workspace: "/srv/app").plan?.sessionId == "x", "round \(round)")
      let failed = world.finish(exitCode: 1, turns: 0, stderr: unknownSession)
      #expect(failed.failure == .wrongWorkspace)
      #expect(failed.plan?.mode == .fresh)
      #expect(failed.plan?.workspace == "/srv/app")
      world.finish(exitCode: 1, turns: 0, status: 500)
    }
    #expect(world.identity("x").condemned == nil)
    #expect(world.identity("x").suspicion == 0)
    #expect(world.session().bound == "x")
    #expect(world.wake(workspace: "/srv/app").plan?.considered == ["bound x: workspace"])
    world.finish(exitCode: 1, turns: 0, status: 500)
    #expect(world.wake(workspace: "/srv/third").plan?.sessionId == "x")
    world.finish(exitCode: 1, turns: 0, status: 500)
    #expect(world.wake(workspace: "/home/ada", kind: .home).plan?.sessionId == "x")
    #expect(world.violations().isEmpty)
  }

  // Where it was made there is no excuse: the id is dead.
  @Test func `not found where it was made is gone`() {
    let world = World()
    world.bind(to: "x", workspace: "/srv/app")
    world.wake(workspace: "/home/ada", kind: .home)
    let failed = world.finish(exitCode: 1, turns: 0, stderr: unknownSession)
    #expect(failed.failure == .unknownSession)
    #expect(failed.plan?.workspace == "/home/ada")
    #expect(world.identity("x").condemned == .failure)
  }

  // A vouched id that nothing ever bound has no workspace to be outside of.
  @Test func `a vouched id that is not found is gone`() {
    let world = World()
    world.wake(workspace: "/srv/app", resume: "v")
    let failed = world.finish(exitCode: 1, turns: 0, stderr: unknownSession)
    #expect(failed.failure == .unknownSession)
    #expect(world.identity("v").condemned == .failure)
  }

  // Two machines behind one gateway: the transcript lay on the other one's disk.
  @Test func `an id not found on another host than its own is not gone`() {
    let world = World()
    world.host("a")
    world.host("b")
    world.bind(to: "x", workspace: "/srv/app", host: "a")
    #expect(world.wake(workspace: "/srv/app", host: "b").plan?.sessionId == "x")
    let failed = world.finish(exitCode: 1, turns: 0, stderr: unknownSession)
    #expect(failed.failure == .wrongWorkspace)
    world.finish(exitCode: 1, turns: 0, status: 500)
    #expect(world.wake(workspace: "/srv/app", host: "a").plan?.sessionId == "x")
  }

  // With no attempt left to fall back to, the refusal counts, or it would go on for ever.
  @Test func `a wrong workspace that cannot fall back is a suspicion`() throws {
    let world = World(policy: try Policy(json: ["fallback": ["maxAttempts": 1]]))
    world.bind(to: "x", workspace: "/home/ada", kind: .home)
    for count in 1...2 {
      world.wake(workspace: "/srv/app")
      #expect(world.finish(exitCode: 1, turns: 0, stderr: unknownSession).settled == true)
      #expect(world.identity("x").suspicion == (count == 1 ? 1 : 0))
    }
    #expect(world.identity("x").condemned == .suspect)
  }

  @Test func `a policy may bind sessions to the host that made them`() throws {
    let world = World(policy: try Policy(json: ["resume": ["boundToHost": true]]))
    world.host("a")
    world.host("b")
    world.bind(to: "x", host: "a")
    #expect(world.wake(host: "b").plan?.considered == ["bound x: host"])
    world.finish(exitCode: 1, turns: 0, status: 500)
    #expect(world.wake().plan?.sessionId == "x")
    world.finish(exitCode: 1, turns: 0, status: 500)
    world.bind("t", to: "y")
    #expect(world.wake("t", host: "b").plan?.sessionId == "y")
  }

  // The bound session had been made in no workspace; falling back to it ran it in the failed
  // plan's project, and not being found there condemned it.
  @Test func `a fallback to a session of nowhere in a project is outside its workspace`() {
    let world = World()
    world.bind("other", to: "v", workspace: "/srv/app")
    world.bind(to: "x")
    world.wake(resume: "v")
    let failed = world.finish(exitCode: 1, turns: 0, stderr: unknownSession)
    #expect(failed.plan?.sessionId == "x")
    #expect(failed.plan?.workspace == "/srv/app")
    #expect(world.finish(exitCode: 1, turns: 0, stderr: unknownSession).failure == .wrongWorkspace)
    #expect(world.identity("x").condemned == nil)
    #expect(world.session().bound == "x")
  }
}
