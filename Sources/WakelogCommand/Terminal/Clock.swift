internal import Glibc
internal import WakelogForensics
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

  /// Nanoseconds by the clock that nobody sets, for waits and for how long something lasts.
  static var elapsed: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
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
    guard seconds >= 0 else { return "in \(Span.words(seconds: -seconds))" }
    return "\(Span.words(seconds: seconds)) ago"
  }
}
