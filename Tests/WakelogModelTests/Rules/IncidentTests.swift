import Testing
import WakelogTesting

@testable import WakelogModel

/// The five incidents that the engine was built after.
struct IncidentTests {
  /// Paperclip #6608: a dead Gemini id was offered on every heartbeat; the fallback worked, the id
  /// stayed, the status stayed failed, and a second agent was hired.
  @Test func `a fallback that works replaces the dead id and clears the failure`() throws {
    let world = World()
    world.bind("old", provider: "gemini")
    world.given()
    let wake = world.wake(provider: "gemini", source: .timer, scope: "T1")
    #expect(wake.plan?.sessionId == "old")
    let failed = world.finish(
      exitCode: 42, stderr: "Error resuming session: Invalid session identifier \"old\".", turns: 0)
    #expect(failed.isSettled == false)
    #expect(failed.failure == .unknownSession)
    #expect(failed.plan?.mode == .fresh)
    #expect(failed.condemned == ["old failure unknownSession"])
    #expect(world.bound() == nil)
    #expect(world.succeed(nil, "new").isSettled == true)
    try world.then { expected in
      expected.expect(
        "session s",
        [
          "bound": "gemini/new", "wakes": "2", "runs": "2", "attempts": "3", "fallbacks": "1",
          "lastRunVia": "fallback", "lastRunAttempts": "2",
        ])
      expected.expect(
        "identity gemini/old",
        [
          "resumes": "1", "condemned": "failure", "condemnedFailure": "unknownSession",
        ])
      expected.expect(
        "identity gemini/new", ["provider": "gemini", "isProven": "true", "runs": "1"])
      expected["session s", "condemnedInARow"] = "1"
    }
    #expect(world.agent().lastErrorKind == nil)
    #expect(world.agent().agentFailures == 0)
    #expect(world.wake(provider: "gemini", source: .timer, scope: "T1").plan?.sessionId == "new")
    #expect(world.violations.isEmpty)
  }

  /// Paperclip #6608, the other half: the fallback reported no id, and the dead one came back.
  @Test func `a fallback that reports no id leaves the key unbound`() {
    let world = World()
    world.bind("old")
    world.wake()
    world.notFound()
    world.succeed(nil, "")
    #expect(world.bound() == nil)
    #expect(world.wake().plan?.mode == .fresh)
  }

  /// Paperclip PR #1907: a timer's wake came with the agent's home for a workspace, and the
  /// project's session was resumed there, where it was not found.
  @Test func `a timer's wake in the agent's home resumes the session in its project`() {
    let world = World()
    world.bind("x", workspace: "project:/srv/app")
    let wake = world.wake(source: .timer, workspace: "home:/home/ada")
    #expect(wake.plan?.sessionId == "x")
    #expect(wake.plan?.workspace == "project:/srv/app")
    world.succeed(nil, "x")
    #expect(world.identity("x").workspaceKind == .project)
  }

  /// Paperclip PR #1907, first version: an assignment was to start fresh, and the agent-level
  /// fallback resumed the very session that the reset had left.
  @Test func `no candidate comes around a reset`() throws {
    let world = World(policy: Policy.builtIn(named: "paperclip"))
    world.bind("x", scope: "T1")
    let wake = world.wake(source: .assignment, reason: "issue_assigned")
    #expect(wake.plan?.reset == .reason)
    #expect(wake.plan?.mode == .fresh)
    #expect(wake.plan?.considered == ["bound x reset"])
    world.bind("y", "other")
    world.finish("s", outcome: .interrupted)
    // What another key binds after this key's reset is no way around it.
    #expect(world.wake(source: .message).plan?.considered == ["agent y offered"])
  }

  /// Archon #1280, PR #1294: after a restart every message failed; the failing result carried an
  /// id, which was kept, in stream and in batch mode.
  @Test func `the id in a failing result is not kept`() {
    let world = World()
    world.bind("x")
    world.wake()
    let failed = world.notFound(reporting: "y")
    #expect(failed.condemned == ["x failure unknownSession"])
    #expect(world.bound() == nil)
    world.finish(sessionId: "z", exitCode: 1, turns: 0)
    #expect(world.bound() == nil)
    #expect(world.identity("z").isProven == false)
    let wake = world.wake(resume: "z")
    #expect(wake.plan?.considered == ["explicit z unproven"])
  }

  /// Hermes #3210, PR #3220: a cached agent wrote this morning's messages into the session of
  /// before the reset.
  @Test func `a writer of before the reset changes nothing`() throws {
    let world = World()
    world.wake()
    let cached = try #require(world.holds["s"])
    world.reset()
    let facts = world.facts(of: world.state)
    #expect(
      world.finish(holding: cached, sessionId: "x", exitCode: 0, turns: 2).fault == .staleFence)
    #expect(world.progress(holding: cached, sessionId: "x", entered: true).fault == .staleFence)
    #expect(world.flush(holding: cached, from: 0, to: 3).fault == .staleFence)
    #expect(world.check(holding: cached).rejected == [.staleFence])
    #expect(world.facts(of: world.state) == facts)
    #expect(world.wake().plan?.mode == .fresh)
  }

  /// OpenClaw #77011, PR #77030: the transcript was gone, and every message waited five minutes
  /// for a resume that could not work.
  @Test func `a missing transcript is seen before the resume`() {
    let world = World()
    world.bind("x")
    let wake = world.wake(transcript: false)
    #expect(wake.plan?.mode == .fresh)
    #expect(wake.plan?.considered == ["bound x transcript"])
    #expect(wake.condemned == ["x transcript missingTranscript"])
  }

  /// OpenClaw #77011: the resume hung, nothing was said, and nothing was learnt.
  @Test func `an id that hangs twice without a turn is condemned`() {
    let world = World()
    world.bind("x")
    world.wake()
    #expect(world.finish(outcome: .timedOut).isSettled == true)
    #expect(world.wake().plan?.sessionId == "x")
    let second = world.finish(outcome: .timedOut)
    #expect(second.condemned == ["x suspect timeout"])
    #expect(second.fallback == .suspect)
    #expect(second.plan?.mode == .fresh)
  }

  /// OpenClaw PR #77104: cron rows of shell-only runs were registered as sessions to resume.
  @Test func `a run that leaves no session binds none and touches none`() {
    let world = World()
    world.bind("x")
    let wake = world.wake(source: .cron, forceFresh: true, resume: "x", resumable: false)
    #expect(wake.plan?.mode == .fresh)
    #expect(wake.plan?.considered == [])
    #expect(wake.plan?.reset == nil)
    world.progress(sessionId: "phantom", entered: true)
    world.finish(sessionId: "phantom", exitCode: 0)
    #expect(world.bound() == "x")
    #expect(world.wake().plan?.sessionId == "x")
  }
}
