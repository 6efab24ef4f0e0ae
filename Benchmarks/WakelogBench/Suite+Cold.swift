import Wakelog
import WakelogModel
import WakelogTesting

extension Suite {
  /// What leaves memory when nobody wakes the sessions, and what it costs to wake one then.
  mutating func cold(_ path: String, sessions: Int) {
    let arguments = ["--child", "cold", "--dir", path, "--sessions", String(sessions)]
    let found = Child.measure(arguments, turns: options.isQuick ? 1 : 3, numbers: Cold.numbers)
    let each = { (samples: Samples) in shown(samples.median / Double(sessions)) }
    report.add(
      Row(
        "the same after nobody woke them for a day, bytes", measured: each(found[1]),
        spread: "before \(each(found[0])); left within \(fixed(found[2].median, 1)) s"))
    report.add(
      Row(
        "first wake of such a session, decided, no commit, µs", measured: fixed(found[5].median, 1),
        spread: "p99 \(fixed(found[6].median, 1)); of one in memory "
          + "\(fixed(found[3].median, 1)), p99 \(fixed(found[4].median, 1))"))
    report.add(
      Row(
        "attention over all of them when they left, ms", measured: fixed(found[8].median, 1),
        spread: "in memory \(fixed(found[7].median, 1))"))
  }
}

/// A process whose sessions leave memory.
struct Cold {
  static let numbers = 9
  private static let sample = 2_000

  let options: Options

  init(_ options: Options) { self.options = options }

  /// Prints bytes before and after, the seconds that leaving takes, microseconds of wakes before
  /// and after, middle and p99, and milliseconds of a call that looks at all.
  func run(anonymousBefore: Int) throws {
    let engine = try Engine.open(options.directory)
    defer { engine.close() }
    let world = World(keys: options.sessions, seed: 0xC01D)
    var random = SeededGenerator(seed: 5)
    let keys = (0..<2 * Self.sample).map { _ in
      Int.random(in: 0..<options.sessions, using: &random)
    }
    try engine.bulk { bulk in
      for key in keys { world.named(key, bulk) }
    }
    let attention = try milliseconds(engine)
    let warm = try wake(keys[..<Self.sample], world, engine)
    let before = Machine.memory("RssAnon") - anonymousBefore
    let seconds = try Machine.time { try engine.letColdLeave() }
    let after = Machine.memory("RssAnon") - anonymousBefore
    let cold = try wake(keys[Self.sample...], world, engine)
    try engine.letColdLeave()
    let numbers =
      [Double(before), Double(after), seconds, warm.middle, warm.high, cold.middle, cold.high]
      + [attention, try milliseconds(engine)]
    for number in numbers { print(number) }
  }

  private func milliseconds(_ engine: Engine) throws -> Double {
    try Machine.time { _ = try engine.call("attention", JSONObject()) } * 1_000
  }

  private func wake(
    _ keys: ArraySlice<Int>, _ world: World, _ engine: Engine
  ) throws -> (middle: Double, high: Double) {
    var samples: [Double] = []
    try engine.bulk { bulk throws(WakelogError) in
      for key in keys {
        let start = Machine.seconds
        try world.wake(key, .timer, bulk)
        samples.append((Machine.seconds - start) * 1e6)
      }
    }
    samples.sort()
    return (samples[samples.count / 2], samples[samples.count * 99 / 100])
  }
}
