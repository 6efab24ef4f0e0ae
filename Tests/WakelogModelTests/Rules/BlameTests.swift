import Testing
import WakelogModel
import WakelogTesting

/// Only failures of the agent's family count against an agent.
struct BlameTests {
  // Paperclip #6608: three outages made the agent look broken, and a second one was hired.
  @Test func `infrastructure makes no agent replaceable`() {
    let world = World()
    for _ in 0..<5 {
      world.wake()
      world.finish(exitCode: 1, turns: 0, status: 500)
    }
    #expect(world.agent().infrastructureFailures == 5)
    #expect(world.agent().agentFailures == 0)
    #expect(world.agent().isReplaceable == false)
    #expect(world.agent().lastError == .serverError)
  }

  // Its own failures do, after three in a row, and not while a run is open.
  @Test func `three failures of its own make an agent replaceable, and a success takes it back`() {
    let world = World()
    for _ in 0..<3 {
      #expect(world.agent().isReplaceable == false)
      world.wake()
      world.finish(exitCode: 1, sessionId: "x", turns: 4)
    }
    #expect(world.agent().isReplaceable == true)
    world.wake()
    #expect(world.agent().isReplaceable == false)
    world.settleExpectations()
    world.succeed("x")
    let diff = world.expectChange { expected in
      expected.session().openRun = nil
      expected.session().attempt = nil
      expected.session().lastRun = .succeeded
      expected.session().failure = nil
      expected.session().lastError = nil
      expected.session().via = .resume
      expected.agent().openRuns = 0
      expected.agent().lastRun = .succeeded
      expected.agent().lastError = nil
      expected.agent().agentFailures = 0
      expected.identity("x").heldBy = nil
      expected.identity("x").runs += 1
    }
    #expect(diff.isEmpty, "\(diff)")
  }

  // An operator's stop was counted as the agent's failure.
  @Test func `a cancelled run touches neither failures nor the last error`() {
    let world = World()
    world.wake()
    world.finish(exitCode: 1, turns: 0, status: 500)
    world.wake()
    world.finish(outcome: .cancelled)
    #expect(world.agent().lastRun == .cancelled)
    #expect(world.agent().lastError == .serverError)
    #expect(world.agent().infrastructureFailures == 1)
    #expect(world.session().lastError == .serverError)
  }

  // A run without an end by lease, host or abandon was the agent's fault in three hosts.
  @Test func `a run that was lost fails as interrupted`() {
    let world = World()
    world.wake()
    world.abandon()
    #expect(world.session().lastRun == .interrupted)
    #expect(world.session().lastError == .interrupted)
    #expect(world.agent().infrastructureFailures == 1)
    #expect(world.abandon().error == "conflict")
  }

  // Configuration and session failures have counters of their own.
  @Test func `each family has its own count`() throws {
    let world = World(policy: try Policy(json: ["fallback": ["maxAttempts": 1]]))
    world.bind(to: "x")
    world.wake()
    world.finish(exitCode: 1, turns: 0, stderr: unknownSession)
    world.wake()
    world.finish(exitCode: 1, turns: 0, status: 401)
    #expect(world.agent().sessionFailures == 1)
    #expect(world.agent().configurationFailures == 1)
    #expect(world.agent().agentFailures == 0)
  }
}
