import WakelogModel

/// What a method gives: an object, or a list.
protocol CallResult {
  /// The result as a value.
  var value: JSONValue { get }
  /// Appends the result as text.
  func write(to text: inout TextBuffer)
}

extension JSONObject: CallResult {
  var value: JSONValue { .object(self) }
  func write(to text: inout TextBuffer) { JSONWriter.write(self, to: &text) }
}

extension [JSONValue]: CallResult {
  var value: JSONValue { .array(self) }
  func write(to text: inout TextBuffer) { JSONWriter.write(.array(self), to: &text) }
}

/// In which form a caller takes results.
protocol ResultForm: Sendable {
  /// Carries a request out and takes what it gives, while that can still be looked up.
  init(
    carryingOut request: any Executable, _ call: Call, on core: Core) throws(WakelogError)
  /// Takes a result that was kept.
  init(_ kept: JSONObject)
  /// Appends it as text.
  func write(to text: inout TextBuffer)
}

extension JSONValue: ResultForm {
  init(
    carryingOut request: any Executable, _ call: Call, on core: Core
  ) throws(WakelogError) {
    self = try request.value(call, on: core)
  }

  init(_ kept: JSONObject) { self = .object(kept) }

  func write(to text: inout TextBuffer) { JSONWriter.write(self, to: &text) }
}

/// A result as JSON in UTF-8, for whoever hands it on and does not look into it.
package struct JSONText: Sendable, ResultForm {
  /// The text.
  package let bytes: [UInt8]

  /// Writes a value.
  package init(_ value: JSONValue) { bytes = value.bytes }

  init(
    carryingOut request: any Executable, _ call: Call, on core: Core
  ) throws(WakelogError) {
    var text = TextBuffer(capacity: 1_000)
    try request.write(call, on: core, to: &text)
    bytes = text.bytes()
  }

  init(_ kept: JSONObject) { bytes = JSONValue.object(kept).bytes }

  func write(to text: inout TextBuffer) { text.append(bytes) }
}
