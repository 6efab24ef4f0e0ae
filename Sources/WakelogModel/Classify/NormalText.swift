/// A text made ready for matching: ASCII lower-cased, colours dropped, blanks run together,
/// typographic quotes plain, cut into lines.
struct NormalText {
  /// The most that is looked at: the first and the last half of it.
  static let limit = 65_536

  /// One line, with the place where its own words begin behind `Error:`, `[fatal]` and the like.
  struct Line {
    var start: Int
    var end: Int
    var content: Int
    /// Whether the line opens as an error report does.
    var opensAsError: Bool
    /// Whether nothing follows it but a blank line or the end.
    var endsParagraph = true
  }

  private(set) var bytes: [UInt8] = []
  private(set) var lines: [Line] = []
  /// Which three-byte sequences occur at all: most patterns are ruled out by one look.
  private(set) var trigrams = TrigramSet()
  /// Whether this is a document about errors rather than an error: Markdown with headings or
  /// fences.
  private(set) var isEssay = false

  var isBlank: Bool { lines.isEmpty }

  /// Reads a text, leaving out the given ranges of its bytes, which are in ascending order.
  init(_ text: String, without omitted: [Range<Int>] = []) {
    var raw: [UInt8] = []
    raw.reserveCapacity(min(text.utf8.count, Self.limit))
    var gaps = omitted[...]
    for (index, byte) in text.utf8.enumerated() {
      while let gap = gaps.first, gap.upperBound <= index { gaps.removeFirst() }
      if let gap = gaps.first, gap.contains(index) { continue }
      raw.append(byte)
    }
    if raw.count > Self.limit {
      raw = Array(raw.prefix(Self.limit / 2)) + [10] + Array(raw.suffix(Self.limit / 2))
    }
    normalise(raw)
    cutLines()
    trigrams = TrigramSet(bytes)
  }

  private mutating func normalise(_ raw: [UInt8]) {
    bytes.reserveCapacity(raw.count)
    var index = 0
    while index < raw.count {
      let byte = raw[index]
      switch byte {
      case 0x1b: index = endOfEscape(raw, index)
      case 65...90: bytes.append(byte + 32)
      case 10: bytes.append(10)
      case 0...32, 127: appendBlank()
      case 0xc2 where index + 1 < raw.count && raw[index + 1] == 0xa0:
        appendBlank()
        index += 1
      case 0xe2 where index + 2 < raw.count && raw[index + 1] == 0x80:
        if let quote = plainQuote(raw[index + 2]) {
          bytes.append(quote)
        } else {
          bytes += raw[index...index + 2]
        }
        index += 2
      default: bytes.append(byte)
      }
      index += 1
    }
  }

  private mutating func appendBlank() {
    if let last = bytes.last, last != 32, last != 10 { bytes.append(32) }
  }

  /// The first line alone.
  var firstLine: NormalText {
    var text = self
    text.lines = Array(lines.prefix(1))
    return text
  }

  private mutating func cutLines() {
    var start = 0
    var headings = 0
    // crush prints a line `ERROR` and what went wrong below it.
    var isTitled = false
    while start < bytes.count {
      var end = start
      while end < bytes.count, bytes[end] != 10 { end += 1 }
      var last = end
      while last > start, bytes[last - 1] == 32 { last -= 1 }
      if last > start {
        if opensMarkdown(start..<last) { headings += 1 }
        let (content, opensAsError) = ownWords(bytes, start..<last)
        if let above = lines.last {
          lines[lines.count - 1].endsParagraph = bytes[above.end..<start].count { $0 == 10 } > 1
        }
        let isTitle = namesError(bytes[content..<last])
        lines.append(
          Line(
            start: start, end: last, content: content, opensAsError: opensAsError || isTitled))
        isTitled = isTitle
      }
      start = end + 1
    }
    isEssay = headings > 1
  }

  private func opensMarkdown(_ range: Range<Int>) -> Bool {
    var hashes = range.lowerBound
    while hashes < range.upperBound, bytes[hashes] == UInt8(ascii: "#") { hashes += 1 }
    if hashes > range.lowerBound { return hashes < range.upperBound && bytes[hashes] == 32 }
    return bytes[range].starts(with: [0x60, 0x60, 0x60])
  }
}

/// A pattern of the failure table, written as the texts are in which it is looked for: ASCII in lower
/// case, blanks run together, typographic quotes plain.
public func normalPattern(_ pattern: String) -> String {
  String(decoding: NormalText(pattern).bytes, as: UTF8.self)
}

/// The last byte of the terminal escape sequence that starts at `start`.
private func endOfEscape(_ raw: [UInt8], _ start: Int) -> Int {
  guard start + 1 < raw.count else { return start }
  switch raw[start + 1] {
  case UInt8(ascii: "["):
    var index = start + 2
    while index < raw.count, !(0x40...0x7e).contains(raw[index]), raw[index] != 10 { index += 1 }
    return min(index, raw.count - 1)
  case UInt8(ascii: "]"):
    var index = start + 2
    while index < raw.count, raw[index] != 7, raw[index] != 10 { index += 1 }
    return min(index, raw.count - 1)
  default: return start + 1
  }
}

private func plainQuote(_ third: UInt8) -> UInt8? {
  switch third {
  case 0x98, 0x99: UInt8(ascii: "'")
  case 0x9c, 0x9d: UInt8(ascii: "\"")
  default: nil
  }
}
