import Testing
import WakelogModel
import WakelogTesting

/// Failures without a turn and without a word that may be the id's own fault.
struct SuspectTests {
  static let silences: [@Sendable (World) -> Reply] = [
    { $0.finish(outcome: .timedOut) }, { $0.finish(exitCode: 0, turns: 0) },
    { $0.finish(turns: 0, signal: 9) }, { $0.finish(exitCode: 3, turns: 0) },
  ]

  // OpenClaw #77011: no text was recognised, so nothing was ever concluded.
  @Test(arguments: 0..<4, 0..<4)
  func `two in a row condemn, of whatever kind`(_ first: Int, _ second: Int) {
    let world = World()
    world.bind(to: "x")
    world.wake()
    #expect(Self.silences[first](world).settled == true)
    #expect(world.session().bound == "x")
    world.wake()
    #expect(Self.silences[second](world).settled == false)
    #expect(world.identity("x").condemned == .suspect)
    #expect(world.session().condemned == ["x"])
    world.succeed("y")
    #expect(world.violations(suspectLimit: 2).isEmpty)
  }

  @Test func `a success or turns clear the suspicion`() {
    let world = World()
    world.bind(to: "x")
    for turns in [Int64(1), 3] {
      world.wake()
      world.finish(outcome: .timedOut)
      #expect(world.identity("x").suspicion == 1)
      world.wake()
      world.finish(exitCode: turns == 1 ? 0 : 1, sessionId: "x", turns: turns)
      #expect(world.identity("x").suspicion == 0)
    }
    world.wake()
    world.progress(entered: true)
    world.finish(outcome: .timedOut)
    #expect(world.identity("x").suspicion == 0)
    #expect(world.session().bound == "x")
  }

  // An outage between two time-outs is neither a third one nor a pardon.
  @Test func `other failures neither count nor clear`() {
    let world = World()
    world.bind(to: "x")
    world.wake()
    world.finish(outcome: .timedOut)
    for status in [Int64(429), 500, 529, 401] {
      world.wake()
      world.finish(exitCode: 1, turns: 0, status: status)
      #expect(world.identity("x").suspicion == 1)
    }
    world.wake()
    world.finish(outcome: .timedOut)
    #expect(world.identity("x").condemned == .suspect)
  }

  @Test func `a fresh attempt makes nothing suspect`() {
    let world = World()
    for _ in 0..<3 {
      world.wake()
      world.finish(sessionId: "x", outcome: .timedOut)
    }
    #expect(world.identity("x").suspicion == 0)
    #expect(world.session().bound == nil)
  }

  // A host that restarted often enough condemned every session it held.
  @Test func `a run ended by its host or by hand makes nothing suspect`() {
    let world = World()
    world.host("gw")
    world.bind(to: "x")
    for _ in 0..<3 {
      world.wake(host: "gw")
      world.host("gw")
      world.wake()
      world.abandon()
    }
    #expect(world.identity("x").suspicion == 0)
    #expect(world.wake().plan?.sessionId == "x")
    #expect(world.violations(suspectLimit: 2).isEmpty)
  }

  @Test func `the policy says how many are too many`() throws {
    let world = World(policy: try Policy(json: ["fallback": ["suspectLimit": 3]]))
    world.bind(to: "x")
    for count in 1...3 {
      world.wake()
      world.finish(outcome: .timedOut)
      #expect((world.identity("x").condemned != nil) == (count == 3))
    }
  }
}
