import Testing
import WakelogModel
import WakelogTesting

/// What was said once is not forgotten on the next step.
struct RememberedTests {
  // The caller's id failed, and the key's own, known to be gone, was tried for five minutes.
  @Test func `a fallback knows which transcript its wake said was gone`() {
    let world = World()
    world.bind(to: "x")
    #expect(world.wake(resume: "v", transcript: false).plan?.sessionId == "v")
    let fallback = world.finish(exitCode: 1, turns: 0, stderr: unknownSession)
    #expect(fallback.plan?.considered == ["bound x: transcript"])
    #expect(fallback.plan?.mode == .fresh)
    #expect(world.identity("x").condemned == .transcript)
    #expect(world.violations().isEmpty)
  }

  @Test func `also when the wake named it among others`() {
    let world = World()
    world.bind(to: "x")
    world.wake(resume: "v", transcripts: ["x": false])
    let fallback = world.finish(exitCode: 1, turns: 0, stderr: unknownSession)
    #expect(fallback.plan?.considered == ["bound x: transcript"])
  }

  // Asked for at once it was refused, asked for while a run was open it was resumed.
  @Test func `an id of another provider is refused after waiting too`() {
    let world = World()
    world.bind("other", to: "x")
    #expect(world.session("other").provider == "claude")
    world.wake("s", provider: "codex")
    world.wake("s", provider: "codex", resume: "x")
    world.finish(exitCode: 1, turns: 0, status: 500)
    #expect(world.next("s").plan?.considered == ["explicit x: provider"])
  }

  @Test func `and when a later wake starts it`() {
    let world = World()
    world.bind("other", to: "x")
    world.wake("s", provider: "codex")
    world.wake("s", provider: "codex", resume: "x")
    world.finish(exitCode: 1, turns: 0, status: 500)
    #expect(world.wake("s", provider: "codex").plan?.considered == ["explicit x: provider"])
  }

  // Two waiting wakes named different providers; the id of the one was resumed with the other.
  @Test func `an id asked for with one provider is not taken for the other's`() {
    let world = World()
    world.wake()
    world.wake(resume: "v")
    world.wake(provider: "codex")
    world.finish(exitCode: 1, turns: 0, status: 500)
    let plan = world.next().plan
    #expect(plan?.considered == ["explicit v: provider"])
    #expect(plan?.mode == .fresh)
  }

  // The agent was paused and people wrote all day; when it woke, nobody had spoken.
  @Test func `wakes that were refused or dropped are interactions`() throws {
    let world = World(
      policy: try Policy(json: ["reset": ["idleSeconds": 60], "resume": [:]]))
    world.bind(to: "x")
    world.pause("ada")
    world.advance(seconds: 50)
    #expect(world.wake().disposition == .refused(.paused))
    world.unpause("ada")
    world.advance(seconds: 50)
    #expect(world.wake().plan?.reset == nil)
    world.advance(seconds: 50)
    world.wake()
    world.cancel()
    world.succeed("x")
    world.advance(seconds: 50)
    #expect(world.wake().plan?.reset == nil)
    world.succeed("x")
    world.advance(seconds: 61)
    #expect(world.wake().plan?.reset == .idle)
  }

  // The version in use was being installed anew when its host restarted: no version could start.
  @Test func `the version in use starts while it is staged again`() {
    let world = World()
    world.host("h", version: "1")
    world.upgrade("h", to: "1", step: .staged)
    #expect(world.host("h", version: "1").error == nil)
    world.upgrade("h", to: "2", step: .staged)
    #expect(world.host("h", version: "2").error == "conflict")
  }
}
