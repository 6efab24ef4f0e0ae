import Testing
import WakelogModel
import WakelogTesting

/// Fingerprints, rotation, idle and daily resets.
struct ConfigurationTests {
  private func world(_ reset: JSONValue) throws -> World {
    World(policy: try Policy(json: ["reset": reset]))
  }

  // OpenClaw resumed with another account's credentials and was refused by the provider.
  @Test func `a change that invalidates resets, any other is drift`() {
    let world = World()
    world.bind(to: "x", fingerprint: ["authProfile": "a", "model": "m1"])
    let drifted = world.wake(fingerprint: ["authProfile": "a", "model": "m2"])
    #expect(drifted.plan?.sessionId == "x")
    #expect(drifted.plan?.drift == ["model"])
    world.finish(exitCode: 1, turns: 0, status: 500)
    let changed = world.wake(fingerprint: ["authProfile": "b", "model": "m1"])
    #expect(changed.plan?.reset == .fingerprint)
    #expect(changed.plan?.considered == ["bound x: fingerprint"])
    #expect(changed.plan?.generation == 2)
  }

  // A fingerprint with one name less was taken for the same.
  @Test func `a name given on one side only is a change`() {
    let world = World()
    world.bind(to: "x", fingerprint: ["cwd": "/a", "model": "m"])
    #expect(world.wake(fingerprint: ["cwd": "/a"]).plan?.drift == ["model"])
    world.finish(exitCode: 1, turns: 0, status: 500)
    #expect(world.wake(fingerprint: ["model": "m"]).plan?.reset == .fingerprint)
  }

  // After an update every session of before it looked changed, for none had had a fingerprint.
  @Test func `a binding without fingerprint is not compared and takes the next one given`() {
    let world = World()
    world.bind(to: "x")
    #expect(world.wake(fingerprint: ["cwd": "/a"]).plan?.sessionId == "x")
    world.succeed("x")
    #expect(world.wake().plan?.sessionId == "x")
    world.succeed("x")
    #expect(world.wake(fingerprint: ["cwd": "/b"]).plan?.reset == .fingerprint)
  }

  @Test func `an explicit id that this log has bound is compared too`() {
    let world = World()
    world.bind("a", to: "x", fingerprint: ["cwd": "/a"])
    #expect(
      world.wake("b", resume: "x", fingerprint: ["cwd": "/b"]).plan?.considered
        == ["explicit x: fingerprint"])
    world.finish(exitCode: 1, turns: 0, status: 500)
    #expect(world.wake("b", resume: "x", fingerprint: ["cwd": "/a"]).plan?.sessionId == "x")
  }

  // "More than 2 runs" was tested before the run was counted, and again after.
  @Test func `rotation by runs comes after one run more than the limit`() throws {
    let world = try world(["rotate": ["runs": 2]])
    for _ in 0..<3 {
      #expect(world.wake().plan?.reset == nil)
      world.succeed("x")
    }
    #expect(world.identity("x").runs == 3)
    #expect(world.wake(keep: true).plan?.sessionId == "x")
    world.finish(exitCode: 1, turns: 0, status: 500)
    let rotated = world.wake()
    #expect(rotated.plan?.reset == .rotation)
    #expect(rotated.plan?.considered == ["bound x: rotated"])
  }

  @Test(arguments: [(99, false), (100, true)])
  func `rotation by tokens comes when they reach the limit`(
    _ tokens: UInt64, _ isRotated: Bool
  ) throws {
    let world = try world(["rotate": ["inputTokens": 100]])
    world.wake()
    world.succeed("x", inputTokens: tokens)
    #expect((world.wake().plan?.reset == .rotation) == isRotated)
  }

  @Test(arguments: [(59, false), (60, true)])
  func `rotation by age looks at when the last run began`(
    _ seconds: Int64, _ isRotated: Bool
  ) throws {
    let world = try world(["rotate": ["ageSeconds": 60]])
    world.bind(to: "x")
    world.advance(seconds: seconds)
    #expect(world.wake().plan?.reset == nil)
    world.succeed("x")
    #expect((world.wake().plan?.reset == .rotation) == isRotated)
  }

  // Rotated once, the session's count went on, and every wake rotated again.
  @Test func `after a rotation the new session counts from one`() throws {
    let world = try world(["rotate": ["runs": 1]])
    world.bind(to: "x")
    world.bind(to: "x")
    #expect(world.bind(to: "y").plan?.reset == .rotation)
    #expect(world.bind(to: "y").plan?.reset == nil)
    #expect(world.bind(to: "z").plan?.reset == .rotation)
    #expect(world.violations().isEmpty)
  }

  @Test(arguments: [(600, false), (601, true)])
  func `idle is strictly more than the limit`(_ seconds: Int64, _ isIdle: Bool) throws {
    let world = try world(["idleSeconds": 600])
    world.bind(to: "x")
    world.advance(seconds: seconds)
    #expect((world.wake().plan?.reset == .idle) == isIdle)
  }

  // Hermes #66255: its own recoveries kept conversations awake that nobody spoke in.
  @Test func `a wake of the machine neither resets by time nor counts as interaction`() throws {
    let world = try world(["idleSeconds": 600])
    world.bind(to: "x")
    for _ in 0..<3 {
      world.advance(seconds: 300)
      #expect(world.wake(source: .recovery).plan?.reset == nil)
      world.succeed("x")
    }
    #expect(world.wake(keep: true).plan?.reset == nil)
    world.succeed("x")
    #expect(world.wake().plan?.reset == nil)
  }

  @Test func `time that machines filled is idle`() throws {
    let world = try world(["idleSeconds": 600])
    world.bind(to: "x")
    world.advance(seconds: 400)
    world.wake(source: .timer)
    world.succeed("x")
    world.advance(seconds: 400)
    #expect(world.wake().plan?.reset == .idle)
  }

  // The wake was in time; the run before it took an hour, and the answer came to a stranger.
  @Test func `a wake that waited is judged by the time it came`() throws {
    let world = try world(["idleSeconds": 600])
    world.wake()
    world.advance(seconds: 500)
    world.wake()
    world.advance(seconds: 3_000)
    world.succeed("x")
    #expect(world.next().plan?.reset == nil)
  }

  // "Daily at four" is four on the clock of the wake, not in Greenwich.
  @Test func `daily is by the wake's own clock`() throws {
    let world = try world(["dailyAtHour": 4])
    world.set(clock: "2026-01-18T03:59:59+01:00")
    world.bind(to: "x")
    world.set(clock: "2026-01-18T03:59:59+01:00")
    #expect(world.wake().plan?.reset == nil)
    world.succeed("x")
    world.set(clock: "2026-01-18T04:00:00+01:00")
    #expect(world.wake(source: .cron).plan?.reset == nil)
    world.succeed("x")
    #expect(world.wake().plan?.reset == .daily)
    world.succeed("y")
    world.set(clock: "2026-01-19T03:59:59+01:00")
    #expect(world.wake().plan?.reset == nil)
  }

  // The host that started the waiting wake gave its own time in UTC, and four o'clock moved.
  @Test func `daily is by the clock of the wake that waited, not of who starts it`() throws {
    let world = try world(["dailyAtHour": 4])
    world.set(clock: "2026-01-18T03:30:00+01:00")
    world.bind(to: "x")
    world.set(clock: "2026-01-18T03:40:00+01:00")
    world.wake()
    world.wake()
    world.set(clock: "2026-01-18T03:10:00Z")
    world.succeed("x")
    #expect(world.next().plan?.reset == .daily)
  }
}
