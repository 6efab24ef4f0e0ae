/// Writes JSON as the shortest UTF-8 there is of it: no spaces, no line breaks, members in order.
///
/// What is written reads back equal: integers are exact, other numbers are the shortest digits
/// that give the same `Double` and never look like an integer. Infinity and NaN, which JSON cannot
/// say, are written `null`. Recurses once per level of nesting; values that came over the wire
/// are a hundred-odd levels deep at most.
public enum JSONWriter {
  /// Appends a value's text.
  public static func write(_ value: JSONValue, to buffer: inout TextBuffer) {
    switch value {
    case .null: buffer.append(literal: "null")
    case .bool(true): buffer.append(literal: "true")
    case .bool(false): buffer.append(literal: "false")
    case .integer(let number): write(number, to: &buffer)
    case .number(let number): write(number, to: &buffer)
    case .string(let text): write(text, to: &buffer)
    case .array(let elements): write(elements, to: &buffer)
    case .object(let object): write(object, to: &buffer)
    }
  }

  /// Appends a string in quotes, escaping what RFC 8259 demands and nothing else: the quote, the
  /// backslash, and the characters below U+0020.
  public static func write(_ text: String, to buffer: inout TextBuffer) {
    var text = text
    text.withUTF8 { bytes in
      guard unsafe !bytes.contains(where: needsEscape) else {
        return unsafe writeEscaped(bytes, to: &buffer)
      }
      unsafe buffer.append(atMost: bytes.count + 2) { place in
        unsafe place[0] = quote
        unsafe copy(bytes, to: place + 1)
        unsafe place[bytes.count + 1] = quote
        return bytes.count + 2
      }
    }
  }

  /// Appends the name of a member, in which nothing is to be escaped, after a separator.
  package static func write(
    name: String, after separator: UInt8, to buffer: inout TextBuffer
  ) {
    var name = name
    name.withUTF8 { bytes in
      unsafe buffer.append(atMost: bytes.count + 4) { place in
        unsafe place[0] = separator
        unsafe place[1] = quote
        unsafe copy(bytes, to: place + 2)
        unsafe place[bytes.count + 2] = quote
        unsafe place[bytes.count + 3] = UInt8(ascii: ":")
        return bytes.count + 4
      }
    }
  }

  /// Appends an integer in decimal.
  public static func write(_ number: Int64, to buffer: inout TextBuffer) {
    unsafe buffer.append(atMost: 20) { place in
      unsafe place[0] = UInt8(ascii: "-")
      let sign = number < 0 ? 1 : 0
      return unsafe sign + Digits.write(number.magnitude, to: place + sign)
    }
  }

  /// Appends a number in the shortest digits that read back the same; `null` unless finite.
  ///
  /// The standard library's description is of that form, and with its `1e+20`, `5e-324`, `-0.0`
  /// and `100.0` always within JSON's grammar for a number with a fraction or an exponent.
  public static func write(_ number: Double, to buffer: inout TextBuffer) {
    guard number.isFinite else { return buffer.append(literal: "null") }
    buffer.append(number.description)
  }

  /// Appends an object.
  public static func write(_ object: JSONObject, to buffer: inout TextBuffer) {
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

  private static func write(_ elements: [JSONValue], to buffer: inout TextBuffer) {
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

  private static func copy(
    _ bytes: UnsafeBufferPointer<UInt8>, to place: UnsafeMutablePointer<UInt8>
  ) {
    guard let source = bytes.baseAddress else { return }
    unsafe place.update(from: source, count: bytes.count)
  }

  private static func writeEscaped(
    _ bytes: UnsafeBufferPointer<UInt8>, to buffer: inout TextBuffer
  ) {
    buffer.append(quote)
    unsafe bytes.forEach { writeEscaped($0, to: &buffer) }
    buffer.append(quote)
  }

  private static func writeEscaped(_ byte: UInt8, to buffer: inout TextBuffer) {
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
      buffer.append(literal: "u00")
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
    String(decoding: bytes, as: UTF8.self)
  }
  /// The value's text as UTF-8.
  public var bytes: [UInt8] {
    var buffer = TextBuffer()
    JSONWriter.write(self, to: &buffer)
    return buffer.bytes()
  }
}
