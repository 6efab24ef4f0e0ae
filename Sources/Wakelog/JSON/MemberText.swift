import WakelogModel

/// Members as text, as `JSONWriter` would write them.
struct MemberText: Members {
  private var text: TextBuffer
  /// What stands before the next member.
  private var separator = UInt8(ascii: "{")

  /// Begins an object after some text.
  init(_ text: consuming TextBuffer) { self.text = text }

  /// Ends the object, and gives the text.
  consuming func ended() -> TextBuffer {
    end()
    return text
  }

  private mutating func end() {
    if separator == UInt8(ascii: "{") { text.append(separator) }
    text.append(UInt8(ascii: "}"))
  }

  private mutating func begin(_ name: String) {
    JSONWriter.write(name: name, after: separator, to: &text)
    separator = UInt8(ascii: ",")
  }

  mutating func addNull(_ name: String) {
    begin(name)
    text.append(literal: "null")
  }

  mutating func add(_ name: String, _ flag: Bool) {
    begin(name)
    text.append(literal: flag ? "true" : "false")
  }

  mutating func add(_ name: String, _ number: Int64) {
    begin(name)
    JSONWriter.write(number, to: &text)
  }

  mutating func add(_ name: String, _ string: String) {
    begin(name)
    JSONWriter.write(string, to: &text)
  }

  mutating func add(_ name: String, _ time: Instant) {
    begin(name)
    text.append(UInt8(ascii: "\""))
    time.write(to: &text)
    text.append(UInt8(ascii: "\""))
  }

  mutating func add(_ name: String, _ value: JSONValue) {
    begin(name)
    JSONWriter.write(value, to: &text)
  }

  mutating func add<Failure: Error>(
    _ name: String, object body: (inout Self) throws(Failure) -> Void
  ) throws(Failure) {
    begin(name)
    separator = UInt8(ascii: "{")
    try body(&self)
    end()
    separator = UInt8(ascii: ",")
  }

  mutating func add<Element>(
    _ name: String, objects: some Sequence<Element>, atMost bytes: Int,
    _ show: (Element, inout Self) -> Void
  ) -> Int {
    begin(name)
    text.append(UInt8(ascii: "["))
    let start = text.count
    var shown = 0
    for element in objects {
      if shown > 0 { text.append(UInt8(ascii: ",")) }
      separator = UInt8(ascii: "{")
      show(element, &self)
      end()
      shown += 1
      if text.count - start >= bytes { break }
    }
    separator = UInt8(ascii: ",")
    text.append(UInt8(ascii: "]"))
    return shown
  }
}
