import Testing
import WakelogModel
import WakelogTesting

@testable import Wakelog

/// Where a log stood at a moment, whatever its clocks said. Times are seconds of a true clock.
@Suite struct MomentTests {
  let place = Place()

  private static func position(_ times: [Int64], at moment: Int64) -> UInt64 {
    var search = MomentSearch(moment * 1_000_000_000)
    for (index, time) in times.enumerated() {
      search.take(time * 1_000_000_000, SequenceNumber(UInt64(index + 1)))
    }
    return search.position.value
  }

  static let start: Int64 = 1_768_000_000
  static let skews: [Int64] = [30, 3_540, 3_660, 93_600, 315_360_000].flatMap { [$0, -$0] }

  // One event of a clock ahead, and everything after it was gone from every look back.
  @Test(arguments: skews, [1, 5])
  func `a wrong clock does not move a moment`(skew: Int64, wrong: Int) {
    // Every ten minutes an event; some of them by the wrong clock.
    let isWrong = (0..<60).map { (30..<30 + wrong).contains($0) }
    let right = (0..<60).map { Self.start + Int64($0) * 600 }
    let times = zip(right, isWrong).map { $0 + ($1 ? skew : 0) }
    for (index, time) in right.enumerated() where !isWrong[index] {
      let found = Int(Self.position(times, at: time + 1))
      // Events right before a wrong one, or within its hour, may be told from it no better.
      let isNear = (24..<36 + wrong).contains(index) && abs(skew) <= 3_660
      #expect(isNear ? abs(found - index - 1) <= 6 + wrong : found == index + 1, "\(index)")
    }
    #expect(Self.position(times, at: right[59] + 7_200) == 60)
  }

  @Test func `a quiet time is no wrong clock`() {
    let times: [Int64] = [0, 10, 90_000, 90_010, 200_000].map { Self.start + $0 }
    let found = [-1, 0, 50, 89_999, 90_000, 199_999, 200_000].map {
      Self.position(times, at: Self.start + $0)
    }
    #expect(found == [0, 1, 2, 2, 3, 4, 5])
  }

  @Test func `a log that began under a clock ahead is seen from the right one`() {
    let times: [Int64] = [90_000, 90_010, 0, 10, 20].map { Self.start + $0 }
    #expect(Self.position(times, at: Self.start + 15) == 4)
    #expect(Self.position(times, at: Self.start + 30) == 5)
  }

  // A clock that was behind when the log ended says nothing of the hours before it.
  @Test func `a clock behind at the end hides nothing`() {
    let walk = (0..<40).map { Self.start + Int64($0) * 600 }
    let times = walk + [walk[20], walk[20] + 5]
    #expect(Self.position(times, at: walk[30]) == 31)
    #expect(Self.position(times, at: walk[39] + 60) == 42)
  }

  @Test func `clocks skewed by less than an hour count by the log's order`() {
    let times: [Int64] = [0, 1_800, 300, 600, 2_400].map { Self.start + $0 }
    #expect(Self.position(times, at: Self.start + 310) == 3)
    #expect(Self.position(times, at: Self.start + 1_000) == 4)
  }

  /// The whole search and the one that begins at a checkpoint agree, with wrong clocks anywhere.
  @Test(arguments: 0..<12) func `a log with checkpoints finds the same`(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    var times: [Int64] = []
    var seconds = Self.start
    for opening in 0..<4 {
      let engine = try place.open { $0.checkpointEventsAtClosing = 1 }
      for _ in 0..<40 {
        seconds += Int64.random(in: 1...2_000, using: &random)
        let isWrong = seed.isMultiple(of: 3) ? false : Int.random(in: 0..<30, using: &random) == 0
        let skew = isWrong ? Self.skews.randomElement(using: &random) ?? 0 : 0
        let before = try engine.count
        try engine.ask(
          "wake",
          CallerTests.wake("s\(opening)").with(["at": .integer((seconds + skew) * 1_000)]))
        let added = try engine.count - before
        times += [Int64](repeating: seconds + skew, count: Int(added))
      }
      engine.close()
    }
    let reader = try LogReader(place.log)
    defer { reader.close() }
    #expect(reader.last.value == UInt64(times.count))
    for moment in [Self.start - 1] + times + times.map({ $0 + 1 }) {
      let instant = Instant(milliseconds: moment * 1_000)!
      let found = try reader.position(at: instant).value
      #expect(found == Self.position(times, at: moment), "seed \(seed), \(instant)")
    }
  }
}
