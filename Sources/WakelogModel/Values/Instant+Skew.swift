// A clock can be wrong by seconds, hours or years, ahead and back. Two times that differ by more
// than an hour against the order of the log cannot both come from right clocks.

extension Instant {
  /// How far apart right clocks may be: an hour, in nanoseconds.
  public static let skew: Int64 = 3_600 * nanosecondsPerSecond

  /// Whether a time can only come from a clock that is ahead: it is more than an hour later than
  /// now. Total: any two numbers compare.
  @inlinable
  public static func isAhead(_ time: Int64, of now: Int64) -> Bool {
    span(from: now, to: time) > skew
  }

  /// The nanoseconds from one time to another; the largest or least number where that is too far.
  @inlinable
  public static func span(from start: Int64, to end: Int64) -> Int64 {
    let (difference, isTooFar) = end.subtractingReportingOverflow(start)
    guard isTooFar else { return difference }
    return end > start ? .max : .min
  }

  /// Whether a clock that stepped back by `way` is led back by a leap. One that walks most of the
  /// way was ahead before, and has been caught up with.
  public static func isReturn(leap: Int64, over way: Int64) -> Bool {
    leap >= max(way / 2, way - skew)
  }
}
