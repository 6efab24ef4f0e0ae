internal import CJansson

/// Where a text stops being JSON that can be read, and why.
package struct JSONParseError: Error, Hashable, Sendable {
  /// Bytes read up to the fault.
  package var position: Int
  /// The line of the fault, from 1.
  package var line: Int
  /// Characters into that line, from 1; 0 before the first.
  package var column: Int
  /// What is wrong, and what to do where that is not plain.
  package var message: String
}

extension JSONParseError: CustomStringConvertible {
  /// Place and reason in one line.
  package var description: String { "line \(line), column \(column): \(message)" }
}

extension JSONParseError {
  /// Says in our words what jansson found, where its own say too little.
  init(_ error: json_error_t) {
    let code = unsafe withUnsafePointer(to: error) { unsafe json_error_code($0) }
    let reason = Self.text(of: error)
    message =
      switch code {
      case json_error_numeric_overflow where reason.contains("integer"):
        "integers are limited to 64 bits; write larger ones as strings (\(reason))"
      case json_error_numeric_overflow:
        "the number is too large for a 64-bit real; write it as a string (\(reason))"
      case json_error_null_byte_in_key:
        "a name cannot contain \\u0000"
      default:
        reason
      }
    position = max(0, Int(error.position))
    line = max(1, Int(error.line))
    column = max(0, Int(error.column))
  }

  /// The reason up to its terminator; cut text may end in half a character, which is repaired.
  private static func text(of error: json_error_t) -> String {
    unsafe withUnsafeBytes(of: error.text) { bytes in
      let text = unsafe bytes.prefix { $0 != 0 }
      return unsafe String(decoding: text, as: UTF8.self)
    }
  }

  /// Finds what jansson must not be shown; nil when there is nothing of it.
  ///
  /// Nesting deeper than `JSONParser.maximumDepth`, because jansson recurses 2,048 levels deep, to
  /// read and again to free, and a thread's stack may not have room for that. And the byte 0
  /// outside of strings, because jansson 2.14 drops it after a number instead of refusing it.
  /// Up to the first fault of the text both see the same brackets; past it jansson does not read.
  init?(refusing bytes: UnsafeRawBufferPointer) {
    var depth = 0
    var line = 1
    var lineStart = 0
    var index = 0
    while index < bytes.count {
      var fault: String?
      switch unsafe bytes[index] {
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
        if depth > JSONParser.maximumDepth {
          fault = "nested deeper than \(JSONParser.maximumDepth) levels; flatten the document"
        }
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      case UInt8(ascii: "\""): unsafe Self.skipString(in: bytes, from: &index)
      case UInt8(ascii: "\n"):
        line += 1
        lineStart = index + 1
      case 0: fault = "the byte 0 is no part of JSON; write \\u0000 inside a string"
      default: break
      }
      index += 1
      if let fault {
        self.init(position: index, line: line, column: index - lineStart, message: fault)
        return
      }
    }
    return nil
  }

  /// Moves from an opening quote to its closing one, or to the end.
  private static func skipString(in bytes: UnsafeRawBufferPointer, from index: inout Int) {
    index += 1
    while index < bytes.count {
      switch unsafe bytes[index] {
      case UInt8(ascii: "\""): return
      case UInt8(ascii: "\\"): index += 2
      default: index += 1
      }
    }
  }
}
