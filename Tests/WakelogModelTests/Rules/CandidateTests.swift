import Testing
import WakelogTesting

@testable import WakelogModel

/// Which ids are looked at, in which order, and what is found of them.
struct CandidateTests {
  static func paperclip() -> World { World(policy: Policy.builtIn(named: "paperclip")) }

  @Test func `candidates are looked at in order, and no further than the first that is offered`() {
    let world = Self.paperclip()
    world.bind("a", "other")
    world.bind("x")
    #expect(world.wake(resume: "v").plan?.considered == ["explicit v offered"])
    world.notFound()
    world.finish(outcome: .interrupted)
    let plan = world.wake(resume: "v").plan
    #expect(plan?.considered == ["explicit v condemned", "bound x offered"])
    world.notFound()
    world.finish(outcome: .interrupted)
    #expect(world.wake().plan?.considered == ["agent a offered"])
  }

  @Test func `the agent's candidate is its latest proven one, without scope only`() {
    let world = Self.paperclip()
    world.bind("a", "one")
    world.bind("b", "two")
    world.bind("g", "three", provider: "gemini")
    world.bind("z", "four", agent: "bob")
    #expect(world.wake("new", scope: "T").plan?.considered == [])
    world.finish("new", outcome: .interrupted)
    #expect(world.wake("new").plan?.considered == ["agent b offered"])
    world.finish("new", outcome: .interrupted)
    // Proven anew, though it says nothing new; entering it on the way is proof enough.
    world.wake("one")
    world.progress("one", sessionId: "a", entered: true)
    #expect(world.wake("new").plan?.considered == ["agent a inUse"])
  }

  @Test func `the agent's candidate needs a policy that says so`() {
    let world = World()
    world.bind("a", "one")
    #expect(world.wake("new").plan?.considered == [])
  }

  @Test func `an id of another provider is refused as such, also after waiting`() {
    let world = World()
    world.bind("x", "other", provider: "codex")
    #expect(world.wake(resume: "x").plan?.considered == ["explicit x provider"])
    world.wake(resume: "x")
    world.finish(outcome: .interrupted)
    #expect(world.next().plan?.considered == ["explicit x provider"])
  }

  /// The wakes named different providers while they waited; the id was of the first.
  @Test func `an id asked for with one provider is not taken for the other's`() {
    let world = World()
    world.wake()
    world.wake(resume: "v")
    world.wake(provider: "codex")
    world.finish(outcome: .interrupted)
    let plan = world.next().plan
    #expect(plan?.considered == ["explicit v provider"])
    #expect(plan?.mode == .fresh)
  }

  @Test func `a binding of another provider is passed over and stays`() {
    let world = World()
    world.bind("x")
    #expect(world.wake(provider: "codex").plan?.considered == ["bound x provider"])
    world.finish(outcome: .interrupted)
    #expect(world.wake().plan?.sessionId == "x")
  }

  @Test func `a session bound to its host is not resumed on another`() throws {
    let world = try World(policy: ["resume": ["boundToHost": true]])
    world.bind("x", host: "one")
    #expect(world.wake(host: "two").plan?.considered == ["bound x host"])
    world.finish(outcome: .interrupted)
    #expect(world.wake().plan?.considered == ["bound x offered"])
    world.succeed(nil, "x")
    world.bind("y", "free")
    #expect(world.wake("free", host: "two").plan?.considered == ["bound y offered"])
  }

  @Test func `what the wake says of transcripts is looked at last but for place and holder`() {
    let world = World()
    world.bind("x")
    world.wake(resume: "v", transcripts: [("v", false)])
    #expect(world.identity("v").condemned == .transcript)
    world.finish(outcome: .interrupted)
    world.reset()
    // Refused for the wall already: the missing transcript condemns nothing.
    #expect(world.wake(resume: "x", transcripts: [("x", false)]).condemned == [])
    #expect(world.identity("x").condemned == nil)
  }

  @Test func `one open run holds one provider session`() {
    let world = World()
    world.bind("x")
    world.wake()
    #expect(world.wake("other", resume: "x").plan?.considered == ["explicit x inUse"])
    world.succeed("s", "x")
    world.finish("other", outcome: .interrupted)
    #expect(world.wake("other", resume: "x").plan?.considered == ["explicit x offered"])
  }

  /// Two runs came to be in one session, as a provider had it; the first to end must not free it.
  @Test func `a session is held until the last run in it ends`() {
    let world = World()
    world.bind("x")
    world.wake()
    world.wake("other")
    world.progress("other", sessionId: "x", entered: true)
    world.finish("other", outcome: .interrupted)
    #expect(world.wake("third", resume: "x").plan?.considered == ["explicit x inUse"])
    world.finish("s", outcome: .interrupted)
    world.finish("third", outcome: .interrupted)
    world.wake("other")
    world.wake("s")
    world.progress("s", sessionId: "x", entered: true)
    world.progress("other", sessionId: "x", entered: true)
    world.finish("s", outcome: .interrupted)
    #expect(world.wake("third", resume: "x").plan?.considered == ["explicit x inUse"])
  }

  @Test func `a holder whose lease ran out is ended by who wants its session`() {
    let world = World()
    world.bind("x")
    world.wake(lease: 60)
    world.pass(seconds: 61)
    #expect(world.wake("other", resume: "x").plan?.considered == ["explicit x offered"])
    #expect(world.openRun("s") == nil)
  }

  /// The key's own session was known to be gone when the caller asked for another one first.
  @Test func `a fallback remembers what the wake said of transcripts`() {
    let world = World()
    world.bind("x")
    #expect(world.wake(resume: "v", transcript: false).plan?.sessionId == "v")
    let fallback = world.notFound()
    #expect(fallback.plan?.mode == .fresh)
    #expect(fallback.plan?.considered == ["bound x transcript"])
    let named = World()
    named.bind("x")
    named.wake(resume: "v", transcripts: [("x", false)])
    #expect(named.notFound().plan?.considered == ["bound x transcript"])
  }

  @Test func `a caller's id that failed falls back to the key's own`() {
    let world = World()
    world.bind("x")
    world.wake(resume: "v")
    let first = world.notFound()
    #expect(first.plan?.considered == ["bound x offered"])
    let second = world.notFound()
    #expect(second.plan?.mode == .fresh)
    let third = world.finish(sessionId: "z", exitCode: 1, stderr: World.noConversation, turns: 0)
    #expect(third.isSettled == true)
    #expect(world.session().lastRunAttempts == 3)
  }

  @Test func `a caller's id that failed after a reset falls back to nothing`() {
    let world = World()
    world.bind("x")
    world.wake(forceFresh: true)
    world.succeed(nil, "y")
    world.wake(resume: "v")
    #expect(world.notFound().plan?.considered == ["bound y offered"])
  }
}
