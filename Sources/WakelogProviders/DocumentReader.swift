internal import Wakelog

/// Finds the JSON objects and arrays in a stream of text.
///
/// A document stands on one line, or begins with a line that is nothing but its bracket, goes on in
/// indented lines, and ends with the other bracket: so `JSON.stringify` and Python's `json` write
/// it. A line that fits neither is text, and ends an unfinished document.
struct DocumentReader: Sendable {
  /// The longest document, in bytes.
  static let longest = 4 << 20

  private var line: [UInt8] = []
  private var isTooLong = false
  /// The lines of an unfinished document.
  private var lines: [UInt8] = []

  /// Takes in a piece of the stream; hands over every document that ends in it.
  mutating func take(_ bytes: UnsafeRawBufferPointer, _ body: (JSONValue) -> Void) {
    var rest = unsafe bytes[...]
    while let end = unsafe rest.firstIndex(of: 0x0A) {
      unsafe add(rest[..<end])
      endLine(body)
      unsafe rest = rest[(end + 1)...]
    }
    unsafe add(rest)
  }

  /// Ends the stream.
  mutating func end(_ body: (JSONValue) -> Void) {
    endLine(body)
    lines = []
  }

  private mutating func add(_ bytes: Slice<UnsafeRawBufferPointer>) {
    guard !isTooLong else { return }
    guard unsafe line.count + lines.count + bytes.count <= Self.longest else {
      isTooLong = true
      line = []
      lines = []
      return
    }
    unsafe line.append(contentsOf: bytes)
  }

  private mutating func endLine(_ body: (JSONValue) -> Void) {
    defer {
      line.removeAll(keepingCapacity: line.capacity <= 64 << 10)
      isTooLong = false
    }
    guard !isTooLong else { return }
    if line.last == 0x0D { line.removeLast() }
    if !lines.isEmpty {
      if line.isEmpty || isBlank(line[0]) { return lines.append(contentsOf: line + [0x0A]) }
      let whole = lines + line
      lines = []
      if line == [whole[0] + 2] { return parse(whole, body) }
    }
    guard let first = line.first(where: { !isBlank($0) }), first == 0x7B || first == 0x5B else {
      return
    }
    if line == [first] { lines = line + [0x0A] } else { parse(line, body) }
  }

  private func parse(_ bytes: [UInt8], _ body: (JSONValue) -> Void) {
    let parsed = unsafe bytes.withUnsafeBytes { unsafe try? JSONParser.parse($0) }
    if let parsed { body(parsed) }
  }
}

private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
