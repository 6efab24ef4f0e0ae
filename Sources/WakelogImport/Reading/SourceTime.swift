import Glibc
import Synchronization
import WakelogModel

private let zoneLock = Mutex(())

/// Where clocks without a zone stood: an offset, or a zone of the system's database.
public struct TimeZoneRule: Sendable {
  private enum Kind: Sendable {
    case offset(minutes: Int16)
    case zone(String)
  }
  private let kind: Kind

  /// Coordinated universal time.
  public static var utc: TimeZoneRule { TimeZoneRule(kind: .offset(minutes: 0)) }

  private init(kind: Kind) { self.kind = kind }

  /// Reads `+02:00`, `UTC`, or a name such as `Europe/Berlin` that the system knows; nil for
  /// anything else.
  public init?(_ text: String) {
    if text == "UTC" || text == "Z" {
      self = .utc
    } else if let given = Instant("2000-01-02T00:00:00" + text) {
      kind = .offset(minutes: given.offsetMinutes)
    } else {
      let isName = text.utf8.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || [UInt8(ascii: "/"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+")]
            .contains($0)
      }
      guard isName, !text.isEmpty, unsafe access("/usr/share/zoneinfo/" + text, R_OK) == 0 else {
        return nil
      }
      kind = .zone(text)
    }
  }

  /// The minutes by which the zone's clock is ahead of UTC when it shows the time of a UTC clock at
  /// some second. In the hour that comes twice it is the first one.
  func offsetMinutes(showing seconds: Int64) -> Int16 {
    switch kind {
    case .offset(let minutes): return minutes
    case .zone(let name): return Self.offset(of: name, showing: seconds)
    }
  }

  /// The C library knows one zone at a time, that of `TZ`; every use stands in this lock.
  private static func offset(of name: String, showing seconds: Int64) -> Int16 {
    zoneLock.withLock { _ in
      let before = environment("TZ")
      set(":" + name)
      defer { set(before) }
      var instant = time_t(seconds)
      var parts = unsafe tm()
      _ = unsafe gmtime_r(&instant, &parts)
      unsafe parts.tm_isdst = -1
      let local = unsafe mktime(&parts)
      return Int16(clamping: (seconds - Int64(local)) / 60)
    }
  }

  private static func set(_ zone: String?) {
    if let zone { _ = unsafe setenv("TZ", zone, 1) } else { _ = unsafe unsetenv("TZ") }
    tzset()
  }

  private static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }
}

/// Reads the times of all hosts: RFC 3339, SQL's own form, ISO without zone, seconds, milliseconds.
struct SourceTime {
  let zone: TimeZoneRule

  /// A time as text; nil for what is none.
  func read(_ text: String) -> Instant? {
    if let instant = Instant(text) { return instant }
    if let number = Double(text) { return read(number) }
    guard text.utf8.count >= 19, text.utf8.count <= 40 else { return nil }
    var bytes = Array(text.utf8)
    if bytes[10] == UInt8(ascii: " ") { bytes[10] = UInt8(ascii: "T") }
    // PostgreSQL writes +00 for +00:00.
    let tail = bytes.suffix(3)
    if let sign = tail.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
      bytes.count > 19
    {
      bytes += Array(":00".utf8)
    }
    let given = String(decoding: bytes, as: UTF8.self)
    if let instant = Instant(given) { return instant }
    guard let shown = Instant(given + "Z") else { return nil }
    let offset = zone.offsetMinutes(showing: shown.nanoseconds / 1_000_000_000)
    let (moment, isTooFar) = shown.nanoseconds.subtractingReportingOverflow(
      Int64(offset) * 60_000_000_000)
    guard !isTooFar, Instant.moments.contains(moment), Instant.offsets.contains(offset) else {
      return nil
    }
    return Instant(nanoseconds: moment, offsetMinutes: offset)
  }

  /// A time as a number: milliseconds above 10¹⁰, which as seconds is the year 2286.
  func read(_ number: Double) -> Instant? {
    guard number.isFinite, number > 0 else { return nil }
    let milliseconds = number > 1e10 ? number : number * 1_000
    guard milliseconds < 9_214_646_400_000 else { return nil }
    return Instant(nanoseconds: Int64((milliseconds * 1_000).rounded()) * 1_000)
  }

  /// A time as JSON has it.
  func read(_ value: JSONValue?) -> Instant? {
    switch value {
    case .string(let text): read(text)
    case .integer(let number): read(Double(number))
    case .number(let number): read(number)
    default: nil
    }
  }
}
