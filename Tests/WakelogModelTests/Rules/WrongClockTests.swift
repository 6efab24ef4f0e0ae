import Testing
import WakelogModel
import WakelogTesting

/// A wrong clock does no lasting harm: what a key's rules do while its clock is wrong by so much, at
/// once after it is put right, and a day later. Times are seconds of a true clock that starts at noon.
struct WrongClockTests {
  static let skews: [Int64] = [30, 3_540, 3_660, 93_600, 315_360_000].flatMap { [$0, -$0] }
  static let hour: Int64 = 3_600
  static let day: Int64 = 86_400

  private let start = Instant("2026-06-15T12:00:00+00:00")!

  /// A key that was used a minute ago, by a right clock.
  private func world(_ reset: JSONValue = [:]) throws -> World {
    let world = World(policy: try Policy(json: ["reset": reset]))
    set(world, -60)
    world.bind(to: "x")
    return world
  }

  private func set(_ world: World, _ seconds: Int64) { world.now = start.adding(seconds: seconds) }

  // A clock ten years ahead woke a key once; its lease of a minute ran for ten years. And a clock
  // that stepped back by half an hour must not end a run whose host is there.
  @Test(arguments: skews, [60, day])
  func `a lease lasts as long as it says, by the right clock`(_ skew: Int64, _ later: Int64) throws
  {
    let world = try world()
    set(world, skew)
    world.wake(lease: 600)
    set(world, later)
    let found = world.wake(source: .timer).disposition
    // A step back of more than an hour ends a run that is not heard of again.
    let isLive = later < 600 && skew - later <= Self.hour
    #expect(found == (isLive ? .coalesced : .started))
    #expect(world.violations().isEmpty)
  }

  // NTP put a clock right that was two hours ahead; the host went on, and its run was taken away.
  @Test(arguments: skews) func `a sign of life keeps a run through any step`(_ skew: Int64) throws {
    let world = try world()
    set(world, skew)
    world.wake(lease: 600)
    set(world, 20)
    #expect(world.progress().error == nil)
    set(world, 30)
    #expect(world.wake(source: .timer).disposition == .coalesced)
    set(world, 20 + 600 + 2 * Self.hour)
    #expect(world.wake(source: .timer).disposition == .started)
    #expect(world.violations().isEmpty)
  }

  // A key's run was in an id that another key asked for; that key's clock was right.
  @Test(arguments: skews)
  func `a run that holds a session is judged by the clock of who asks for it`(_ skew: Int64) throws
  {
    let world = try world()
    set(world, skew)
    world.wake(lease: 600)
    set(world, Self.day)
    let asked = world.wake("t", resume: "x")
    #expect(asked.plan?.considered == ["explicit x: offered"])
    #expect(world.violations().isEmpty)
  }

  // A rate limit of ten minutes was read by a clock ten years ahead; no cron job ran again.
  @Test(arguments: skews, [60, day])
  func `a wait that the provider asks for ends by the right clock`(
    _ skew: Int64, _ later: Int64
  ) throws {
    let world = try world()
    set(world, skew)
    world.wake()
    world.finish(exitCode: 1, turns: 0, status: 429, retryAfterSeconds: 600)
    set(world, later)
    let found = world.wake(source: .cron).disposition
    let isHeld = later < 600 && skew - later <= Self.hour
    #expect(found == (isHeld ? .refused(.notBefore) : .started))
    #expect(world.violations().isEmpty)
  }

