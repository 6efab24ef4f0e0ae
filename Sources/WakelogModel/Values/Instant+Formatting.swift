extension Instant: CustomStringConvertible {
  /// The instant in RFC 3339 on its own clock: `2026-01-18T05:00:00+01:00`.
  ///
  /// The fraction is left out when zero and has three, six or nine digits otherwise; offset 0 is
  /// `+00:00`. Reading the text back gives an equal instant for every moment in `moments` and
  /// offset in `offsets`; other bits print without trapping, and do not read back.
  public var description: String {
    var buffer: [UInt8] = []
    buffer.reserveCapacity(40)
    write(to: &buffer)
    return String(decoding: buffer, as: UTF8.self)
  }

  /// Appends `description` as bytes.
  public func write(to buffer: inout [UInt8]) {
    let moment = Self.floorDivide(nanoseconds, Self.nanosecondsPerSecond)
    let local = moment.quotient + Int64(offsetMinutes) * 60
    let (days, second) = Self.floorDivide(local, Self.secondsPerDay)
    let day = CalendarDay(daysSince1970: days)

    Self.append(day.year, digits: 4, to: &buffer)
    buffer.append(UInt8(ascii: "-"))
    Self.append(day.month, digits: 2, to: &buffer)
    buffer.append(UInt8(ascii: "-"))
    Self.append(day.day, digits: 2, to: &buffer)
    buffer.append(UInt8(ascii: "T"))
    Self.append(second / 3_600, digits: 2, to: &buffer)
    buffer.append(UInt8(ascii: ":"))
    Self.append(second / 60 % 60, digits: 2, to: &buffer)
    buffer.append(UInt8(ascii: ":"))
    Self.append(second % 60, digits: 2, to: &buffer)
    Self.append(fraction: moment.remainder, to: &buffer)

    let offset = Int64(offsetMinutes.magnitude)
    buffer.append(offsetMinutes < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
    Self.append(offset / 60, digits: 2, to: &buffer)
    buffer.append(UInt8(ascii: ":"))
    Self.append(offset % 60, digits: 2, to: &buffer)
  }

  private static func append(fraction: Int64, to buffer: inout [UInt8]) {
    guard fraction != 0 else { return }
    buffer.append(UInt8(ascii: "."))
    if fraction % 1_000_000 == 0 {
      append(fraction / 1_000_000, digits: 3, to: &buffer)
    } else if fraction % 1_000 == 0 {
      append(fraction / 1_000, digits: 6, to: &buffer)
    } else {
      append(fraction, digits: 9, to: &buffer)
    }
  }

  /// Appends a number that is not negative in at least so many digits.
  private static func append(_ value: Int64, digits: Int, to buffer: inout [UInt8]) {
    var scale: Int64 = 1
    for _ in 1..<digits { scale *= 10 }
    while value / 10 >= scale { scale *= 10 }
    var rest = value
    while scale > 0 {
      buffer.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / scale))
      rest %= scale
      scale /= 10
    }
  }
}
