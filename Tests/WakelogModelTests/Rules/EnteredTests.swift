import Testing
import WakelogModel
import WakelogTesting

/// What an attempt said on the way holds at its end, and after it.
struct EnteredTests {
  // Streaming CLIs name the session in their first line and leave it out of the last one: the run
  // succeeded, and the key was left unbound.
  @Test func `an end without id is the end of the session that was entered`() {
    let world = World()
    world.wake()
    world.progress(sessionId: "x", entered: true)
    world.finish(exitCode: 0, turns: 2)
    #expect(world.session().bound == "x")
    #expect(world.identity("x").runs == 1)
    #expect(world.violations().isEmpty)
  }

  // The provider had put a resuming run into another session and said so once; the end bound the
  // one that was asked for, which nobody had entered.
  @Test(arguments: [Int64(0), 1])
  func `an end without id does not go back to the id asked for`(_ exitCode: Int64) {
    let world = World()
    world.bind(to: "x")
    world.wake()
    world.progress(sessionId: "y", entered: true)
    world.finish(exitCode: exitCode, turns: 2)
    #expect(world.session().bound == "y")
    #expect(world.identity("x").runs == 1)
    #expect(world.violations().isEmpty)
  }

  // It is said to be entered and to have started cold: the cold start is the later word.
  @Test func `a cold start takes back that the id asked for was entered`() {
    let world = World()
    world.bind(to: "x")
    world.wake()
    world.progress(entered: true)
    world.finish(exitCode: 0, turns: 2, resumed: false)
    #expect(world.session().bound == nil)
    #expect(world.session().via == .fallback)
  }

  // The agent's latest session was mid-run, and an older one was taken for it.
  @Test func `a session entered on the way is the agent's latest`() throws {
    let world = World(policy: Policy.builtIn(named: "paperclip"))
    world.bind("one", to: "a")
    world.bind("two", to: "b")
    world.wake("one")
    world.progress(sessionId: "a", entered: true)
    #expect(world.wake("new").plan?.considered == ["agent a: inUse"])
  }

  // Runs that were lost did not count, and a session that was worn out went on for ever.
  @Test func `a run that entered its session and was lost counts for rotation`() throws {
    let world = World(policy: try Policy(json: ["reset": ["rotate": ["runs": 2]]]))
    world.bind(to: "x")
    for _ in 0..<2 {
      #expect(world.wake().plan?.reset == nil)
      world.progress(sessionId: "x", entered: true)
      world.progress(sessionId: "x", entered: true)
      world.abandon()
    }
    #expect(world.identity("x").runs == 3)
    #expect(world.wake().plan?.reset == .rotation)
  }

  @Test func `a run that entered its session on the way and at its end counts once`() {
    let world = World()
    world.wake()
    world.progress(sessionId: "x", entered: true)
    world.succeed("x")
    #expect(world.identity("x").runs == 1)
  }

  // The key was bound, a fresh attempt worked and said nothing of where: the next wake resumed a
  // conversation that had gone on elsewhere.
  @Test(arguments: [nil, Int64(2)])
  func `a fresh success without id leaves the key unbound, turns said or not`(_ turns: Int64?) {
    let world = World()
    world.bind(to: "x", workspace: "/p")
    #expect(world.wake(workspace: "/q").plan?.mode == .fresh)
    world.finish(exitCode: 0, turns: turns)
    #expect(world.session().bound == nil)
  }

  @Test func `a success that says nothing at all leaves a resumed session bound, and unproven`() {
    let world = World()
    world.bind(to: "x")
    world.wake(resume: "v")
    world.finish(exitCode: 0)
    #expect(world.session().bound == "x")
    #expect(world.identity("v").isProven == false)
  }
}
