import Testing
import WakelogModel
import WakelogStore
import WakelogTesting

@testable import Wakelog

/// What a wrong clock does to a log: keys of idempotency, attention, and where a moment lies.
@Suite struct WrongClockTests {
  let place = Place()
  static let noon: Int64 = 1_768_000_000_000
  static let skews: [Int64] = [30, 3_540, 3_660, 93_600, 315_360_000].flatMap { [$0, -$0] }

  private static func at(_ seconds: Int64) -> JSONValue {
    ["at": .integer(noon + seconds * 1_000)]
  }

  @discardableResult
  private func wake(
    _ engine: Engine, _ session: String, at seconds: Int64, key: String? = nil,
    _ more: JSONValue = [:]
  ) throws -> JSONValue {
    let wake = CallerTests.wake(session).with(Self.at(seconds)).with(more)
    return try engine.ask("wake", key.map { wake.with(["key": .string($0)]) } ?? wake)
  }

  private func replies(_ engine: Engine) throws -> Int {
    try engine.statistics().tables.first { $0.name == "replies" }?.entries ?? 0
  }

  // MARK: - Keys

  // One call under a clock 26 hours ahead, and a call that was asked again was carried out twice.
  @Test(arguments: skews) func `a wrong clock drops nobody's key`(skew: Int64) throws {
    let engine = try place.open()
    try wake(engine, "s", at: 0, key: "k")
    for number in 0..<40 { try wake(engine, "t\(number)", at: skew + 1, key: "t\(number)") }
    for seconds in [60, 3_500, 86_000] as [Int64] {
      try wake(engine, "u\(seconds)", at: seconds, key: "u\(seconds)")
      #expect(try wake(engine, "s", at: seconds, key: "k")["duplicate"] == true, "\(seconds)")
    }
    engine.close()
  }

  // What was kept while a clock was ten years ahead was kept for ten years.
  @Test(arguments: skews) func `what a wrong clock kept goes like all else`(skew: Int64) throws {
    let engine = try place.open()
    try wake(engine, "s", at: 0, key: "k")
    for number in 0..<40 { try wake(engine, "t\(number)", at: skew, key: "t\(number)") }
    // Two days of an hourly call.
    for hour in 1..<48 {
      try wake(engine, "u", at: Int64(hour) * 3_600, key: "u\(hour)")
    }
    #expect(try replies(engine) <= 28)
    #expect(try wake(engine, "t0", at: 48 * 3_600, key: "t0")["duplicate"] == nil)
    engine.close()
  }

  @Test func `keys that an import keeps for good are never aged`() throws {
    let engine = try place.open()
    try engine.bulk { bulk throws(WakelogError) in
      bulk.remember(row: "row", as: SequenceNumber(7))
    }
    for number in 0..<3 { try wake(engine, "s\(number)", at: 0, key: "\(number)") }
    try engine.look { bulk throws(WakelogError) in
      #expect(try bulk.position(ofRow: "row") == SequenceNumber(7))
    }
    engine.close()
    #expect(try place.fault() == nil)
  }

  // MARK: - Attention

  private func attention(_ engine: Engine, at seconds: Int64, _ kind: String) throws -> [JSONValue]
  {
    let found = try engine.ask("attention", Self.at(seconds)).array ?? []
    return found.filter { $0["kind"] == .string(kind) }
  }

  // A machine's clock was ten years ahead for a minute; nobody saw why a key no longer ran.
  @Test func `a clock ahead is shown until it is caught up with or corrected`() throws {
    let engine = try place.open()
    try wake(engine, "right", at: 0)
    #expect(try attention(engine, at: 0, "clock") == [])
    for session in ["a", "b"] { try wake(engine, session, at: 90_000) }
    let found = try attention(engine, at: 60, "clock")
    let entry = try #require(found.first)
    #expect(found.count == 1 && entry["keys"] == 2 && entry["family"] == "infrastructure")
    #expect(entry["session"] == .null && entry["run"] == .null)
    #expect(entry["since"]?.string == Instant(milliseconds: Self.noon)?.description)
    #expect(entry["because"]?.string?.contains("2 keys") == true)
    // The clock of the log is right again, and one key is corrected.
    try wake(engine, "a", at: 120)
    let left = try attention(engine, at: 180, "clock")
    #expect(left.first?["keys"] == 1 && left.first?["session"] == "b")
    #expect(left.first?["since"]?.string == Instant(milliseconds: Self.noon)?.description)
    try wake(engine, "b", at: 240)
    #expect(try attention(engine, at: 240, "clock") == [])
    engine.close()
  }

  @Test func `time that catches up ends it`() throws {
    let engine = try place.open()
    try wake(engine, "s", at: 90_000)
    #expect(try attention(engine, at: 60, "clock").count == 1)
    #expect(try attention(engine, at: 90_000 - 3_601, "clock").count == 1)
    #expect(try attention(engine, at: 90_000 - 3_600, "clock") == [])
    engine.close()
  }

  @Test(arguments: skews) func `runs and queues of a wrong clock are seen`(skew: Int64) throws {
    let engine = try place.open()
    try wake(engine, "q", at: -120)
    try wake(engine, "s", at: skew, key: nil, ["lease": 60])
    let first = try engine.ask("session", ["session": "q"])["openRun"]!
    try wake(engine, "q", at: skew)
    try engine.ask(
      "abandon", Self.at(skew).with(["run": first, "by": "eve", "why": "lost"]))
    // A day later nobody has called since.
    for (kind, session) in [("leaseExpired", "s"), ("silentRun", "s"), ("stuckQueue", "q")] {
      let found = try attention(engine, at: 86_400, kind)
      #expect(found.map { $0["session"] } == [.string(session)], "\(kind)")
      let since = found.first?["since"]?.string.flatMap { Instant($0) }
      #expect(since.map { $0.nanoseconds <= (Self.noon + 86_400_000) * 1_000_000 } == true)
    }
    engine.close()
  }

  @Test(arguments: skews) func `flapping ends within an hour or two`(skew: Int64) throws {
    let engine = try place.open()
    for number in 0..<3 {
      let wake = try wake(
        engine, "s", at: skew + Int64(number), key: nil, ["resume": .string("x\(number)")])
      try engine.ask(
        "finish",
        Self.at(skew + Int64(number)).with([
          "attempt": wake["attempt"]!, "fence": wake["fence"]!, "exitCode": 1, "turns": 0,
          "stderr": .string("No conversation found with session ID: x\(number)"),
        ]))
      try engine.ask(
        "abandon", Self.at(skew + Int64(number)).with(["run": wake["run"]!, "by": "e", "why": "w"]))
    }
    #expect(try attention(engine, at: skew + 5, "flapping").count == 1)
    try engine.ask("probe", Self.at(60).with(["session": "s", "sessionId": "x0", "exists": false]))
    #expect(try attention(engine, at: 2 * 3_600 + 61, "flapping") == [])
    engine.close()
  }

  // MARK: - Replay

  @Test(arguments: skews) func `replay equals live under any clock`(skew: Int64) throws {
    let engine = try place.open()
    var driver = Driver(seed: UInt64(bitPattern: skew))
    for round in 0..<6 {
      for _ in 0..<40 { driver.step(engine) }
      driver.milliseconds += round.isMultiple(of: 2) ? skew * 1_000 : -skew * 1_000
    }
    let live = try engine.stateHash()
    engine.close()
    try place.look { log in try log.write { try $0.clearCheckpoint() } }
    let again = try place.open()
    #expect(try again.stateHash() == live)
    again.close()
  }
}
