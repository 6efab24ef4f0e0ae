import Testing
import WakelogModel
import WakelogTesting

/// Whatever clocks did before, a key that is called once by a right clock follows its rules from then
/// on, give or take an hour.
struct ClockRecoveryTests {
  private static let start = Instant("2026-06-15T12:00:00+00:00")!

  /// Calls under clocks that are wrong for a while, one way and the other.
  private static func muddle(_ world: World, _ random: inout SeededGenerator) -> Int64 {
    var seconds: Int64 = 0
    for _ in 0..<Int.random(in: 1...12, using: &random) {
      seconds += Int64.random(in: 1...20_000, using: &random)
      let skew = ([0, 0] + WrongClockTests.skews).randomElement(using: &random) ?? 0
      world.now = start.adding(seconds: seconds + skew)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: world.wake(lease: 600)
      case 1: world.wake(source: .cron)
      case 2: world.bind(to: "x")
      case 3:
        if world.wake(source: .manual).disposition == .started {
          world.finish(exitCode: 1, turns: 0, status: 429, retryAfterSeconds: 600)
        }
      default: world.reset()
      }
    }
    return seconds + 60
  }

  @Test(arguments: 0..<400)
  func `a key follows its rules after one call by a right clock`(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let policy = try Policy(json: ["reset": ["idleSeconds": 7_200]])
    let world = World(policy: policy)
    world.now = Self.start
    world.bind(to: "w")
    let now = Self.muddle(world, &random)
    func set(_ seconds: Int64) { world.now = Self.start.adding(seconds: now + seconds) }
    set(0)
    world.reset()
    world.cancel()
    world.bind(to: "z")
    // A lease runs out, and not before its time.
    set(10)
    #expect(world.wake(lease: 600).disposition == .started, "seed \(seed)")
    set(600)
    #expect(world.wake(source: .timer).disposition == .coalesced, "seed \(seed)")
    set(611 + 3_600)
    #expect(world.wake(source: .timer).disposition == .started, "seed \(seed)")
    // A wait holds, and ends.
    world.finish(exitCode: 1, turns: 0, status: 429, retryAfterSeconds: 600)
    set(5_000 - 200)
    #expect(world.wake(source: .cron).disposition == .refused(.notBefore), "seed \(seed)")
    set(5_000 + 3_600)
    #expect(world.wake(source: .cron).disposition == .started, "seed \(seed)")
    world.succeed("x")
    // What people say is not reset, and what they left is.
    set(9_000)
    world.bind(to: "x")
    set(9_060)
    #expect(world.wake().plan?.reset == nil, "seed \(seed)")
    world.succeed("x")
    set(3 * 86_400)
    #expect(world.wake().plan?.reset == .idle, "seed \(seed)")
    #expect(world.violations().isEmpty, "seed \(seed)")
  }

  // A step back within an hour ended live runs in one key out of three.
  @Test(arguments: 0..<200)
  func `skew of less than an hour ends no run that is heard of in time`(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed) &+ 1_000)
    let world = World()
    var seconds: Int64 = 0
    func pass() {
      seconds += 60
      // One clock is up to half an hour off, another is right.
      let skew = Int64.random(in: -1_700...1_700, using: &random)
      world.now = Self.start.adding(seconds: seconds + (Bool.random(using: &random) ? skew : 0))
    }
    world.now = Self.start
    world.wake(lease: 7_200)
    for _ in 0..<60 {
      pass()
      #expect(world.progress().error == nil, "seed \(seed)")
      pass()
      #expect(world.wake(source: .timer).disposition == .coalesced, "seed \(seed)")
    }
    #expect(world.violations().isEmpty, "seed \(seed)")
  }
}
