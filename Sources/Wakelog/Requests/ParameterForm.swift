internal import WakelogModel

/// What a parameter looks like on the wire, both ways.
struct ParameterForm<Value>: Sendable {
  /// What it must be, in words; made only when there is an error to say it in.
  let expected: @Sendable () -> String
  /// Takes the value at a path.
  let read: @Sendable (JSONValue, String) throws(WakelogError) -> Value
  /// Gives the value's canonical JSON.
  let write: @Sendable (Value) -> JSONValue
  /// Whether what `write` gives is surely what `read` takes; `false` says nothing.
  let accepts: @Sendable (Value) -> Bool

  init(
    _ expected: @autoclosure @escaping @Sendable () -> String,
    read: @escaping @Sendable (JSONValue, String) throws(WakelogError) -> Value,
    write: @escaping @Sendable (Value) -> JSONValue,
    accepts: @escaping @Sendable (Value) -> Bool = { _ in false }
  ) {
    self.expected = expected
    self.read = read
    self.write = write
    self.accepts = accepts
  }

  /// A form whose values are right or wrong without more to say.
  init(
    _ expected: @autoclosure @escaping @Sendable () -> String,
    reading: @escaping @Sendable (JSONValue) -> Value?,
    write: @escaping @Sendable (Value) -> JSONValue,
    accepts: @escaping @Sendable (Value) -> Bool = { _ in false }
  ) {
    self.init(
      expected(),
      read: { (json, path) throws(WakelogError) in
        guard let value = reading(json) else { throw .unexpected(json, at: path, expected()) }
        return value
      }, write: write, accepts: accepts)
  }
}

// Made once, since they are asked for with every call.
private let nameForm = ParameterForm.text(
  "a string of 1 to 1024 bytes", 1...ParameterReader.longestName)
private let evidenceForm = ParameterForm.text("a string", 0...Int.max)
private let payloadForm = ParameterForm.text("a string of up to 64 KiB", 0...(64 << 10))
private let remarkForm = ParameterForm<String>(
  "a string of 1 byte or more",
  reading: { json in
    guard case .string(let text) = json, !text.isEmpty else { return nil }
    return ProgramText.cut(text.utf8, to: ParameterReader.longestName)
  }, write: { .string(ProgramText.cut($0.utf8, to: ParameterReader.longestName)) },
  accepts: { (1...ParameterReader.longestName).contains($0.utf8.count) })
private let pathForm = ParameterForm<String>(
  "an absolute path such as /srv/app: a relative one means another folder in another process",
  read: { (json, path) throws(WakelogError) in
    let text = try nameForm.read(json, path)
    guard isAbsolute(text) else { throw .unexpected(json, at: path, pathForm.expected()) }
    return text
  }, write: { .string($0) }, accepts: { nameForm.accepts($0) && isAbsolute($0) })
private let booleanForm = ParameterForm<Bool>(
  "true or false", reading: { $0.bool }, write: { .bool($0) }, accepts: { _ in true })

extension ParameterForm where Value == String {
  /// A name, an id or a remark: 1 to 1,024 bytes.
  static var name: Self { nameForm }

  /// The absolute path of a directory: 1 to 1,024 bytes.
  static var path: Self { pathForm }

  /// What a wake asks for: a string of up to 64 KiB.
  static var payload: Self { payloadForm }

  /// What a program printed: a string of any length, which the request cuts.
  static var evidence: Self { evidenceForm }

  /// A remark that may be a program's words: cut to 1,024 bytes.
  static var remark: Self { remarkForm }

  fileprivate static func text(_ expected: String, _ lengths: ClosedRange<Int>) -> Self {
    Self(
      expected,
      read: { (json, path) throws(WakelogError) in
        guard case .string(let text) = json, text.utf8.count >= lengths.lowerBound else {
          throw .unexpected(json, at: path, expected)
        }
        try WakelogError.check(text.utf8.count, atMost: lengths.upperBound, at: path)
        return text
      }, write: { .string($0) }, accepts: { lengths.contains($0.utf8.count) })
  }
}

extension ParameterForm where Value == Bool {
  /// `true` or `false`, and nothing that is like them.
  static var boolean: Self { booleanForm }
}

extension ParameterForm where Value == TraceParent {
  /// A W3C `traceparent`.
  static var trace: Self {
    Self(
      "a W3C traceparent such as 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      reading: { $0.string.flatMap { TraceParent($0) } }, write: { .string($0.text) },
      accepts: { $0.exists })
  }
}

