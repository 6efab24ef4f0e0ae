/// Writes JSON as the shortest UTF-8 there is of it: no spaces, no line breaks, members in order.
///
/// What is written reads back equal: integers are exact, other numbers are the shortest digits
/// that give the same `Double` and never look like an integer. Infinity and NaN, which JSON cannot
/// say, are written `null`. Recurses once per level of nesting; values that came over the wire
/// are a hundred-odd levels deep at most.
public enum JSONWriter {
  /// Appends a value's text.
  public static func write(_ value: JSONValue, to buffer: inout [UInt8]) {
    switch value {
    case .null: buffer.append(contentsOf: "null".utf8)
    case .bool(true): buffer.append(contentsOf: "true".utf8)
    case .bool(false): buffer.append(contentsOf: "false".utf8)
    case .integer(let number): write(number, to: &buffer)
    case .number(let number): write(number, to: &buffer)
    case .string(let text): write(text, to: &buffer)
    case .array(let elements): write(elements, to: &buffer)
    case .object(let object): write(object, to: &buffer)
    }
  }

  /// Appends a string in quotes, escaping what RFC 8259 demands and nothing else: the quote, the
  /// backslash, and the characters below U+0020.
  public static func write(_ text: String, to buffer: inout [UInt8]) {
    buffer.append(quote)
    let bytes = text.utf8Span.span
    var isPlain = true
    for index in bytes.indices where needsEscape(bytes[index]) { isPlain = false }
    if isPlain {
      buffer.append(contentsOf: text.utf8)
    } else {
      for index in bytes.indices { writeEscaped(bytes[index], to: &buffer) }
    }
    buffer.append(quote)
  }

  /// Appends an integer in decimal.
  public static func write(_ number: Int64, to buffer: inout [UInt8]) {
    if number < 0 { buffer.append(UInt8(ascii: "-")) }
    let start = buffer.count
    var rest = number.magnitude
    repeat {
      buffer.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    var (left, right) = (start, buffer.count - 1)
    while left < right {
      buffer.swapAt(left, right)
      left += 1
      right -= 1
    }
  }

  /// Appends a number in the shortest digits that read back the same; `null` unless finite.
  ///
  /// The standard library's description is of that form, and with its `1e+20`, `5e-324`, `-0.0`
  /// and `100.0` always within JSON's grammar for a number with a fraction or an exponent.
  public static func write(_ number: Double, to buffer: inout [UInt8]) {
    guard number.isFinite else { return buffer.append(contentsOf: "null".utf8) }
    buffer.append(contentsOf: number.description.utf8)
  }

  /// Appends an object.
  public static func write(_ object: JSONObject, to buffer: inout [UInt8]) {
    buffer.append(UInt8(ascii: "{"))
    var isFirst = true
    for member in object.members {
      if !isFirst { buffer.append(comma) }
      isFirst = false
      write(member.name, to: &buffer)
      buffer.append(UInt8(ascii: ":"))
      write(member.value, to: &buffer)
    }
    buffer.append(UInt8(ascii: "}"))
  }

  private static func write(_ elements: [JSONValue], to buffer: inout [UInt8]) {
    buffer.append(UInt8(ascii: "["))
    var isFirst = true
    for element in elements {
      if !isFirst { buffer.append(comma) }
      isFirst = false
      write(element, to: &buffer)
    }
    buffer.append(UInt8(ascii: "]"))
  }
}

extension JSONWriter {
  private static var quote: UInt8 { UInt8(ascii: "\"") }
  private static var backslash: UInt8 { UInt8(ascii: "\\") }
  private static var comma: UInt8 { UInt8(ascii: ",") }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == quote || byte == backslash
  }

  private static func writeEscaped(_ byte: UInt8, to buffer: inout [UInt8]) {
    guard needsEscape(byte) else { return buffer.append(byte) }
    buffer.append(backslash)
    switch byte {
    case quote, backslash: buffer.append(byte)
    case 0x08: buffer.append(UInt8(ascii: "b"))
    case 0x09: buffer.append(UInt8(ascii: "t"))
    case 0x0A: buffer.append(UInt8(ascii: "n"))
    case 0x0C: buffer.append(UInt8(ascii: "f"))
    case 0x0D: buffer.append(UInt8(ascii: "r"))
    default:
      buffer.append(contentsOf: "u00".utf8)
      buffer.append(hexadecimal(byte >> 4))
      buffer.append(hexadecimal(byte & 0xF))
    }
  }

  private static func hexadecimal(_ digit: UInt8) -> UInt8 {
    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
  }
}

extension JSONValue {
  /// The value's text, written by `JSONWriter`.
  public var text: String {
    var buffer: [UInt8] = []
    JSONWriter.write(self, to: &buffer)
    return String(decoding: buffer, as: UTF8.self)
  }
}
