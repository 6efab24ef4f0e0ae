/// Where a line's own words begin, behind marks and words that only say "this is an error", and
/// whether it opened with such a word.
///
/// `Error: API Error: 529 …` begins at `529`; `[fatal] no session` at `no`; `_GaxiosError: request
/// …` at `request`.
func ownWords(_ bytes: [UInt8], _ line: Range<Int>) -> (content: Int, opensAsError: Bool) {
  var content = line.lowerBound
  var opensAsError = false
  for _ in 0..<6 {
    var start = content
    while start < line.upperBound, isMark(bytes[start]) { start += 1 }
    var end = start
    while end < line.upperBound, isWordByte(bytes[end]) || bytes[end] == UInt8(ascii: ".") {
      end += 1
    }
    guard end > start, end - start <= 64, end < line.upperBound else {
      content = end > start ? start : content
      break
    }
    let word = bytes[start..<end]
    let next = bytes[end]
    let closes = next == UInt8(ascii: ":") || next == UInt8(ascii: "]") || next == UInt8(ascii: "(")
    if names(word, anyOf: errorNouns) {
      if closes || saysWhatFailed(bytes[end..<line.upperBound]) { opensAsError = true }
      content = end
    } else if errorAdjectives.contains(where: { word.elementsEqual($0) }) {
      content = end
    } else {
      content = start
      break
    }
  }
  while content < line.upperBound, isMark(bytes[content]) || bytes[content] == UInt8(ascii: ":") {
    content += 1
  }
  return (content, opensAsError)
}

/// Whether a byte belongs to a word: letters, digits and `_`.
func isWordByte(_ byte: UInt8) -> Bool {
  (97...122).contains(byte) || (48...57).contains(byte) || (65...90).contains(byte) || byte == 95
}

private let errorNouns = ["error", "exception", "fatal", "panic"].map { Array($0.utf8) }
private let errorAdjectives = ["api", "llm", "cli", "uncaught", "err", "http"].map {
  Array($0.utf8)
}
private let sayings = [" code", " resuming", " starting", " authenticating", " executing"]
  .map { Array($0.utf8) }

private func isMark(_ byte: UInt8) -> Bool {
  byte >= 0x80 || " >|*!:][-(".utf8.contains(byte)
}

private func names(_ word: ArraySlice<UInt8>, anyOf nouns: [[UInt8]]) -> Bool {
  nouns.contains { noun in
    word.count >= noun.count
      && (word.suffix(noun.count).elementsEqual(noun) || word.starts(with: noun))
      && word.count <= noun.count + 40
  }
}

private func saysWhatFailed(_ rest: ArraySlice<UInt8>) -> Bool {
  sayings.contains { rest.starts(with: $0) }
    || rest.dropFirst().first.map { (48...57).contains($0) } == true
}
