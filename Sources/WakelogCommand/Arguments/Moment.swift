internal import WakelogModel

/// A moment as a person types it: RFC 3339 with its offset, or how long ago, as `90m`, `2h`, `3d`.
enum Moment {
  /// The moment; throws a usage error that names the option.
  static func read(_ text: String, _ name: String) throws -> Instant {
    if let instant = Instant(text) { return instant }
    if let seconds = span(text) {
      return Clock.now.adding(seconds: -seconds)
    }
    throw CommandError.usage(
      "\(name) takes a time with its offset, as 2026-01-18T05:00:00+01:00, or how long ago, as "
        + "90m, 2h or 3d; not '\(text)'")
  }

  private static func span(_ text: String) -> Int64? {
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
    guard let last = text.last, let unit = units[last], let count = Int64(text.dropLast()),
      count >= 0
    else { return nil }
    let (seconds, overflow) = count.multipliedReportingOverflow(by: unit)
    return overflow ? nil : seconds
  }
}

extension Invocation {
  /// An option that names a moment.
  func moment(_ name: String) throws -> Instant? {
    try value(name).map { try Moment.read($0, name) }
  }
}
