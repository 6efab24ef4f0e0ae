/// A pattern of the failure table, compiled.
///
/// Matched against one line of ``NormalText``, so everything is lower case and a blank stands for
/// any run of blanks. `*` is any gap within the line, `@` one or two words (an id, perhaps quoted),
/// `<` and `>` the start and the end of a word, `^` and `$` the start and the end of the line's own
/// words, and `a && b` asks for both, in either order. Nothing backtracks: parts between gaps are
/// found leftmost.
struct Pattern: Sendable {
  private enum Piece {
    case literal([UInt8], wordStart: Bool, wordEnd: Bool)
    case words
  }

  private var chunks: [[Piece]] = []
  private var atStart = false
  private var atEnd = false
  private var conjuncts: [Pattern] = []
  private var hashes: [Int] = []

  /// The most bytes that one word of `@` may have.
  private static let wordLimit = 160

  init(_ text: String) {
    let parts = text.components(separatedBy: " && ")
    if parts.count > 1 { conjuncts = parts.dropFirst().map(Pattern.init) }
    compile(Array((parts.first ?? "").utf8))
  }

  /// Where the pattern first matches within a line; nil when it does not.
  func match(in text: NormalText, _ line: NormalText.Line) -> Int? {
    guard let start = ownMatch(in: text.bytes, line) else { return nil }
    for conjunct in conjuncts where conjunct.match(in: text, line) == nil { return nil }
    return start
  }

  /// Whether the text may hold the pattern at all.
  func isPossible(in text: NormalText) -> Bool {
    text.trigrams.mayContain(hashes) && conjuncts.allSatisfy { $0.isPossible(in: text) }
  }

  private mutating func compile(_ source: [UInt8]) {
    var chunk: [Piece] = []
    var literal: [UInt8] = []
    var wordStart = false
    func piece(_ wordEnd: Bool) -> [Piece] {
      literal.isEmpty ? [] : [.literal(literal, wordStart: wordStart, wordEnd: wordEnd)]
    }
    for byte in source {
      switch byte {
      case UInt8(ascii: "^") where literal.isEmpty && chunk.isEmpty && chunks.isEmpty:
        atStart = true
      case UInt8(ascii: "$"): atEnd = true
      case UInt8(ascii: "<"): wordStart = true
      case UInt8(ascii: ">"), UInt8(ascii: "*"), UInt8(ascii: "@"):
        // `a * b` also finds `a b`: the one blank serves both sides of the gap.
        if byte == UInt8(ascii: "*"), literal.last == 32 { literal.removeLast() }
        chunk += piece(byte == UInt8(ascii: ">"))
        hashes += TrigramSet.hashes(of: literal)
        (literal, wordStart) = ([], false)
        if byte == UInt8(ascii: "@") { chunk.append(.words) }
        if byte == UInt8(ascii: "*") {
          chunks.append(chunk)
          chunk = []
        }
      default: literal.append(byte)
      }
    }
    chunk += piece(false)
    hashes += TrigramSet.hashes(of: literal)
    chunks.append(chunk)
  }

  private func ownMatch(in bytes: [UInt8], _ line: NormalText.Line) -> Int? {
    var position = atStart ? line.content : line.start
    var first: Int?
    for (index, chunk) in chunks.enumerated() {
      let fixed = atStart && index == 0
      let toEnd = atEnd && index == chunks.count - 1
      guard let (start, end) = find(chunk, in: bytes, position..<line.end, fixed, toEnd) else {
        return nil
      }
      if first == nil { first = start }
      position = end
    }
    return first
  }

  /// The first place in the range at which a chunk matches.
  private func find(
    _ chunk: [Piece], in bytes: [UInt8], _ range: Range<Int>, _ fixed: Bool, _ toEnd: Bool
  ) -> (Int, Int)? {
    guard case .literal(let head, _, _)? = chunk.first, let lead = head.first else {
      return chunk.isEmpty ? (range.lowerBound, range.lowerBound) : nil
    }
    var start = range.lowerBound
    while start + head.count <= range.upperBound {
      if bytes[start] == lead,
        let end = match(chunk[...], in: bytes, at: start, range.upperBound),
        !toEnd || isEnd(bytes, end, range.upperBound)
      {
        return (start, end)
      }
      if fixed { return nil }
      start += 1
    }
    return nil
  }

  private func match(
    _ pieces: ArraySlice<Piece>, in bytes: [UInt8], at start: Int, _ limit: Int
  ) -> Int? {
    guard let piece = pieces.first else { return start }
    let rest = pieces.dropFirst()
    switch piece {
    case .literal(let literal, let wordStart, let wordEnd):
      let end = start + literal.count
      guard end <= limit else { return nil }
      for index in 0..<literal.count where bytes[start + index] != literal[index] { return nil }
      if wordStart, start > 0, isWordByte(bytes[start - 1]) { return nil }
      if wordEnd, end < limit, isWordByte(bytes[end]) { return nil }
      return match(rest, in: bytes, at: end, limit)
    case .words:
      var position = start
      for _ in 0..<2 {
        while position < limit, bytes[position] == 32 { position += 1 }
        let word = position
        while position < limit, bytes[position] != 32, position - word < Self.wordLimit {
          position += 1
        }
        guard position > word else { return nil }
        if let end = match(rest, in: bytes, at: position, limit) { return end }
      }
      return nil
    }
  }

  private func isEnd(_ bytes: [UInt8], _ end: Int, _ limit: Int) -> Bool {
    bytes[end..<limit].allSatisfy { " .!;,)]\"'".utf8.contains($0) }
  }
}

extension String {
  /// The parts between occurrences of a separator; only used on the patterns of the table.
  fileprivate func components(separatedBy separator: String) -> [String] {
    let (bytes, mark) = (Array(utf8), Array(separator.utf8))
    var parts: [String] = []
    var start = 0
    var index = 0
    while index + mark.count <= bytes.count {
      if bytes[index..<index + mark.count].elementsEqual(mark) {
        parts.append(String(decoding: bytes[start..<index], as: UTF8.self))
        index += mark.count
        start = index
      } else {
        index += 1
      }
    }
    return parts + [String(decoding: bytes[start...], as: UTF8.self)]
  }
}
