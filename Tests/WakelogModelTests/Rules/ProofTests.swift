import Testing
import WakelogTesting

@testable import WakelogModel

/// What an attempt proves, and what it does not.
struct ProofTests {
  /// CLIs print the id they were asked for before they look for it.
  @Test func `an echoed id proves nothing`() {
    let world = World()
    world.wake()
    world.progress(sessionId: "x")
    world.finish(exitCode: 1, turns: 0)
    #expect(world.bound() == nil)
    #expect(world.identity("x").isProven == false)
  }

  @Test func `a session entered on the way survives the loss of its process`() {
    let world = World()
    world.wake(host: "h")
    world.progress(sessionId: "x", entered: true)
    world.host("h")
    #expect(world.openRun() == nil)
    #expect(world.session().lastRunOutcome == .interrupted)
    #expect(world.wake(host: "h").plan?.sessionId == "x")
  }

  /// The id was told on the way and left out at the end, as streaming CLIs do.
  @Test func `an end without id is the end of the session that was entered`() {
    let world = World()
    world.wake()
    world.progress(sessionId: "x", entered: true)
    world.finish(exitCode: 0, turns: 2)
    #expect(world.bound() == "x")
    #expect(world.identity("x").runs == 1)
    world.wake()
    world.progress(sessionId: "y", entered: true)
    world.finish(exitCode: 1, turns: 2)
    #expect(world.bound() == "y")
  }

  @Test func `a failing attempt that took turns keeps its session`() {
    let world = World()
    world.wake()
    world.finish(sessionId: "x", exitCode: 1, turns: 2)
    #expect(world.bound() == "x")
    #expect(world.session().boundProof == .entered)
  }

  @Test func `turns left out are none when the attempt failed`() {
    let world = World()
    world.wake()
    world.finish(sessionId: "x", exitCode: 1)
    #expect(world.bound() == nil)
  }

  @Test(arguments: [nil, Int64(0)])
  func `exit code 0 without a turn proves nothing`(_ turns: Int64?) {
    let world = World()
    world.bind("x")
    world.wake()
    world.finish(outcome: .timedOut)
    world.wake()
    // With turns left out an id is taken for an entry, with 0 it is not.
    world.finish(sessionId: turns == nil ? "" : "y", exitCode: 0, stdout: "hello", turns: turns)
    #expect(world.bound() == "x")
    #expect(world.identity("x").suspicion == (turns == nil ? 0 : 1))
  }

  @Test func `exit code 0 with no turn and no output is an empty response`() {
    let world = World()
    world.bind("x")
    world.wake()
    let reply = world.finish(outcome: .succeeded, exitCode: 0, turns: 0)
    #expect(reply.outcome == .failed)
    #expect(reply.failure == .emptyResponse)
  }

  /// Claude Code exits with 0 and says on standard error that there is no such conversation.
  @Test func `exit code 0 with the text of a lost session has failed`() {
    let world = World()
    world.bind("x")
    world.wake()
    let reply = world.finish(
      outcome: .succeeded, sessionId: "y", exitCode: 0, stderr: World.noConversation)
    #expect(reply.failure == .unknownSession)
    #expect(reply.condemned == ["x failure unknownSession"])
    #expect(world.bound() == nil)
  }

  @Test func `assistant prose that quotes an error is no failure of the session`() {
    let world = World()
    world.bind("x")
    world.wake()
    let reply = world.finish(
      sessionId: "x", exitCode: 1,
      stdout: "I looked into it: the log says \"\(World.noConversation)\", which means that…",
      turns: 4)
    #expect(reply.failure == .agentError)
    #expect(world.bound() == "x")
  }

  @Test func `an overflow after turns condemns, though it took turns`() {
    let world = World()
    world.bind("x")
    world.wake()
    let reply = world.finish(sessionId: "x", exitCode: 1, stderr: World.tooLong, turns: 1)
    #expect(reply.failure == .contextOverflow)
    #expect(reply.condemned == ["x failure contextOverflow"])
    #expect(reply.rejected == [])
    #expect(world.bound() == nil)
    #expect(reply.plan?.mode == .fresh)
  }

  /// Codex and opencode start another session when they do not find the one asked for.
  @Test(arguments: [nil, false])
  func `a provider that starts cold is found out`(_ resumed: Bool?) {
    let world = World()
    world.bind("x")
    world.wake()
    let reply = world.finish(sessionId: "y", exitCode: 0, turns: 2, resumed: resumed)
    #expect(reply.fallback == .providerReplaced)
    #expect(world.bound() == "y")
    #expect(world.session().lastRunVia == .fallback)
    #expect(world.session().lastRunAttempts == 1)
  }

  @Test func `a provider that starts cold and says no id leaves the key unbound`() {
    let world = World()
    world.bind("x")
    world.wake()
    #expect(world.finish(exitCode: 0, turns: 2, resumed: false).fallback == .providerReplaced)
    #expect(world.bound() == nil)
  }

  @Test func `a resuming attempt that succeeds without id keeps its own`() {
    let world = World()
    world.bind("x")
    world.wake(resume: "v")
    world.finish(exitCode: 0, turns: 2)
    #expect(world.bound() == "v")
    #expect(world.finish(exitCode: 0, turns: 2).isDuplicate)
  }

  /// The key was bound, a fresh attempt worked and said nothing of where: the old session is not
  /// where the conversation is.
  @Test(arguments: [nil, Int64(2)])
  func `a fresh success without id leaves the key unbound`(_ turns: Int64?) {
    let world = World()
    world.bind("x", workspace: "project:/p")
    #expect(world.wake(workspace: "project:/q").plan?.mode == .fresh)
    world.finish(exitCode: 0, turns: turns)
    #expect(world.bound() == nil)
  }

  @Test func `a success without a turn leaves the binding as it was`() {
    let world = World()
    world.bind("x", workspace: "project:/p")
    #expect(world.wake(workspace: "project:/q").plan?.mode == .fresh)
    world.finish(sessionId: "y", exitCode: 0, stdout: "hello", turns: 0)
    #expect(world.bound() == "x")
    #expect(world.identity("y").isProven == false)
  }

  @Test func `a success that reports a condemned id leaves the key unbound`() {
    let world = World()
    world.bind("x")
    world.wake()
    world.notFound()
    let reply = world.succeed(nil, "x")
    #expect(reply.rejected == [.condemnedId])
    #expect(reply.isSettled == true)
    #expect(world.bound() == nil)
    #expect(world.wake().plan?.mode == .fresh)
  }
}
