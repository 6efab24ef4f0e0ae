/// Where a run stands in a distributed trace: a W3C `traceparent`, 26 bytes of it.
public struct TraceParent: Hashable, Sendable, BitwiseCopyable {
  /// The first eight bytes of the trace's id.
  public var high: UInt64
  /// The last eight bytes of the trace's id.
  public var low: UInt64
  /// The id of the span that caused the wake.
  public var parent: UInt64
  /// The version of the format.
  public var version: UInt8
  /// The flags: 1 says that the trace is recorded.
  public var flags: UInt8

  /// No trace.
  public static let none = TraceParent(high: 0, low: 0, parent: 0, version: 0, flags: 0)

  /// Whether it is one.
  public var exists: Bool { (high | low) != 0 && parent != 0 }

  init(high: UInt64, low: UInt64, parent: UInt64, version: UInt8, flags: UInt8) {
    self.high = high
    self.low = low
    self.parent = parent
    self.version = version
    self.flags = flags
  }

  /// Reads `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`, as W3C Trace Context has it:
  /// lower case, and neither id all zeros. Nil for anything else.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 55, [2, 35, 52].allSatisfy({ bytes[$0] == UInt8(ascii: "-") }) else {
      return nil
    }
    guard let version = Self.number(bytes[0..<2]), version != 0xFF,
      let high = Self.number(bytes[3..<19]), let low = Self.number(bytes[19..<35]),
      let parent = Self.number(bytes[36..<52]), let flags = Self.number(bytes[53..<55])
    else { return nil }
    self.init(
      high: high, low: low, parent: parent, version: UInt8(version), flags: UInt8(flags))
    guard exists else { return nil }
  }

  /// As W3C Trace Context has it.
  public var text: String {
    let ids = Self.digits(high, 16) + Self.digits(low, 16) + "-" + Self.digits(parent, 16)
    return Self.digits(UInt64(version), 2) + "-" + ids + "-" + Self.digits(UInt64(flags), 2)
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
    var number: UInt64 = 0
    for digit in digits {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt64(digit - 48)
      case UInt8(ascii: "a")...UInt8(ascii: "f"): number = number << 4 | UInt64(digit - 87)
      default: return nil
      }
    }
    return number
  }

  private static func digits(_ number: UInt64, _ count: Int) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: count - digits.count) + digits
  }
}
