extension Instant {
  /// Reads an RFC 3339 date and time with its offset: `2026-01-18T05:00:00+01:00`.
  ///
  /// `T` and `Z` may be lower case. A fraction has one to nine digits; a tenth would be lost, so
  /// it is refused. Offset `-00:00` (time known, place unknown) reads as 0. A leap second, `:60`
  /// where UTC reads 23:59, is the last nanosecond of its minute: this clock does not count leap
  /// seconds, and a wake at one should neither be lost nor be filed under the next day.
  /// Nil for anything else, and for moments outside 1970…2261.
  public init?(_ text: String) {
    var reader = TimestampReader(text)
    guard let instant = reader.readInstant() else { return nil }
    self = instant
  }

  /// Reads the `at` of a call: RFC 3339 text, or integer milliseconds since 1970 UTC.
  ///
  /// Nil for fewer milliseconds than `leastMilliseconds`: those are seconds.
  public init?(json: JSONValue) {
    switch json {
    case .string(let text): self.init(text)
    case .integer(let milliseconds) where milliseconds >= Self.leastMilliseconds:
      self.init(milliseconds: milliseconds)
    default: return nil
    }
  }

  /// The least number that `at` takes for milliseconds: March 1973. What is smaller, a clock that
  /// counts seconds shows until the year 5138.
  public static let leastMilliseconds: Int64 = 100_000_000_000
}

/// Walks the bytes of a timestamp; every step answers nil where the text leaves the grammar.
private struct TimestampReader {
  private var bytes: String.UTF8View.SubSequence

  init(_ text: String) {
    bytes = text.utf8[...]
  }

  mutating func readInstant() -> Instant? {
    guard let day = readDay(), take("t") != nil, let clock = readClock() else { return nil }
    guard let offset = readOffset(), bytes.isEmpty else { return nil }
    let seconds = day.daysSince1970 * Instant.secondsPerDay + clock.seconds - Int64(offset) * 60
    if clock.isLeapSecond, (seconds + 1) % Instant.secondsPerDay != 0 { return nil }
    let (scaled, tooFar) = seconds.multipliedReportingOverflow(by: Instant.nanosecondsPerSecond)
    guard !tooFar else { return nil }
    let (nanoseconds, overflow) = scaled.addingReportingOverflow(clock.nanoseconds)
    guard !overflow, Instant.moments.contains(nanoseconds) else { return nil }
    return Instant(nanoseconds: nanoseconds, offsetMinutes: offset)
  }

  private mutating func readDay() -> CalendarDay? {
    guard let year = digits(4), take("-") != nil, let month = digits(2), take("-") != nil,
      let day = digits(2)
    else { return nil }
    return CalendarDay(year: year, month: month, day: day)
  }

  private mutating func readClock() -> (seconds: Int64, nanoseconds: Int64, isLeapSecond: Bool)? {
    guard let hour = digits(2), hour < 24, take(":") != nil, let minute = digits(2), minute < 60,
      take(":") != nil, let second = digits(2), second <= 60, let fraction = readFraction()
    else { return nil }
    let start = hour * 3_600 + minute * 60
    guard second < 60 else { return (start + 59, Instant.nanosecondsPerSecond - 1, true) }
    return (start + second, fraction, false)
  }

  /// Nanoseconds of the fraction; 0 when there is none.
  private mutating func readFraction() -> Int64? {
    guard take(".") != nil else { return 0 }
    var value: Int64 = 0
    var count = 0
    while let digit = bytes.first.flatMap(Self.digit) {
      guard count < 9 else { return nil }
      value = value * 10 + digit
      count += 1
      bytes.removeFirst()
    }
    guard count > 0 else { return nil }
    for _ in count..<9 { value *= 10 }
    return value
  }

  private mutating func readOffset() -> Int16? {
    if take("z") != nil { return 0 }
    guard let sign: Int16 = take("+") != nil ? 1 : take("-") != nil ? -1 : nil,
      let hours = digits(2), hours < 24, take(":") != nil, let minutes = digits(2), minutes < 60
    else { return nil }
    return sign * Int16(hours * 60 + minutes)
  }

  private mutating func digits(_ count: Int) -> Int64? {
    var value: Int64 = 0
    for _ in 0..<count {
      guard let digit = bytes.first.flatMap(Self.digit) else { return nil }
      value = value * 10 + digit
      bytes.removeFirst()
    }
    return value
  }

  /// Takes one character when it comes next; letters are given in lower case and match both.
  private mutating func take(_ character: Unicode.Scalar) -> Void? {
    let wanted = UInt8(ascii: character)
    guard let next = bytes.first else { return nil }
    let isLetter = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(next)
    guard (isLetter ? next | 0x20 : next) == wanted else { return nil }
    bytes.removeFirst()
    return ()
  }

  private static func digit(_ byte: UInt8) -> Int64? {
    let value = byte &- UInt8(ascii: "0")
    return value < 10 ? Int64(value) : nil
  }
}
