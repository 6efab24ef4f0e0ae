internal import Glibc
internal import Wakelog

/// Text on its way to C and from there.
enum Text {
  /// Bytes for C, ended by a zero byte that `count` does not count. The caller frees them.
  @safe struct Copy {
    var start: UnsafeMutablePointer<CChar>
    var count: Int
  }

  /// Copies bytes into memory that `wakelog_free` frees.
  static func copy(_ bytes: some Collection<UInt8>) -> Copy {
    let count = bytes.count
    // As with Swift's own allocations, nothing can go on when there is no memory.
    let start = unsafe malloc(count + 1)!.assumingMemoryBound(to: CChar.self)
    unsafe UnsafeMutableRawBufferPointer(start: start, count: count).copyBytes(from: bytes)
    unsafe start[count] = 0
    return unsafe Copy(start: start, count: count)
  }

  /// Copies a text.
  static func copy(_ text: String) -> Copy { copy(text.utf8) }

  /// Takes a text that C has to give.
  static func required(
    _ text: UnsafePointer<CChar>?, _ field: String
  ) throws(WakelogError) -> String {
    guard let text = try unsafe optional(text, field) else {
      throw WakelogError(.invalidParameter, "`\(field)` is null; give a text", field: field)
    }
    return text
  }

  /// Takes a text that C may leave out.
  static func optional(
    _ text: UnsafePointer<CChar>?, _ field: String
  ) throws(WakelogError) -> String? {
    guard let text = unsafe text else { return nil }
    guard let valid = unsafe String(validatingCString: text) else {
      throw WakelogError(
        .invalidParameter, "`\(field)` is not UTF-8; encode it as that", field: field)
    }
    return valid
  }

  /// Takes what a program printed: of any length, and whatever its bytes are. Cut here, where it
  /// is still C's, so that no more of it is copied than is kept.
  static func printed(_ texts: [UnsafePointer<CChar>?]) -> [String?] {
    let lengths = unsafe texts.map { text in unsafe text.map { unsafe strlen($0) } ?? 0 }
    let shares = ProgramText.shares(of: lengths)
    return unsafe texts.indices.map { index in
      guard let start = unsafe texts[index] else { return nil }
      let bytes = unsafe UnsafeRawBufferPointer(start: start, count: lengths[index])
      return unsafe ProgramText.cut(bytes, to: shares[index])
    }
  }

  /// Reads a text as a JSON object.
  static func object(_ text: String, _ field: String) throws(WakelogError) -> JSONObject {
    var text = text
    let result = text.withUTF8 { bytes in
      Result { () throws(WakelogError) in unsafe try object(UnsafeRawBufferPointer(bytes), field) }
    }
    return try result.get()
  }

  /// Reads bytes of C as a JSON object; an empty one when there are none.
  static func object(
    _ start: UnsafePointer<CChar>?, count: Int, _ field: String
  ) throws(WakelogError) -> JSONObject {
    guard let start = unsafe start else {
      guard count == 0 else {
        throw WakelogError(
          .invalidParameter, "`\(field)` is null, but its length is \(count); give 0", field: field)
      }
      return JSONObject()
    }
    return unsafe try object(UnsafeRawBufferPointer(start: start, count: count), field)
  }

  private static func object(
    _ bytes: UnsafeRawBufferPointer, _ field: String
  ) throws(WakelogError) -> JSONObject {
    let value: JSONValue
    do throws(JSONParseError) {
      value = unsafe try JSONParser.parse(bytes)
    } catch {
      throw WakelogError(
        .invalidParameter, "`\(field)` is not JSON: \(error.description)", field: field)
    }
    guard let object = value.object else {
      throw WakelogError(.invalidParameter, "`\(field)` is not a JSON object", field: field)
    }
    return object
  }
}
