import Testing
import WakelogModel
import WakelogTesting

/// The text by which claude says that it does not know an id.
let unknownSession = "No conversation found with session ID: x"

/// The five incidents of public hosts, as they go here.
struct IncidentTests {
  // Paperclip #6608: the fallback succeeded, yet the dead id was kept and offered on every wake,
  // the status stayed failed, and a second agent was hired for the first one's fault.
  @Test func `a fallback that succeeds leaves no dead id and no error`() {
    let world = World()
    world.bind(to: "x")
    world.wake()
    world.settleExpectations()
    let failed = world.finish(exitCode: 1, turns: 0, stderr: unknownSession)
    #expect(failed.failure == .unknownSession)
    #expect(failed.settled == false)
    #expect(failed.plan?.mode == .fresh)
    #expect(world.succeed("y").settled == true)
    let diff = world.expectChange { expected in
      expected.session().bound = "y"
      expected.session().condemned = ["x"]
      expected.session().openRun = nil
      expected.session().attempt = nil
      expected.session().via = .fallback
      expected.session().attempts += 1
      expected.session().fallbacks += 1
      expected.agent().openRuns = 0
      expected.identity("x").condemned = .failure
      expected.identity("x").heldBy = nil
      expected.identity("y").isProven = true
      expected.identity("y").runs = 1
    }
    #expect(diff.isEmpty, "\(diff)")
    #expect(world.wake().plan?.considered == ["bound y: offered"])
    #expect(world.violations().isEmpty)
  }

  // Paperclip PR #1907: a timer's wake resumed a project's session in the agent's home; the first
  // fix fell back to the agent's latest session and so went round the reset.
  @Test func `a timer's wake takes no project session home and no fallback round the reset`() {
    let world = World(policy: .builtIn(named: "paperclip"))
    world.bind("task", to: "x", workspace: "/srv/app")
    world.wake("timer", source: .timer, workspace: "/home/ada", kind: .home)
    world.finish(exitCode: 0, sessionId: "h", turns: 1)
    let plan = world.wake("timer", source: .timer, workspace: "/home/ada", kind: .home).plan
    #expect(plan?.reset == .unscopedTimer)
    #expect(plan?.mode == .fresh)
    #expect(plan?.considered == ["bound h: reset", "agent x: reset"])
    #expect(world.violations().isEmpty)
  }

  // Archon #1280: the id of a failing result was persisted, in stream and in batch mode, and
  // every later message resumed a session that had never come to be.
  @Test(arguments: [true, false])
  func `a failing result's id is not bound`(_ isStreamed: Bool) {
    let world = World()
    world.wake()
    if isStreamed { world.progress(sessionId: "bad") }
    let failed = world.finish(
      exitCode: 1, sessionId: "bad", turns: 0, stderr: "Error: something broke")
    #expect(failed.settled == true)
    #expect(world.session().bound == nil)
    #expect(world.wake().plan?.mode == .fresh)
    #expect(world.violations().isEmpty)
  }

  // Hermes #3210: an agent cached from before the reset flushed last week's messages into the
  // session of after it.
  @Test func `a writer of before the reset writes nothing after it`() {
    let world = World()
    world.bind(to: "old")
    let cached = world.wake()
    world.flush(from: 0, to: 40)
    world.reset(because: "new conversation")
    world.wake()
    world.settleExpectations()
    #expect(world.flush(run: cached.run, from: 40, to: 60).error == "staleFence")
    #expect(world.check(run: cached.run).error == "staleFence")
    #expect(
      world.finish(run: cached.run, exitCode: 0, sessionId: "old", turns: 2).error
        == "staleFence")
    #expect(
      world.progress(run: cached.run, sessionId: "old", entered: true).error
        == "staleFence")
    let diff = world.expectChange()
    #expect(diff.isEmpty, "\(diff)")
    #expect(world.flush(from: 0, to: 2).error == nil)
    #expect(world.violations().isEmpty)
  }

  // OpenClaw #77011: the transcript was gone, resuming hung for five minutes, then failed, on
  // every wake for ever, and nothing ever condemned the id.
  @Test func `an id that hangs twice is not offered a third time`() {
    let world = World()
    world.bind(to: "x")
    world.wake()
    #expect(world.finish(outcome: .timedOut).settled == true)
    #expect(world.identity("x").suspicion == 1)
    #expect(world.wake().plan?.sessionId == "x")
    let second = world.finish(outcome: .timedOut)
    #expect(second.settled == false)
    #expect(second.plan?.mode == .fresh)
    #expect(world.identity("x").condemned == .suspect)
    world.succeed("y")
    #expect(world.agent().isReplaceable == false)
    #expect(world.violations().isEmpty)
  }

  // OpenClaw #77104: cron jobs that only ran a shell were registered as resumable, with ids that
  // had no transcript.
  @Test func `a shell-only cron run binds nothing and harms nothing`() {
    let world = World()
    world.bind(to: "x")
    let cron = world.wake(source: .cron, forceFresh: true, resumable: false)
    #expect(cron.plan?.considered == [])
    #expect(cron.plan?.reset == nil)
    world.finish(exitCode: 0, sessionId: "shell", turns: 1, stdout: "done")
    #expect(world.session().bound == "x")
    #expect(world.session().generation == 1)
    #expect(world.wake().plan?.sessionId == "x")
    #expect(world.violations().isEmpty)
  }

  // OpenClaw #77030: an update that was half installed was started, and killed live sessions.
  @Test func `a version that was staged and not verified does not start`() {
    let world = World()
    world.host("gw", version: "1")
    let run = world.wake(host: "gw").run
    world.upgrade("gw", to: "2", step: .staged)
    #expect(world.host("gw", version: "2").error == "conflict")
    #expect(world.session().openRun == run)
    let back = world.host("gw", version: "1")
    #expect(back.unfinished == "2")
    #expect(back.interrupted == [run])
    #expect(world.version(of: "gw") == "1")
    #expect(world.violations().isEmpty)
  }
}
