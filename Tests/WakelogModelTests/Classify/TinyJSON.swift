import WakelogModel

/// A small JSON reader for the tests: strict enough for documents that CLIs print, and nothing
/// more.
struct TinyJSON {
  private var bytes: [UInt8]
  private var index = 0
  private var depth = 0

  /// The value of a text that is one JSON document; nil for anything else.
  static func parse(_ text: String) -> JSONValue? {
    var reader = TinyJSON(bytes: Array(text.utf8))
    guard let value = reader.value() else { return nil }
    reader.blanks()
    return reader.index == reader.bytes.count ? value : nil
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func blanks() {
    while index < bytes.count, " \n\r\t".utf8.contains(bytes[index]) { index += 1 }
  }

  private mutating func take(_ text: String) -> Bool {
    guard bytes[index...].starts(with: text.utf8) else { return false }
    index += text.utf8.count
    return true
  }

  private mutating func value() -> JSONValue? {
    blanks()
    guard index < bytes.count, depth < 64 else { return nil }
    depth += 1
    defer { depth -= 1 }
    switch bytes[index] {
    case UInt8(ascii: "{"): return object()
    case UInt8(ascii: "["): return array()
    case UInt8(ascii: "\""): return string().map(JSONValue.string)
    case UInt8(ascii: "t"): return take("true") ? .bool(true) : nil
    case UInt8(ascii: "f"): return take("false") ? .bool(false) : nil
    case UInt8(ascii: "n"): return take("null") ? .null : nil
    default: return number()
    }
  }

  private mutating func object() -> JSONValue? {
    index += 1
    var members: [JSONObject.Member] = []
    blanks()
    if take("}") { return .object(JSONObject(members)) }
    while true {
      blanks()
      guard index < bytes.count, let name = string() else { return nil }
      blanks()
      guard take(":"), let member = value() else { return nil }
      members.append(JSONObject.Member(name: name, value: member))
      blanks()
      if take("}") { return .object(JSONObject(members)) }
      guard take(",") else { return nil }
    }
  }

  private mutating func array() -> JSONValue? {
    index += 1
    var elements: [JSONValue] = []
    blanks()
    if take("]") { return .array(elements) }
    while true {
      guard let element = value() else { return nil }
      elements.append(element)
      blanks()
      if take("]") { return .array(elements) }
      guard take(",") else { return nil }
    }
  }

  private mutating func string() -> String? {
    guard take("\"") else { return nil }
    var text: [UInt8] = []
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
      guard byte == UInt8(ascii: "\\") else {
        text.append(byte)
        continue
      }
      guard index < bytes.count else { return nil }
      let escape = bytes[index]
      index += 1
      switch escape {
      case UInt8(ascii: "n"): text.append(10)
      case UInt8(ascii: "t"): text.append(9)
      case UInt8(ascii: "r"): text.append(13)
      case UInt8(ascii: "u"):
        guard index + 4 <= bytes.count,
          let code = UInt32(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
        else { return nil }
        index += 4
        text += Array(String(Character(Unicode.Scalar(code) ?? "\u{fffd}")).utf8)
      default: text.append(escape)
      }
    }
    return nil
  }

  private mutating func number() -> JSONValue? {
    let start = index
    while index < bytes.count, "+-.0123456789eE".utf8.contains(bytes[index]) { index += 1 }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    return Int64(text).map(JSONValue.integer) ?? Double(text).map(JSONValue.number)
  }
}

extension Traces {
  /// The traces with their JSON read.
  func read() -> Traces {
    var traces = self
    traces.readStructure(with: TinyJSON.parse)
    return traces
  }
}