extension ParameterForm where Value == Instant {
  /// A moment of 1970 to 2261.
  static var time: Self {
    let expected =
      "a time from 1970 to 2261, as RFC 3339 with offset or integer milliseconds since 1970"
    return Self(
      expected,
      read: { (json, path) throws(WakelogError) in
        if let integer = json.integer, (0..<Instant.leastMilliseconds).contains(integer) {
          throw WakelogError(
            .invalidParameter,
            "`\(path)` takes milliseconds, not seconds; multiply \(integer) by 1000, or give a "
              + "time before March 1973 as RFC 3339", field: path)
        }
        guard let time = Instant(json: json) else { throw .unexpected(json, at: path, expected) }
        return time
      }, write: { .string($0.description) })
  }
}

extension ParameterForm where Value: FixedWidthInteger & Sendable {
  /// An integer within bounds; JSON's largest integer goes without saying.
  static func integer(_ range: ClosedRange<Value>) -> Self {
    Self(
      Int64(clamping: range.upperBound) == .max
        ? "an integer of \(range.lowerBound) or more"
        : "an integer from \(range.lowerBound) to \(range.upperBound)",
      reading: { json in
        guard let integer = json.integer, let value = Value(exactly: integer) else { return nil }
        return range.contains(value) ? value : nil
      }, write: { .integer(Int64(clamping: $0)) },
      accepts: { range.contains($0) && Int64(exactly: $0) != nil })
  }

  /// An integer of 1 or more.
  static var positive: Self { integer(1...Value.max) }
  /// An integer of 0 or more.
  static var notNegative: Self { integer(0...Value.max) }
}

extension ParameterForm where Value: CaseIterable & Sendable {
  /// One of a closed set of words.
  static func word(_ name: @escaping @Sendable (Value) -> String) -> Self {
    Self(
      "one of " + Value.allCases.map(name).joined(separator: ", "),
      reading: { json in
        guard let text = json.string else { return nil }
        return Value.allCases.first { name($0).hasSameBytes(as: text) }
      }, write: { .string(name($0)) }, accepts: { _ in true })
  }
}

extension ParameterForm where Value: FieldCode {
  /// One of the words of a code.
  static var word: Self { word { $0.name } }
}

extension ParameterForm
where Value: CaseIterable & RawRepresentable & Sendable, Value.RawValue == String {
  /// One of an enumeration's words.
  static var word: Self { word { $0.rawValue } }
}

extension ParameterForm where Value: ParameterObject {
  /// An object of parameters.
  static var object: Self {
    Self(
      objectExpected,
      read: { (json, path) throws(WakelogError) in
        guard case .object(let object) = json else {
          throw .unexpected(json, at: path, objectExpected)
        }
        var value = Value()
        try value.read(object, path: path)
        return value
      }, write: { .object($0.written) }, accepts: { $0.isPlainlyValid })
  }

  private static var objectExpected: String {
    "an object with " + Value.parameterNames.joined(separator: ", ")
  }
}

extension WakelogError {
  /// A value of the wrong type or out of range.
  static func unexpected(_ json: JSONValue, at path: String, _ expected: String) -> Self {
    let got =
      switch json {
      case .null: "null"
      case .bool(let value): "\(value)"
      case .integer(let value): "\(value)"
      case .number(let value): "\(value)"
      case .string(let text):
        text.isEmpty ? "an empty string" : "\"\(ParameterReader.shown(text))\""
      case .array: "an array"
      case .object: "an object"
      }
    return Self(.invalidParameter, "`\(path)` must be \(expected), not \(got)", field: path)
  }

  /// Throws when something has more bytes than it may have.
  static func check(_ count: Int, atMost limit: Int, at path: String) throws(WakelogError) {
    guard count > limit else { return }
    throw Self(
      .tooLarge, "`\(path)` has \(count) bytes; shorten it to at most \(limit)", field: path)
  }
}

/// Whether a path is absolute where it comes from: hosts on Windows write to the same log format.
private func isAbsolute(_ path: String) -> Bool {
  var bytes = path.utf8.makeIterator()
  let first = bytes.next() ?? 0
  if first == UInt8(ascii: "/") { return true }
  let (second, third) = (bytes.next(), bytes.next())
  let backslash = UInt8(ascii: "\\")
  if first == backslash { return second == backslash }
  return (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first & 0xDF)
    && second == UInt8(ascii: ":") && (third == backslash || third == UInt8(ascii: "/"))
}
