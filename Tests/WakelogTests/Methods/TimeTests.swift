import Foundation
import Testing
import WakelogModel

@testable import Wakelog

/// `at`: what is taken, what is refused, and what one wrong clock can do.
@Suite struct TimeTests {
  let place = Place()

  private func stamp(_ engine: Engine) throws -> String {
    let events = try engine.ask("events", ["limit": 10_000])["items"]?.array ?? []
    return events.last?["at"]?.string ?? ""
  }

  @Test(arguments: [
    (JSONValue.string("2026-01-18T05:00:00+01:00"), "2026-01-18T05:00:00+01:00"),
    (.string("2026-01-18T04:00:00Z"), "2026-01-18T04:00:00+00:00"),
    (.string("2026-01-18T04:00:00.25-05:30"), "2026-01-18T04:00:00.250-05:30"),
    (.integer(1_768_708_800_000), "2026-01-18T04:00:00+00:00"),
    (.integer(100_000_000_000), "1973-03-03T09:46:40+00:00"),
    (.string("1970-01-01T00:00:00Z"), "1970-01-01T00:00:00+00:00"),
  ]) func `a time is kept with its offset`(at: JSONValue, shown: String) throws {
    let engine = try place.open()
    try engine.ask("wake", CallerTests.wake("s").with(["at": at]))
    #expect(try stamp(engine) == shown)
    engine.close()
  }

  @Test(
    arguments: [
      "2026-01-18", "2026-01-18T05:00:00", "yesterday", "", "2026-13-01T00:00:00Z",
      "2026-01-18T25:00:00Z", "2026-02-30T00:00:00Z", "+10000-01-01T00:00:00Z",
    ] as [JSONValue] + [-1, 0, 99_999_999_999, .number(1.5), true, [], [:]])
  func `what is no time is refused`(at: JSONValue) throws {
    let engine = try place.open()
    for method in ["wake", "hello", "attention"] {
      let params = method == "wake" ? CallerTests.wake("s") : [:]
      let error = engine.refusal(method, params.with(["at": at]))
      #expect(error?.code == .invalidParameter && error?.field == "at", "\(method) \(at)")
    }
    #expect(try engine.count == 0)
    engine.close()
  }

  // A host gave seconds; they were taken for a January of 1970, and no lease ever ran out.
  @Test func `seconds are not taken for milliseconds`() throws {
    let engine = try place.open()
    let error = engine.refusal("wake", CallerTests.wake("s").with(["at": 1_768_708_800]))
    #expect(error?.code == .invalidParameter && error?.field == "at")
    #expect(error?.message.contains("milliseconds, not seconds") == true)
    engine.close()
  }

  @Test func `left out, it is the engine's clock`() throws {
    let engine = try place.open { $0.givenClock = false }
    let before = Date()
    try engine.ask("wake", CallerTests.wake("s"))
    let instant = try #require(Instant(try stamp(engine)))
    let seconds = Double(instant.nanoseconds) / 1e9
    #expect(seconds >= before.timeIntervalSince1970 - 1)
    #expect(seconds <= Date().timeIntervalSince1970 + 1)
    engine.close()
  }

  @Test func `more than an hour ahead is refused, unless the clock is given`() throws {
    let now = Int64(Date().timeIntervalSince1970 * 1_000)
    let engine = try place.open { $0.givenClock = false }
    let far = CallerTests.wake("s").with(["at": .integer(now + 3_660_000)])
    let error = engine.refusal("wake", far.with(["key": "k"]))
    #expect(error?.code == .invalidParameter && error?.field == "at")
    #expect(error?.message.contains("hour") == true)
    #expect(engine.refusal("attention", ["at": .integer(now + 3_660_000)])?.field == "at")
    let near = CallerTests.wake("s").with(["at": .integer(now + 3_500_000), "key": "k"])
    #expect(try engine.ask("wake", near)["disposition"] == "started")
    engine.close()
    let given = try place.open()
    #expect(try given.ask("wake", far)["disposition"] == "deferred")
    given.close()
  }

  // One wake under a clock ten months ahead, and its key had no working lease for ten months.
  @Test func `one skewed call holds back no key, its own neither`() throws {
    let engine = try place.open()
    let noon = ResultTests.noon
    let day: Int64 = 86_400_000
    let leased: JSONValue = ["lease": 60]
    for (session, at) in [("ahead", noon + 300 * day), ("other", noon)] {
      try engine.ask("wake", CallerTests.wake(session).with(leased).with(["at": .integer(at)]))
    }
    for session in ["ahead", "other"] {
      let wake = CallerTests.wake(session).with(["at": .integer(noon + 3_600_000)])
      #expect(try engine.ask("wake", wake)["disposition"] == "started", "\(session)")
    }
    engine.close()
  }

  @Test func `a key's own time does not go back by less than an hour`() throws {
    let engine = try place.open()
    let noon = ResultTests.noon
    let end: JSONValue = ["exitCode": 1, "turns": 1, "retryAfterSeconds": 600, "stderr": "429"]
    try ResultTests.run(engine, "s", at: 0, end)
    let timer = CallerTests.wake("s", "timer")
    for (seconds, expected) in [(-3_500, "refused"), (300, "refused"), (602, "started")] {
      let wake = timer.with(["at": .integer(noon + Int64(seconds) * 1_000)])
      #expect(try engine.ask("wake", wake)["disposition"] == .string(expected), "\(seconds)")
    }
    engine.close()
  }
}