  // A wait of five hours was asked for by a right clock; one call of a wrong one ended it.
  @Test(arguments: skews) func `a wait that began by a right clock holds`(_ skew: Int64) throws {
    let world = try world()
    set(world, 0)
    world.wake()
    world.finish(exitCode: 1, turns: 0, status: 429, retryAfterSeconds: 18_000)
    set(world, skew)
    world.probe(sessionId: "x", exists: true)
    set(world, 60)
    let isLost = skew < -Self.hour
    #expect(
      world.wake(source: .cron).disposition == (isLost ? .started : .refused(.notBefore)))
    #expect(world.violations().isEmpty)
  }

  // A board without a battery started in 1970, and when its clock was set every conversation was
  // reset as idle. Another was a day ahead once, and no conversation was reset again.
  @Test(arguments: skews) func `idle is by the right clock`(_ skew: Int64) throws {
    let world = try world(["idleSeconds": 7_200])
    set(world, skew)
    world.bind(to: "x")
    for seconds in [60, 120] as [Int64] {
      set(world, seconds)
      #expect(world.wake().plan?.reset == nil, "\(seconds)")
      world.succeed("x")
    }
    set(world, 2 * Self.day)
    #expect(world.wake().plan?.reset == .idle)
    #expect(world.violations().isEmpty)
  }

  @Test(arguments: skews)
  func `a wake that is late to see the right clock does not delay idle for good`(
    _ skew: Int64
  ) throws {
    let world = try world(["idleSeconds": 7_200])
    set(world, skew)
    world.bind(to: "x")
    set(world, Self.day)
    let first = world.wake().plan?.reset
    // What a clock ahead said counts as now.
    #expect((first == .idle) == (skew < Self.day))
    world.succeed("y")
    set(world, 2 * Self.day)
    #expect(world.wake().plan?.reset == .idle)
    #expect(world.violations().isEmpty)
  }

  @Test(arguments: skews) func `daily is by the right clock`(_ skew: Int64) throws {
    let world = try world(["dailyAtHour": 4])
    set(world, skew)
    world.bind(to: "x")
    for seconds in [60, 120] as [Int64] {
      set(world, seconds)
      #expect(world.wake().plan?.reset == nil, "\(seconds)")
      world.succeed("x")
    }
    set(world, 2 * Self.day)
    #expect(world.wake().plan?.reset == .daily)
    #expect(world.violations().isEmpty)
  }

  // A run under a clock ahead made its session look ten years old, and the next wake gave it up.
  @Test(arguments: skews, [true, false])
  func `a session is as old as the right clock says`(_ skew: Int64, _ isMinted: Bool) throws {
    let world = try world(["rotate": ["ageSeconds": 259_200]])
    set(world, skew)
    world.wake(forceFresh: isMinted)
    world.succeed(isMinted ? "y" : "x")
    let id = isMinted ? "y" : "x"
    for seconds in [60, 120, 180, Self.day] as [Int64] {
      set(world, seconds)
      let plan = world.wake().plan
      #expect(plan?.reset == nil && plan?.sessionId == id, "\(seconds)")
      world.succeed(id)
    }
    set(world, 5 * Self.day)
    world.wake()
    world.succeed(id)
    #expect(world.wake().plan?.reset == .rotation)
    #expect(world.violations().isEmpty)
  }

  // A wake waited under a clock ahead, and `next` started it under the right one.
  @Test(arguments: skews) func `a wake that waited is judged by the right clock`(
    _ skew: Int64
  ) throws {
    let world = try world(["idleSeconds": 7_200, "dailyAtHour": 4])
    set(world, 0)
    world.wake()
    set(world, skew)
    world.wake()
    set(world, 60)
    world.succeed("x")
    let started = world.next()
    #expect(started.disposition == .started && started.plan?.reset == nil)
    #expect(world.violations().isEmpty)
  }

  // The call that finds the clock put right is `next` itself: nothing was written before it.
  @Test(arguments: skews) func `next corrects a key like any other call`(_ skew: Int64) throws {
    let world = try world(["idleSeconds": 7_200, "dailyAtHour": 4])
    set(world, skew)
    world.wake(lease: 600)
    world.wake()
    set(world, Self.day)
    let started = world.next()
    #expect(started.disposition == .started)
    #expect(started.plan?.reset != .idle)
    #expect(world.violations().isEmpty)
  }
}
