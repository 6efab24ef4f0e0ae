/// Where a line's own words begin, behind what only says who speaks, when, and that it is an error,
/// and whether the line opens as an error report does.
///
/// `Error: API Error: 529 …` begins at `529`; `[fatal] no session` at `no`; `_GaxiosError: request
/// …` at `request`; `2026-11-30T08:00:00Z ERROR codex: x` at `x`.
func ownWords(_ bytes: [UInt8], _ line: Range<Int>) -> (content: Int, opensAsError: Bool) {
  var content = afterColumn(bytes, afterTime(bytes, line)..<line.upperBound)
  var opensAsError = false
  for _ in 0..<6 {
    var start = content
    while start < line.upperBound, isMark(bytes[start]) { start += 1 }
    var end = start
    while end < line.upperBound, isWordByte(bytes[end]) || ".-".utf8.contains(bytes[end]) {
      end += 1
    }
    guard end > start, end - start <= 64, end < line.upperBound else {
      content = end > start ? start : content
      break
    }
    let word = bytes[start..<end]
    let rest = bytes[end..<line.upperBound]
    let closes = ":](".utf8.contains(bytes[end])
    if names(word, anyOf: errorNouns) {
      if closes || saysWhatFailed(rest) { opensAsError = true }
      content = end
    } else if errorAdjectives.contains(where: { word.elementsEqual($0) }) {
      content = end
    } else if speakers.contains(where: { word.elementsEqual($0) }), introduces(rest) {
      content = end
    } else {
      content = start
      break
    }
  }
  while content < line.upperBound, isMark(bytes[content]) || bytes[content] == UInt8(ascii: ":") {
    content += 1
  }
  let words = bytes[content..<line.upperBound]
  return (content, opensAsError || isOpening(words))
}

/// Whether a line opens as one of the CLIs' own error lines.
private func isOpening(_ words: ArraySlice<UInt8>) -> Bool {
  if openings.contains(where: { words.starts(with: $0) }) { return true }
  // What else a sentence goes on to say of them is somebody's account.
  if statements.contains(where: { statement in
    guard words.starts(with: statement) else { return false }
    let next = words.dropFirst(statement.count).first { $0 != 32 }
    return next.map { !isWordByte($0) } ?? true
  }) {
    return true
  }
  guard limits.contains(where: { words.starts(with: $0) }) else { return false }
  let said = words.prefix(60).prefix { !":,;".utf8.contains($0) }
  return said.split(separator: 32).contains { $0.starts(with: limit) }
}

/// Whether a line is nothing but a word for an error: a title of what stands below it.
func namesError(_ line: ArraySlice<UInt8>) -> Bool {
  let word = line.last == UInt8(ascii: ":") ? line.dropLast() : line
  return errorNouns.contains { word.elementsEqual($0) }
}

/// Whether a byte belongs to a word: letters, digits and `_`.
func isWordByte(_ byte: UInt8) -> Bool {
  (97...122).contains(byte) || (48...57).contains(byte) || (65...90).contains(byte) || byte == 95
}

private let errorNouns = ["error", "exception", "fatal", "panic"].map { Array($0.utf8) }
private let errorAdjectives = ["api", "llm", "provider", "cli", "uncaught", "err", "http"].map {
  Array($0.utf8)
}
private let sayings = [" code", " resuming", " starting", " authenticating", " executing"]
  .map { Array($0.utf8) }

/// Programs and streams that wrappers name in front of a line: `claude: …`, `[stderr] …`.
private let speakers = [
  "claude", "codex", "gemini", "opencode", "copilot", "cursor-agent", "qwen", "goose", "kimi",
  "crush", "amp", "droid", "grok", "acp", "agent", "stderr", "stdout",
].map { Array($0.utf8) }

/// How the CLIs' own error lines open that have no word for an error in front. An answer of a model
/// opens so only when it speaks of that very error.
private let openings = [
  // Claude Code 2.1.332, `-p` with text output: all of them on standard output.
  "failed to authenticate", "please run /login", "you're out of ", "you've used all of your ",
  "your organization has ", "your organization is out of ", "your organization's gateway refused",
  "request too large", "an image in the conversation ", "image was too large", "pdf too large",
  "pdf is password protected", "the pdf file was not valid", "there's an issue with the selected",
  "claude ended th", "failed to refresh oauth token", "this conversation is already open",
  "no conversation found with session id", "no deferred tool marker found",
  // Others.
  "no saved session found with id", "no session, task, or name matched",
  "not inside a trusted directory", "quota exceeded. check your plan", "selected model is at cap",
  "you have exhausted your capacity", "no authentication information found",
  "ran into this error", "failed to load session", "failed to resume",
].map { Array($0.utf8) }

/// The same, where they are all that is said, up to a mark: Claude Code's too.
private let statements = [
  "invalid api key", "not logged in", "credit balance is too low", "prompt is too long",
  "claude ai usage limit reached", "claude usage limit reached",
  "session limit reached", "weekly limit reached", "5-hour limit reached", "usage limit reached",
  "oauth token has expired", "oauth token revoked",
].map { Array($0.utf8) }

/// The same, where a limit is named before the next mark: `You've hit your session limit · resets …`.
private let limits = ["you've hit your ", "you've reached your "].map { Array($0.utf8) }
private let limit = Array("limit".utf8)

private func isMark(_ byte: UInt8) -> Bool {
  byte >= 0x80 || " >|*!:][-(".utf8.contains(byte)
}

/// The place behind a time in front of a line: `2026-11-30T08:00:00.1Z`, `[08:00:00]`.
private func afterTime(_ bytes: [UInt8], _ line: Range<Int>) -> Int {
  var start = line.lowerBound
  for _ in 0..<2 {
    var index = start
    while index < line.upperBound, " [(".utf8.contains(bytes[index]) { index += 1 }
    var digits = 0
    var separators = 0
    while index < line.upperBound, isTimeByte(bytes[index]) {
      if (48...57).contains(bytes[index]) { digits += 1 }
      if ":-/".utf8.contains(bytes[index]) { separators += 1 }
      index += 1
    }
    guard digits >= 4, separators >= 2, index < line.upperBound,
      " ])".utf8.contains(bytes[index])
    else { break }
    start = index + 1
  }
  return start
}

/// The place behind a name that a bar parts from the line, as `docker compose` prints it: `bot-1  |`.
private func afterColumn(_ bytes: [UInt8], _ line: Range<Int>) -> Int {
  var index = line.lowerBound
  while index < line.upperBound, index - line.lowerBound < 40, bytes[index] > 32 { index += 1 }
  guard index > line.lowerBound else { return line.lowerBound }
  while index < line.upperBound, bytes[index] == 32 { index += 1 }
  guard index + 1 < line.upperBound, bytes[index] == UInt8(ascii: "|"), bytes[index + 1] == 32
  else { return line.lowerBound }
  return index + 1
}

private func isTimeByte(_ byte: UInt8) -> Bool {
  (48...57).contains(byte) || ":-/.,+tz".utf8.contains(byte)
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

/// `claude: …`, `[claude] …`, `claude | …`: a name that only says who speaks.
private func introduces(_ rest: ArraySlice<UInt8>) -> Bool {
  guard let next = rest.drop(while: { $0 == 32 }).first else { return false }
  return ":]|>".utf8.contains(next)
}
