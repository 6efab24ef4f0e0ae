/// A part of a text that may be a JSON document.
public struct StructuredCandidate: Sendable, Hashable {
  /// Its place in UTF-8 bytes of the whole text.
  public var bytes: Range<Int>
  /// The part itself.
  public var text: String
}

/// The parts of a text that are worth handing to a JSON parser, in order and without overlap.
///
/// A candidate starts with `{` or `[{` at the start of a line and ends with the matching bracket at
/// the end of a line; it may span lines. What stands between the fences of Markdown is shown, not
/// said, and no candidate. Text that looks like JSON and does not parse stays plain text. Linear in
/// the text: after one bracket that never closes only single lines are tried.
public func structuredCandidates(in text: String) -> [StructuredCandidate] {
  let bytes = Array(text.utf8)
  var found: [StructuredCandidate] = []
  var maySpanLines = true
  var lineStart = 0
  var isFenced = false
  while lineStart < bytes.count {
    let lineEnd = endOfLine(in: bytes, from: lineStart)
    let start = firstNonBlank(in: bytes, lineStart..<lineEnd)
    if bytes[start..<lineEnd].starts(with: [0x60, 0x60, 0x60]) { isFenced.toggle() }
    guard start < lineEnd, !isFenced, opensDocument(bytes, at: start, within: lineEnd) else {
      lineStart = lineEnd + 1
      continue
    }
    let limit = maySpanLines ? bytes.count : lineEnd
    guard let end = closingBracket(in: bytes, from: start, limit: limit) else {
      maySpanLines = false
      if limit == lineEnd { lineStart = lineEnd + 1 }
      continue
    }
    let last = endOfLine(in: bytes, from: end)
    if firstNonBlank(in: bytes, end..<last) == last {
      found.append(
        StructuredCandidate(
          bytes: start..<end, text: String(decoding: bytes[start..<end], as: UTF8.self)))
    }
    lineStart = last + 1
  }
  return found
}

extension Traces {
  /// Fills ``structured`` from the three texts with the caller's JSON parser, which answers nil for
  /// what is no JSON.
  public mutating func readStructure(with parse: (String) -> JSONValue?) {
    structured = []
    for (stream, text) in [
      (TraceStream.message, message), (.stderr, stderr), (.stdout, stdout),
    ] where !text.isEmpty {
      for candidate in structuredCandidates(in: text) {
        guard let value = parse(candidate.text) else { continue }
        structured.append(
          StructuredTrace(stream: stream, value: value, bytes: candidate.bytes))
      }
    }
  }
}

private func endOfLine(in bytes: [UInt8], from start: Int) -> Int {
  var index = start
  while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
  return index
}

private func firstNonBlank(in bytes: [UInt8], _ range: Range<Int>) -> Int {
  var index = range.lowerBound
  while index < range.upperBound, bytes[index] == 32 || bytes[index] == 9 || bytes[index] == 13 {
    index += 1
  }
  return index
}

/// A log line such as `[error] …` opens with a bracket too, so an array counts only with an object
/// in it, or with nothing behind the bracket on its line.
private func opensDocument(_ bytes: [UInt8], at start: Int, within lineEnd: Int) -> Bool {
  if bytes[start] == UInt8(ascii: "{") { return true }
  guard bytes[start] == UInt8(ascii: "[") else { return false }
  let next = firstNonBlank(in: bytes, start + 1..<lineEnd)
  return next == lineEnd || bytes[next] == UInt8(ascii: "{")
}

/// The place behind the bracket that closes the one at `start`, strings being skipped.
private func closingBracket(in bytes: [UInt8], from start: Int, limit: Int) -> Int? {
  var depth = 0
  var inString = false
  var index = start
  while index < limit {
    let byte = bytes[index]
    if inString {
      if byte == UInt8(ascii: "\\") {
        index += 1
      } else if byte == UInt8(ascii: "\"") {
        inString = false
      }
    } else {
      switch byte {
      case UInt8(ascii: "\""): inString = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth == 0 { return index + 1 }
      default: break
      }
    }
    index += 1
  }
  return nil
}
