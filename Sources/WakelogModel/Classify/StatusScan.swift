/// The first HTTP status that a text states, if any.
///
/// A number is a status at the start of a line's own words before a reason (`503 Service
/// Unavailable`, `529 {"type":…`), and anywhere behind a word that announces one (`HTTP 402:`,
/// `status=429`, `got a 402`). A bare number in prose is none: `402 items found`, `room 402`,
/// `CHE-402`.
func statedStatus(in text: NormalText, lines: (NormalText.Line) -> Bool) -> Int64? {
  guard !text.isEssay else { return nil }
  let bytes = text.bytes
  for line in text.lines where lines(line) {
    var index = line.start
    while index + 3 <= line.end {
      guard let status = number(bytes, at: index, line.end) else {
        index += 1
        continue
      }
      let rest = bytes[index + 3..<line.end]
      let before = bytes[line.start..<index]
      if index == line.content {
        let announced = line.opensAsError || isAnnounced(before)
        if announced ? !countsThings(rest) : givesReason(rest) { return status }
      } else if isAnnounced(before)
        ? endsStatement(rest) || isReported(before, rest)
        : before.suffix(3).elementsEqual("\": ".utf8) && opensWithReason(rest)
      {
        return status
      }
      index += 3
    }
  }
  return nil
}

/// A number of three digits standing alone and in the range of errors.
private func number(_ bytes: [UInt8], at index: Int, _ limit: Int) -> Int64? {
  guard bytes[index] == 52 || bytes[index] == 53 else { return nil }
  guard isDigit(bytes[index + 1]), isDigit(bytes[index + 2]) else { return nil }
  if index > 0 {
    let before = bytes[index - 1]
    if isWordByte(before) || "-.#,$".utf8.contains(before) { return nil }
  }
  if index + 3 < limit {
    let after = bytes[index + 3]
    if isWordByte(after) || "-%".utf8.contains(after) { return nil }
    if index + 4 < limit, ".,:".utf8.contains(after), isDigit(bytes[index + 4]) { return nil }
  }
  return Int64(bytes[index] - 48) * 100 + Int64(bytes[index + 1] - 48) * 10
    + Int64(bytes[index + 2] - 48)
}

private func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

private let announcements = [
  "http", "https", "http/1.0", "http/1.1", "http/2", "http status", "http error", "status",
  "status code", "status_code", "statuscode", "http_status", "response code", "error code",
  "api error", "capierror", "server error", "client error", "error", "got", "got a", "returned",
  "returned a",
  "received", "received a", "responded with", "failed with", "code:", "code=", "code\":", "code':",
].map { Array($0.utf8) }

private func isAnnounced(_ before: ArraySlice<UInt8>) -> Bool {
  var end = before.endIndex
  while end > before.startIndex, " (\"'#=:".utf8.contains(before[end - 1]) {
    // What follows `code` decides: `code: 402` announces, `zip code 402` does not.
    if announcements.suffix(4).contains(where: { endsWithWord(before[..<end], $0) }) { return true }
    end -= 1
  }
  guard end < before.endIndex else { return false }
  return announcements.contains { endsWithWord(before[..<end], $0) }
}

private func endsWithWord(_ text: ArraySlice<UInt8>, _ word: [UInt8]) -> Bool {
  guard text.count >= word.count, text.suffix(word.count).elementsEqual(word) else { return false }
  let before = text.dropLast(word.count).last
  return before.map { !isWordByte($0) } ?? true
}

private let reasons = [
  "bad request", "unauthorized", "payment required", "forbidden", "not found",
  "method not allowed", "request timeout", "conflict", "gone", "request entity too large",
  "payload too large", "unprocessable", "too many requests", "client closed request",
  "internal", "not implemented", "bad gateway", "service unavailable", "gateway time",
  "site is overloaded", "status code", "{", "<!doctype", "<html",
].map { Array($0.utf8) }

private let errorWords = [
  "error", "unavailable", "overloaded", "busy", "try again", "denied", "expired", "timeout",
  "timed out", "too many requests", "payment required", "rate limit", "quota", "invalid",
  "upstream", "gateway", "mandatory",
].map { Pattern("<\($0)>") }

/// `: 401 unauthorized`, as HTTP's own words for a status follow it.
private func opensWithReason(_ rest: ArraySlice<UInt8>) -> Bool {
  let words = rest.drop { " :-(".utf8.contains($0) }
  return words.startIndex != rest.startIndex && reasons.contains { words.starts(with: $0) }
}

/// `grok api error: 429 your team has …`, `capierror: 401 401 unauthorized`: what an API said.
private func isReported(_ before: ArraySlice<UInt8>, _ rest: ArraySlice<UInt8>) -> Bool {
  ["api error: ", "capierror: "].contains { before.suffix($0.utf8.count).elementsEqual($0.utf8) }
    && !countsThings(rest)
}

private func givesReason(_ rest: ArraySlice<UInt8>) -> Bool {
  let words = rest.drop { " :-(".utf8.contains($0) }
  if words.isEmpty || words.startIndex == rest.startIndex { return false }
  if opensWithReason(rest) { return true }
  if countsThings(rest) { return false }
  let text = NormalText(String(decoding: words.prefix(100), as: UTF8.self))
  guard let line = text.lines.first else { return false }
  return errorWords.contains { $0.match(in: text, line) != nil }
}

/// `402 items`, `500 lines`: the number counts what follows it.
private func countsThings(_ rest: ArraySlice<UInt8>) -> Bool {
  guard rest.first == 32 else { return false }
  let word = rest.dropFirst().prefix { isWordByte($0) }
  guard word.last == UInt8(ascii: "s"), word.count > 3 else { return false }
  // `400 messages.3: …` and `400 tools: …` name the member that is wrong.
  if let next = rest.dropFirst(1 + word.count).first, ".:[".utf8.contains(next) { return false }
  return !["status", "access", "process"].contains { word.elementsEqual($0.utf8) }
}

private let continuations = [" from ", " response", " error", " status", " by ", " with "]
  .map { Array($0.utf8) }

/// Whether nothing follows that would make the number a count or part of another sentence.
private func endsStatement(_ rest: ArraySlice<UInt8>) -> Bool {
  guard let next = rest.first else { return true }
  if ",.;:)]}\"'<>/|".utf8.contains(next) { return true }
  return continuations.contains { rest.starts(with: $0) } || givesReason(rest)
}
