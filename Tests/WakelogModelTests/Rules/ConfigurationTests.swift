import Testing
import WakelogTesting

@testable import WakelogModel

/// Resets by configuration, wear and time.
struct ConfigurationTests {
  static let changes: [(made: String, woken: String, reset: Bool, drift: [String])] = [
    ("mcp=1", "mcp=1", false, []), ("mcp=1", "mcp=2", true, []),
    ("mcp=1", "mcp=1;cwd=/a", true, []), ("mcp=1;cwd=/a", "mcp=1", true, []),
    ("mcp=1", "mcp=1;model=a", false, ["model"]), ("model=a", "model=b", false, ["model"]),
    ("mcp=1", "", false, []), ("", "mcp=1", false, []),
  ]

  @Test(arguments: changes)
  func `a change of what the policy names resets, any other is drift`(
    _ made: String, _ woken: String, _ reset: Bool, _ drift: [String]
  ) {
    let world = World()
    world.bind("x", fingerprint: made)
    let plan = world.wake(fingerprint: woken).plan
    #expect(plan?.reset == (reset ? .fingerprint : nil))
    #expect(plan?.drift == drift)
  }

  @Test func `a binding without fingerprint takes the next one given`() {
    let world = World()
    world.bind("x")
    world.bind("x", fingerprint: "mcp=1")
    #expect(world.wake(fingerprint: "mcp=2").plan?.reset == .fingerprint)
  }

  /// A key took the agent's session without saying how it is configured; that is still known.
  @Test func `a fingerprint left out is not forgotten`() {
    let world = World()
    world.bind("x", "one", fingerprint: "mcp=1")
    world.bind("x", "two", resume: "x")
    #expect(world.wake("two", fingerprint: "mcp=2").plan?.reset == .fingerprint)
    #expect(
      world.wake("new", resume: "x", fingerprint: "mcp=2").plan?.considered
        == ["explicit x fingerprint"])
  }

  @Test func `a session of another provider is not compared`() {
    let world = World()
    world.bind("x", fingerprint: "mcp=1")
    #expect(world.wake(provider: "codex", fingerprint: "mcp=2").plan?.reset == nil)
  }

  static func rotating(_ rotate: JSONValue) throws -> World {
    try World(policy: ["reset": ["rotate": rotate]])
  }

  @Test func `rotated when the runs are more than allowed, the minting one included`() throws {
    let world = try Self.rotating(["runs": 2])
    world.bind("x")
    #expect(world.bind("x").events.isEmpty == false)
    #expect(world.identity("x").runs == 2)
    #expect(world.wake().plan?.reset == nil)
    // Entered on the way and then lost: a run all the same.
    world.progress(sessionId: "x", entered: true)
    world.abandon()
    #expect(world.identity("x").runs == 3)
    #expect(world.wake(keep: true).plan?.reset == nil)
    world.finish(outcome: .cancelled)
    #expect(world.wake().plan?.reset == .rotation)
  }

  @Test(arguments: [UInt64(999), 1_000])
  func `rotated when the last run's input reaches the limit`(_ tokens: UInt64) throws {
    let world = try Self.rotating(["inputTokens": 1_000])
    world.wake()
    world.finish(sessionId: "x", exitCode: 0, turns: 1, inputTokens: tokens)
    #expect(world.wake().plan?.reset == (tokens == 1_000 ? .rotation : nil))
  }

  @Test(arguments: [Int64(59), 60])
  func `rotated when the last run began late enough after the minting one`(_ age: Int64) throws {
    let world = try Self.rotating(["ageSeconds": 60])
    world.bind("x")
    world.pass(hours: 5)
    #expect(world.wake().plan?.reset == nil)
    world.finish(outcome: .cancelled)
    let other = try Self.rotating(["ageSeconds": 60])
    other.bind("x")
    other.pass(seconds: age)
    other.bind("x")
    #expect(other.wake().plan?.reset == (age == 60 ? .rotation : nil))
  }

  @Test(arguments: [Int64(60), 61])
  func `idle after strictly more than its seconds`(_ seconds: Int64) throws {
    let world = try ResetTests.world(["idleSeconds": 60])
    world.bind("x")
    world.pass(seconds: seconds)
    #expect(world.wake().plan?.reset == (seconds == 61 ? .idle : nil))
  }

  @Test func `exempt wakes neither reset by time nor keep a session awake`() throws {
    let world = try ResetTests.world(["idleSeconds": 60, "dailyAtHour": 4])
    world.bind("x")
    world.pass(hours: 30)
    world.wake(source: .timer)
    #expect(world.succeed(nil, "x").isSettled == true)
    #expect(world.bound() == "x")
    #expect(world.wake().plan?.reset == .idle)
  }

  /// The agent was paused, and people wrote all day: nobody was idle.
  @Test func `wakes that were refused, dropped or joined are interactions`() throws {
    let world = try ResetTests.world(["idleSeconds": 60, "exemptSources": []])
    world.bind("x")
    world.pause()
    world.pass(seconds: 50)
    #expect(world.wake().disposition == .refused(.paused))
    world.unpause()
    world.pass(seconds: 50)
    #expect(world.wake().plan?.reset == nil)
    world.pass(seconds: 50)
    #expect(world.wake(source: .timer).disposition == .coalesced)
    world.pass(seconds: 50)
    world.wake()
    world.cancel()
    world.succeed(nil, "x")
    world.pass(seconds: 50)
    #expect(world.wake().plan?.reset == nil)
  }

  @Test func `a waiting wake is judged for idle by its earliest`() throws {
    let world = try ResetTests.world(["idleSeconds": 60])
    world.bind("x")
    world.wake()
    world.pass(seconds: 60)
    world.wake()
    world.pass(seconds: 60)
    world.wake()
    world.succeed(nil, "x")
    world.pass(seconds: 60)
    #expect(world.next().plan?.reset == nil)
    world.pass(seconds: 60)
    world.wake()
    world.succeed(nil, "x")
    // Two minutes after the last of those; that a run began in between is no interaction.
    #expect(world.next().plan?.reset == .idle)
  }

  @Test func `daily when the generation began strictly before the hour, on the wake's clock`()
    throws
  {
    let world = try ResetTests.world(["dailyAtHour": 4])
    // 18 January 2026, 04:00:00 +01:00.
    world.now = Instant(nanoseconds: 1_768_705_200_000_000_000, offsetMinutes: 60)
    world.bind("x")
    world.pass(seconds: 1)
    #expect(world.wake().plan?.reset == nil)
    world.succeed(nil, "x")
    world.pass(hours: 23)
    #expect(world.wake().plan?.reset == nil)
    world.succeed(nil, "x")
    // By a clock that stands an hour ahead it is four in the morning.
    world.now.offsetMinutes = 120
    #expect(world.wake().plan?.reset == .daily)
    world.succeed(nil, "y")
    #expect(world.wake().plan?.sessionId == "y")
  }

  @Test func `a waiting wake keeps its offset for the daily hour`() throws {
    let world = try ResetTests.world(["dailyAtHour": 4])
    world.now = Instant(nanoseconds: 1_768_705_200_000_000_000, offsetMinutes: 60)
    world.bind("x")
    world.wake()
    world.pass(hours: 23)
    world.now.offsetMinutes = 120
    world.wake()
    world.succeed(nil, "x")
    world.now.offsetMinutes = 60
    #expect(world.next().plan?.reset == .daily)
  }
}
