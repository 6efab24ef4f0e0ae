// How numbers that JSON's 64-bit integers cannot hold, and bytes, are written in events.
extension JSONValue {
  /// An integer; a string of digits above 2⁶³ - 1.
  static func unsigned(_ value: UInt64) -> JSONValue {
    Int64(exactly: value).map { .integer($0) } ?? .string(String(value))
  }

  /// The number that `unsigned` wrote; nil for anything else.
  var unsigned: UInt64? {
    switch self {
    case .integer(let value): return UInt64(exactly: value)
    case .string(let text):
      guard let value = UInt64(text), value > UInt64(Int64.max), String(value) == text else {
        return nil
      }
      return value
    default: return nil
    }
  }

  /// Bytes as two lower-case hexadecimal digits each.
  package static func hexadecimal(_ bytes: [UInt8]) -> JSONValue {
    let digits = Array("0123456789abcdef".utf8)
    let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }
    return .string(String(decoding: text, as: UTF8.self))
  }

  /// The bytes that `hexadecimal` wrote; nil for anything else.
  package var hexadecimal: [UInt8]? {
    guard let digits = string.map({ Array($0.utf8) }), digits.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = Self.digit(digits[index]), let low = Self.digit(digits[index + 1]) else {
        return nil
      }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}

/// Why a line of an export was not taken.
public struct EventJSONError: Error, Sendable, CustomStringConvertible {
  /// The dotted path of the member at fault: `identity.provider`; `event` for the whole line.
  public var field: String
  /// What is wrong, and what to do about it.
  public var message: String
  /// What went wrong in giving a string its number, when that did.
  public var cause: (any Error)?

  /// Names a member and what is wrong with it.
  public init(field: String, message: String, cause: (any Error)? = nil) {
    self.field = field
    self.message = message
    self.cause = cause
  }

  /// Field and message in one line.
  public var description: String { "\(field): \(message)" }
}
