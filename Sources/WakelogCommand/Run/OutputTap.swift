internal import Wakelog
internal import WakelogModel

/// Keeps the end of a stream that is passed through, and reads its JSON lines on the way.
struct OutputTap {
  /// How much of the end is kept as evidence, in bytes.
  static let kept = 64 << 10
  /// A line longer than this is passed through unread.
  static let longestLine = 1 << 20

  private var tail: [UInt8] = []
  private var line: [UInt8] = []
  private var isSkipping = false

  /// The end of what came, whole characters only.
  var text: String {
    String(decoding: tail.suffix(Self.kept).drop { $0 & 0xC0 == 0x80 }, as: UTF8.self)
  }

  /// Takes in a piece of the stream; hands over every JSON object that stands on a line.
  mutating func take(_ bytes: ArraySlice<UInt8>, _ body: (JSONValue) -> Void) {
    tail += bytes
    if tail.count > 2 * Self.kept { tail.removeFirst(tail.count - Self.kept) }
    for byte in bytes {
      if byte == 0x0A {
        endLine(body)
      } else if !isSkipping {
        line.append(byte)
        if line.count > Self.longestLine {
          isSkipping = true
          line = []
        }
      }
    }
  }

  /// Ends the last line, which may have no end of its own.
  mutating func endLine(_ body: (JSONValue) -> Void) {
    defer {
      line.removeAll(keepingCapacity: true)
      isSkipping = false
    }
    guard !isSkipping, line.first(where: { $0 != 0x20 }) == UInt8(ascii: "{") else { return }
    let parsed = unsafe line.withUnsafeBytes { unsafe try? JSONParser.parse($0) }
    if let parsed { body(parsed) }
  }
}
