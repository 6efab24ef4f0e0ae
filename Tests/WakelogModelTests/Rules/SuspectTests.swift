import Testing
import WakelogTesting

@testable import WakelogModel

/// Failures that say nothing: the second in a row is the id's.
struct SuspectTests {
  static func world(limit: Int64 = 2, attempts: Int64 = 3) throws -> World {
    try World(
      policy: ["fallback": ["suspectLimit": .integer(limit), "maxAttempts": .integer(attempts)]])
  }

  static let silences: [@Sendable (World) -> Reply] = [
    { $0.finish(outcome: .timedOut) },
    { $0.finish(exitCode: 0, turns: 0) },
    { $0.finish(signal: 9) },
    { $0.finish(exitCode: 1, stderr: "something odd") },
  ]

  @Test(arguments: silences)
  func `two in a row condemn, whatever they are`(_ silence: @Sendable (World) -> Reply) {
    let world = World()
    world.bind("x")
    world.wake()
    #expect(silence(world).condemned == [])
    #expect(world.bound() == "x")
    world.wake()
    let second = silence(world)
    #expect(second.condemned.count == 1)
    #expect(second.fallback == .suspect)
    #expect(second.isSettled == false)
    #expect(world.bound() == nil)
  }

  @Test func `turns or a success clear the suspicion`() {
    let world = World()
    world.bind("x")
    for turns in [Int64(3), 1] {
      world.wake()
      world.finish(outcome: .timedOut)
      #expect(world.identity("x").suspicion == 1)
      world.wake()
      if turns == 3 { world.succeed(nil, "x") } else { world.finish(exitCode: 1, turns: turns) }
      #expect(world.identity("x").suspicion == 0)
    }
    #expect(world.bound() == "x")
  }

  /// An outage of the provider between two hangs says nothing of the id.
  @Test func `other failures neither count nor clear`() {
    let world = World()
    world.bind("x")
    world.wake()
    world.finish(outcome: .timedOut)
    for status in [Int64(429), 401, 500, 529] {
      world.wake()
      world.finish(exitCode: 1, status: status, turns: 0)
      #expect(world.identity("x").suspicion == 1)
      #expect(world.bound() == "x")
    }
    world.wake()
    #expect(world.finish(outcome: .timedOut).condemned == ["x suspect timeout"])
  }

  @Test func `a fresh attempt makes nobody suspect`() {
    let world = World()
    world.wake()
    let reply = world.finish(outcome: .timedOut, sessionId: "x")
    #expect(!reply.kinds.contains(.sessionSuspected))
  }

  @Test func `a suspect condemned by a run's only attempt settles the run`() throws {
    let world = try Self.world(limit: 1, attempts: 1)
    world.bind("x")
    world.wake()
    let reply = world.finish(outcome: .timedOut)
    #expect(reply.condemned == ["x suspect timeout"])
    #expect(reply.isSettled == true)
    #expect(world.session().lastRunOutcome == .timedOut)
  }

  /// Another process was in the session: that is no reason to lose it, however often.
  @Test func `a session in use is refused here and now`() {
    let world = World()
    world.bind("x")
    for _ in 0..<3 {
      world.wake()
      let reply = world.finish(
        exitCode: 1, stderr: "Error: Session ID x is already in use.", turns: 0)
      #expect(reply.failure == .sessionInUse)
      #expect(reply.plan?.mode == .fresh)
      #expect(reply.condemned == [])
      world.finish(outcome: .interrupted)
      #expect(world.bound() == "x")
    }
  }

  @Test func `a session in use is suspect where the run cannot fall back`() throws {
    let world = try Self.world(attempts: 1)
    world.bind("x")
    for count in 1...2 {
      world.wake()
      let reply = world.finish(
        exitCode: 1, stderr: "Error: Session ID x is already in use.", turns: 0)
      #expect(reply.isSettled == true)
      #expect(reply.condemned == (count == 2 ? ["x suspect sessionInUse"] : []))
    }
  }

  @Test func `a lease that ran out is a suspicion of what it resumed`() {
    let world = World()
    world.bind("x")
    for count in 1...2 {
      world.wake(lease: 60)
      world.pass(seconds: 60)
      let wake = world.wake(lease: 60)
      #expect(wake.disposition == .started)
      #expect(world.session().lastRunOutcome == .interrupted)
      #expect(world.session().lastRunFailure == .interrupted)
      #expect(wake.condemned == (count == 2 ? ["x suspect interrupted"] : []))
      world.finish(outcome: .cancelled)
    }
    #expect(world.bound() == nil)
  }
}
