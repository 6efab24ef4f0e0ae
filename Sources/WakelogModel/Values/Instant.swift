/// A moment and the clock it was read on: nanoseconds since 1970 UTC and an offset from UTC.
///
/// The offset travels with the moment so that "daily at four" means the same in every replay.
/// Order looks at the moment alone; equality at both, so two instants of one moment read on
/// different clocks are neither less than each other nor equal.
///
/// Moments run from the start of 1970 to the end of 2261, counted in UTC: what fits 63 bits in
/// whole years. Parsing and conversion refuse anything outside. The stored properties accept any
/// bits, because they are read from logs; everything computed from them is total.
public struct Instant: Hashable, Comparable, BitwiseCopyable, Sendable {
  /// Nanoseconds since 1970-01-01T00:00:00 UTC, leap seconds not counted.
  public var nanoseconds: Int64
  /// Minutes by which the local clock is ahead of UTC.
  public var offsetMinutes: Int16

  /// Takes a moment and an offset as they are, unchecked.
  public init(nanoseconds: Int64, offsetMinutes: Int16 = 0) {
    self.nanoseconds = nanoseconds
    self.offsetMinutes = offsetMinutes
  }

  /// The moment so many milliseconds after 1970 UTC, at offset 0; nil outside 1970…2261.
  public init?(milliseconds: Int64) {
    let (nanoseconds, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
    guard !overflow, Self.moments.contains(nanoseconds) else { return nil }
    self.init(nanoseconds: nanoseconds)
  }

  /// Whether the left moment is before the right one, whatever their offsets.
  public static func < (left: Instant, right: Instant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }
}

extension Instant {
  /// The moments that can be written and read: 1970-01-01T00:00:00Z to the last nanosecond of 2261.
  public static let moments: ClosedRange<Int64> = 0...9_214_646_399_999_999_999

  /// The offsets RFC 3339 can express: ±23:59.
  public static let offsets: ClosedRange<Int16> = -1_439...1_439

  /// The instant so many seconds later, or earlier when negative, at the same offset.
  ///
  /// Saturates at the ends of `moments`, so that a deadline "for ever" away still prints and reads.
  public func adding(seconds: Int64) -> Instant {
    let (span, tooLong) = seconds.multipliedReportingOverflow(by: Self.nanosecondsPerSecond)
    let (sum, tooFar) = nanoseconds.addingReportingOverflow(span)
    guard !tooLong, !tooFar else {
      let end = seconds < 0 ? Self.moments.lowerBound : Self.moments.upperBound
      return Instant(nanoseconds: end, offsetMinutes: offsetMinutes)
    }
    let clamped = min(max(sum, Self.moments.lowerBound), Self.moments.upperBound)
    return Instant(nanoseconds: clamped, offsetMinutes: offsetMinutes)
  }

  /// The latest moment not after this one at which the clock of this offset reads `hour`:00:00.
  ///
  /// The result is in nanoseconds since 1970 UTC and may lie before 1970. An hour outside 0…23 is
  /// taken for the nearest one inside: a rule read from a log must not trap.
  public func latest(hour: Int) -> Int64 {
    let offsetSeconds = Int64(offsetMinutes) * 60
    let local = Self.floorDivide(nanoseconds, Self.nanosecondsPerSecond).quotient + offsetSeconds
    let day = Self.floorDivide(local, Self.secondsPerDay)
    let wanted = Int64(min(max(hour, 0), 23)) * 3_600
    let midnight = local - day.remainder
    let reached = midnight + wanted - (day.remainder < wanted ? Self.secondsPerDay : 0)
    let (result, overflow) =
      (reached - offsetSeconds).multipliedReportingOverflow(by: Self.nanosecondsPerSecond)
    return overflow ? .min : result
  }
}

extension Instant {
  @usableFromInline static let nanosecondsPerSecond: Int64 = 1_000_000_000
  static let secondsPerDay: Int64 = 86_400

  /// Division that rounds towards the past, so that moments before 1970 fall into the right day.
  static func floorDivide(
    _ value: Int64, _ divisor: Int64
  ) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
