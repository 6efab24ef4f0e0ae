internal import CJansson
internal import Glibc
package import WakelogModel

/// Reads JSON text by jansson: RFC 8259, strict.
///
/// Any value may stand at the top. Refused, besides what is no JSON: a name given twice in one
/// object, invalid UTF-8, a surrogate without its pair, U+0000 in a name, integers beyond 64 bits,
/// numbers too large for a `Double`, nesting deeper than `maximumDepth`, and anything after the
/// value but white space. Members keep their order. Safe to call from any thread with 512 KiB of
/// stack, under any locale.
package enum JSONParser {
  /// How deep arrays and objects may nest.
  package static let maximumDepth = 128

  /// The longest text, in bytes; jansson counts positions in 32 bits.
  package static let maximumLength = 1 << 30

  /// Reads one value from UTF-8 text.
  package static func parse(_ text: String) throws(JSONParseError) -> JSONValue {
    var text = text
    let result: Result<JSONValue, JSONParseError> = text.withUTF8 { bytes in
      Result { () throws(JSONParseError) in
        unsafe try parse(UnsafeRawBufferPointer(bytes))
      }
    }
    return try result.get()
  }

  /// Reads one value from UTF-8 bytes, which are not kept.
  package static func parse(
    _ bytes: UnsafeRawBufferPointer
  ) throws(JSONParseError) -> JSONValue {
    guard let start = bytes.baseAddress, bytes.count > 0 else {
      throw JSONParseError(position: 0, line: 1, column: 0, message: "the text is empty")
    }
    guard bytes.count <= maximumLength else {
      throw JSONParseError(
        position: maximumLength, line: 1, column: 0,
        message: "the text is longer than \(maximumLength) bytes; split it")
    }
    if let error = unsafe JSONParseError(refusing: bytes) { throw error }
    let flags = Int(JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY)
    var error = json_error_t()
    let root = unsafe NumericLocale.withPoint {
      unsafe json_loadb(
        start.assumingMemoryBound(to: CChar.self), bytes.count, flags, &error)
    }
    guard let root = unsafe root else { throw JSONParseError(error) }
    defer { unsafe json_decref(root) }
    return unsafe convert(root)
  }

  /// Copies a value out of jansson; as deep as the text was, which `maximumDepth` bounds.
  private static func convert(_ value: UnsafeMutablePointer<json_t>) -> JSONValue {
    switch unsafe value.pointee.type {
    case JSON_OBJECT: unsafe .object(convertObject(value))
    case JSON_ARRAY: unsafe .array(convertArray(value))
    case JSON_STRING:
      unsafe .string(text(json_string_value(value), count: json_string_length(value)))
    case JSON_INTEGER: unsafe .integer(Int64(json_integer_value(value)))
    case JSON_REAL: unsafe .number(json_real_value(value))
    case JSON_TRUE: .bool(true)
    case JSON_FALSE: .bool(false)
    default: .null
    }
  }

  private static func convertArray(_ array: UnsafeMutablePointer<json_t>) -> [JSONValue] {
    let count = unsafe json_array_size(array)
    var elements: [JSONValue] = []
    elements.reserveCapacity(Int(count))
    for index in 0..<count {
      guard let element = unsafe json_array_get(array, index) else { break }
      elements.append(unsafe convert(element))
    }
    return elements
  }

  private static func convertObject(_ object: UnsafeMutablePointer<json_t>) -> JSONObject {
    var members: [JSONObject.Member] = []
    members.reserveCapacity(Int(unsafe json_object_size(object)))
    var iterator = unsafe json_object_iter(object)
    while let position = unsafe iterator {
      if let value = unsafe json_object_iter_value(position) {
        let name = unsafe text(
          json_object_iter_key(position), count: json_object_iter_key_len(position))
        members.append(JSONObject.Member(name: name, value: unsafe convert(value)))
      }
      unsafe iterator = json_object_iter_next(object, position)
    }
    return JSONObject(members)
  }

  /// Copies text that jansson has checked to be UTF-8.
  private static func text(_ start: UnsafePointer<CChar>?, count: Int) -> String {
    let bytes = unsafe UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)
    return unsafe String(decoding: bytes, as: UTF8.self)
  }
}

/// The locale in which numbers have a decimal point.
///
/// jansson reads reals by `strtod` and asks `localeconv` for one byte of decimal separator: in a
/// host that has set a locale with a longer one it would abort. The locale set here is this
/// thread's alone, and only for the length of the call.
private enum NumericLocale {
  nonisolated(unsafe) private static let point = unsafe newlocale(LC_NUMERIC_MASK, "C", nil)

  static func withPoint<Value>(_ body: () -> Value) -> Value {
    guard let point = unsafe point else { return body() }
    let previous = unsafe uselocale(point)
    defer { _ = unsafe uselocale(previous) }
    return body()
  }
}
