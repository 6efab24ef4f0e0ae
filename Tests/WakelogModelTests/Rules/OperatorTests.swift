import Testing
import WakelogTesting

@testable import WakelogModel

/// Repairs, probes, blame, and what attention looks at.
struct OperatorTests {
  @Test func `a repair is made when every expectation holds`() {
    let world = World()
    world.bind("x")
    #expect(world.repair(expecting: .some("y"), bind: "z").fault != nil)
    #expect(world.repair(expecting: .some(nil), bind: "z").fault != nil)
    #expect(world.repair(lastRun: .failed, bind: "z").fault != nil)
    #expect(world.bound() == "x")
    #expect(world.repair(expecting: .some("x"), lastRun: .succeeded, bind: "z").fault == nil)
    #expect(world.bound() == "z")
    #expect(world.session().boundProof == .operator)
    #expect(world.wake().plan?.considered == ["bound z offered"])
    guard case .busy? = world.repair(bind: "x").fault else {
      Issue.record("a run is open")
      return
    }
    world.finish(outcome: .cancelled)
    #expect(world.repair(bind: "").kinds == [.sessionRepaired, .sessionCleared])
    #expect(world.bound() == nil)
  }

  @Test func `a condemned id comes back by an operator's hand alone`() {
    let world = World()
    world.bind("x")
    world.wake()
    world.notFound()
    world.succeed(nil, "y")
    #expect(world.repair(bind: "x").fault != nil)
    #expect(world.repair(revive: "y").fault != nil)
    #expect(world.repair(bind: "x", revive: "x").fault == nil)
    #expect(world.wake().plan?.considered == ["bound x offered"])
    #expect(world.violations.isEmpty)
  }

  @Test func `an operator may bind past a reset`() {
    let world = World()
    world.bind("x")
    world.reset()
    world.repair(bind: "x")
    #expect(world.wake().plan?.considered == ["bound x offered"])
    #expect(world.violations.isEmpty)
  }

  @Test func `a probe condemns what is gone, unless a run is resuming it`() {
    let world = World()
    world.bind("x")
    #expect(world.probe(sessionId: "x", exists: true).kinds == [.probeObserved])
    world.wake()
    #expect(world.probe(sessionId: "x", exists: false).kinds == [.probeObserved])
    #expect(world.bound() == "x")
    world.succeed(nil, "x")
    #expect(
      world.probe(sessionId: "x", exists: false).condemned
        == ["x transcript missingTranscript"])
    #expect(world.bound() == nil)
    #expect(world.probe(sessionId: "x", exists: false).kinds == [.probeObserved])
  }

  @Test func `a probe may condemn an id that the log has never seen`() {
    let world = World()
    world.bind("x")
    world.probe(sessionId: "v", exists: false)
    #expect(
      world.wake(resume: "v").plan?.considered == ["explicit v condemned", "bound x offered"])
  }

  @Test func `only the agent's own failures make it replaceable`() {
    let world = World()
    world.bind("x")
    let ends: [() -> Reply] = [
      { world.finish(exitCode: 1, status: 529, turns: 0) },
      { world.finish(outcome: .timedOut, turns: 1) },
      { world.finish(exitCode: 1, status: 401, turns: 0) },
      { world.finish(outcome: .interrupted) },
    ]
    for end in ends {
      world.wake()
      _ = end()
      #expect(world.bound() == "x")
    }
    #expect(world.agent().agentFailures == 0)
    #expect(world.agent().infrastructureFailures == 3)
    #expect(world.agent().configurationFailures == 1)
    for count in 1...3 {
      world.wake()
      world.finish(sessionId: "x", exitCode: 1, turns: 2)
      #expect(world.agent().agentFailures == UInt32(count))
    }
    #expect(world.agent().lastErrorKind == .agentError)
    world.wake()
    world.finish(outcome: .cancelled)
    #expect(world.agent().agentFailures == 3)
    #expect(world.agent().lastErrorKind == .agentError)
    #expect(world.agent().lastRunOutcome == .cancelled)
    world.bind("x")
    #expect(world.agent().agentFailures == 0)
    #expect(world.agent().infrastructureFailures == 0)
    #expect(world.agent().lastErrorKind == nil)
    #expect(world.session().lastErrorKind == nil)
  }

  /// Credentials that expired read like a session that did.
  @Test(arguments: [
    "OAuth token has expired. Please run /login", "Your session has expired. Please log in again.",
    "Failed to authenticate. API Error: 401",
  ])
  func `credentials that expired are not the session's`(_ text: String) {
    let world = World()
    world.bind("x")
    world.wake()
    let reply = world.finish(exitCode: 1, stderr: text, turns: 0)
    #expect(reply.failure?.family == .configuration)
    #expect(reply.isSettled == true)
    #expect(world.bound() == "x")
  }

  @Test func `three ids condemned in a row at their first resume are counted`() {
    let world = World()
    for count in 1...3 {
      world.bind("x\(count)")
      world.wake()
      world.notFound()
      #expect(world.session().condemnedInARow == UInt8(count))
      world.finish(outcome: .cancelled)
    }
    let alarm = world.state.alarms[world.session().alarm]
    #expect(alarm.latest != 0)
    #expect(alarm.third != 0)
    world.bind("y")
    world.bind("y")
    #expect(world.session().condemnedInARow == 0)
  }

  @Test func `a reset that somebody asked for is no alarm`() throws {
    let world = try ResetTests.world(["reasons": ["/new"], "idleSeconds": 60])
    world.bind("x")
    world.wake(forceFresh: true)
    world.reset()
    world.wake(reason: "/new")
    world.succeed(nil, "y")
    #expect(world.session().alarm == 0)
    world.pass(hours: 1)
    world.wake()
    #expect(world.state.alarms[world.session().alarm].latest != 0)
  }
}
