public import WakelogModel

/// Time spans in words, for tables and reports.
public enum Span {
  /// A span in its largest unit.
  public static func words(seconds: Int64) -> String {
    switch seconds {
    case ..<60: "\(seconds) s"
    case ..<3_600: "\(seconds / 60) min"
    case ..<172_800: "\(seconds / 3_600) h"
    default: "\(seconds / 86_400) d"
    }
  }

  /// A span in its largest unit; below ten seconds in milliseconds.
  public static func words(milliseconds: Int64) -> String {
    milliseconds < 10_000 ? "\(milliseconds) ms" : words(seconds: milliseconds / 1_000)
  }

  /// How long something lasted, by the times at its start and its end; `?` where the clock was set
  /// back meanwhile, so that nobody knows.
  public static func words(from start: Instant, to end: Instant) -> String {
    let (length, overflow) = end.nanoseconds.subtractingReportingOverflow(start.nanoseconds)
    guard !overflow, length >= 0 else { return "?" }
    return words(milliseconds: length / 1_000_000)
  }
}
