import Testing
import WakelogTesting

@testable import WakelogModel

/// The log's time and age, from times that go back and forth. Times are hours of a true clock.
struct LogClockTests {
  private static let hour = Instant.skew
  private static let start: Int64 = 1_767_225_600_000_000_000

  /// The clock after events at these hours.
  private func clock(_ hours: [Double]) -> LogClock {
    var clock = LogClock()
    for (number, hour) in hours.enumerated() {
      clock.take(Self.time(hour), SequenceNumber(UInt64(number + 1)))
    }
    return clock
  }

  private static func time(_ hours: Double) -> Int64 { start + Int64(hours * Double(hour)) }

  /// An age in hours since the first event.
  private func age(_ nanoseconds: Int64) -> Double {
    Double(nanoseconds - Self.start) / Double(Self.hour)
  }

  @Test func `a log whose clocks are right is as old as it says`() {
    let hours = stride(from: 0.0, through: 100, by: 0.5).map { $0 }
    #expect(age(clock(hours).age) == 100)
    #expect(age(clock(hours).presumedAge) == 100)
    #expect(clock(hours).latest == Self.time(100))
    #expect(!clock(hours).lastStepBack.exists)
  }

  // One call under a clock 26 hours ahead, and every key of idempotency was dropped.
  @Test(arguments: [2, 26, 87_600])
  func `a step ahead that is taken back counts nothing`(_ ahead: Double) {
    let found = clock([0, 0.5, 0.5 + ahead, 0.6 + ahead, 0.7])
    #expect(abs(age(found.age) - 0.7) < 0.001)
    #expect(found.presumedAge == found.age)
    #expect(found.latest == Self.time(0.7))
    #expect(found.lastStepBack.value == 5)
    #expect(found.wrongSince == Self.time(0.5))
  }

  @Test func `a step ahead counts once an hour has followed`() {
    #expect(age(clock([0, 30, 30.9]).age) < 1)
    #expect(age(clock([0, 30, 30.9]).presumedAge) == 30.9)
    #expect(age(clock([0, 30, 30.9, 31]).age) == 31)
  }

  // A board started in 1970 for some hours. Its keys of before were not a day old, and gone.
  @Test func `a clock behind takes nothing away, and the way back counts nothing`() {
    let found = clock([1_000, 1_000.5, 0, 0.5, 1, 1_001.5, 1_002, 1_002.5])
    #expect(age(found.age) <= 1_003.5 && age(found.age) >= 1_001.5)
    #expect(found.latest == Self.time(1_002.5))
  }

  // Two hosts whose clocks are two hours apart took turns, and a day passed within a minute.
  @Test func `clocks that take turns add nothing`() {
    let turns = (0..<200).flatMap { [Double($0) / 1_000, 2 + Double($0) / 1_000] }
    #expect(age(clock(turns).age) < 0.25)
  }

  @Test func `a log that is woken once a day grows older by half a day at least`() {
    let days = (0..<20).map { Double($0) * 24 }
    #expect(age(clock(days).age) >= 18 * 12)
  }

  @Test func `a call without an event is as old as its time says`() {
    let found = clock([0, 0.5])
    #expect(age(found.presumedAge(at: Self.time(72))) == 72)
    #expect(age(found.presumedAge(at: Self.time(0.1))) == 0.5)
  }

  @Test(arguments: 0..<300) func `it never grows younger by more than an hour`(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    var clock = LogClock()
    var oldest: Int64 = 0
    for number in 1...200 {
      let time = [Int64.min, .max, 0, -1, Self.start].randomElement(using: &random) ?? 0
      let skew = Int64.random(in: -90_000_000_000_000...90_000_000_000_000, using: &random)
      let isExtreme = Int.random(in: 0..<20, using: &random) == 0
      clock.take(isExtreme ? time : Self.start &+ skew, SequenceNumber(UInt64(number)))
      #expect(clock.age >= oldest - Self.hour, "seed \(seed)")
      #expect(clock.presumedAge >= clock.age, "seed \(seed)")
      oldest = max(oldest, clock.age)
    }
  }
}
