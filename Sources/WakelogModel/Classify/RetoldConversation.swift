/// The part of standard error in which codex retells the conversation, in bytes of the text; nil
/// where there is none.
///
/// Without `--json`, codex prints prompt, answers, commands and what they printed on standard error,
/// and its own errors behind them. What stands in a prompt or in a file that the agent looked at is
/// no error of the attempt, however it reads.
func retoldConversation(in text: String) -> Range<Int>? {
  if text.isEmpty { return nil }
  let bytes = Array(text.utf8)
  var hasHeader = false
  var start: Int?
  // The first error of codex's own behind the last one who speaks.
  var end: Int?
  var lineStart = 0
  while lineStart < bytes.count {
    var lineEnd = lineStart
    while lineEnd < bytes.count, bytes[lineEnd] != 10 { lineEnd += 1 }
    let line = bytes[lineStart..<lineEnd]
    if line.starts(with: header) { hasHeader = true }
    if hasHeader, speakers.contains(where: { line.elementsEqual($0) }) {
      if start == nil { start = lineStart }
      end = nil
    } else if start != nil, end == nil, line.starts(with: ownError) {
      end = lineStart
    }
    lineStart = lineEnd + 1
  }
  return start.map { $0..<(end ?? bytes.count) }
}

private let header = Array("OpenAI Codex v".utf8)
private let ownError = Array("ERROR: ".utf8)
private let speakers = ["user", "codex", "thinking", "exec"].map { Array($0.utf8) }
