internal import Glibc
internal import WakelogModel

/// The wall clock, and moments in words.
enum Clock {
  /// Now, at the offset of this place.
  static var now: Instant {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    var seconds = time.tv_sec
    var local = unsafe tm()
    unsafe localtime_r(&seconds, &local)
    return Instant(
      nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec),
      offsetMinutes: unsafe Int16(local.tm_gmtoff / 60))
  }

  /// A moment as a person says it: `2026-01-18 05:00:00, 3 min ago`; the text as it is when it is
  /// no time.
  static func words(_ text: String, now: Instant) -> String {
    guard let moment = Instant(text) else { return text }
    return "\(date(text)), \(age(of: moment, now: now))"
  }

  /// Date and time of RFC 3339 text without fraction and offset.
  static func date(_ text: String) -> String {
    String(text.prefix(19)).split(separator: "T").joined(separator: " ")
  }

  /// How long ago a moment was: `12 s ago`, `in 3 h`.
  static func age(of moment: Instant, now: Instant) -> String {
    let seconds = (now.nanoseconds - moment.nanoseconds) / 1_000_000_000
    return seconds < 0 ? "in \(span(-seconds))" : "\(span(seconds)) ago"
  }

  /// A time span in its largest unit.
  static func span(_ seconds: Int64) -> String {
    switch seconds {
    case ..<60: "\(seconds) s"
    case ..<3_600: "\(seconds / 60) min"
    case ..<172_800: "\(seconds / 3_600) h"
    default: "\(seconds / 86_400) d"
    }
  }
}
