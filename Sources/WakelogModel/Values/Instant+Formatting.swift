extension Instant: CustomStringConvertible {
  /// The instant in RFC 3339 on its own clock: `2026-01-18T05:00:00+01:00`.
  ///
  /// The fraction is left out when zero and has three, six or nine digits otherwise; offset 0 is
  /// `+00:00`. Reading the text back gives an equal instant for every moment in `moments` and
  /// offset in `offsets`; other bits print without trapping, and do not read back.
  public var description: String {
    var buffer = TextBuffer(capacity: 40)
    write(to: &buffer)
    return String(decoding: buffer.bytes(), as: UTF8.self)
  }

  /// Appends `description` as bytes.
  public func write(to buffer: inout TextBuffer) {
    let moment = Self.floorDivide(nanoseconds, Self.nanosecondsPerSecond)
    let local = moment.quotient + Int64(offsetMinutes) * 60
    let (days, second) = Self.floorDivide(local, Self.secondsPerDay)
    let day = CalendarDay(daysSince1970: days)
    let offset = Int64(offsetMinutes.magnitude)
    unsafe buffer.append(atMost: 64) { place in
      var text = unsafe TimestampText(place)
      text.write(day.year, digits: 4)
      text.write(day.month, digits: 2, after: "-")
      text.write(day.day, digits: 2, after: "-")
      text.write(second / 3_600, digits: 2, after: "T")
      text.write(second / 60 % 60, digits: 2, after: ":")
      text.write(second % 60, digits: 2, after: ":")
      switch moment.remainder {
      case 0: break
      case let part where part % 1_000_000 == 0:
        text.write(part / 1_000_000, digits: 3, after: ".")
      case let part where part % 1_000 == 0: text.write(part / 1_000, digits: 6, after: ".")
      case let part: text.write(part, digits: 9, after: ".")
      }
      text.write(offset / 60, digits: 2, after: offsetMinutes < 0 ? "-" : "+")
      text.write(offset % 60, digits: 2, after: ":")
      return text.count
    }
  }
}

/// The text of a timestamp, in a place with room for it.
@safe private struct TimestampText {
  private let place: UnsafeMutablePointer<UInt8>
  private(set) var count = 0

  init(_ place: UnsafeMutablePointer<UInt8>) { unsafe self.place = place }

  /// Appends a number that is not negative in at least so many digits, after a separator.
  @inline(__always)
  mutating func write(_ number: Int64, digits: Int, after separator: Unicode.Scalar? = nil) {
    if let separator {
      unsafe place[count] = UInt8(truncatingIfNeeded: separator.value)
      count += 1
    }
    count += unsafe Digits.write(number.magnitude, atLeast: digits, to: place + count)
  }
}
