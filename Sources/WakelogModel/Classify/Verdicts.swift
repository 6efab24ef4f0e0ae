/// How strictly the session family is read.
enum SessionReading {
  /// A failed attempt that took no turn: every text counts where it stands.
  case open
  /// A failed attempt that took turns: only what resuming would meet again, on lines of the CLI's
  /// own.
  case afterTurns
  /// An attempt with exit code 0 and output: only that the CLI does not know the session, in texts
  /// that mean nothing else, open their line, and are no other CLI's. A tool may print any others.
  case besideAnswer
}

extension Evidence {
  /// The first entry that applies, if any.
  func verdict(
    _ traces: Traces, _ reading: SessionReading,
    where isWanted: (FailureEntry) -> Bool = { _ in true }
  ) -> FailureEntry? {
    let provider = traces.provider?.lowercased()
    func applies(_ entry: FailureEntry) -> Bool {
      isWanted(entry) && mayDecide(entry, provider, reading)
        && holds(entry, provider, traces.exitCode)
        && isFound(entry, reading)
    }
    return taught.first(where: applies) ?? FailureTable.entries.first(where: applies)
  }

  private func mayDecide(
    _ entry: FailureEntry, _ provider: String?, _ reading: SessionReading
  ) -> Bool {
    guard entry.kind.family == .session else { return reading != .besideAnswer }
    switch reading {
    case .open: return true
    case .afterTurns: return entry.kind == .contextOverflow || entry.kind == .poisonedSession
    case .besideAnswer:
      guard entry.isCertain, entry.kind == .unknownSession || entry.kind == .malformedSession else {
        return entry.id == FailureEntry.taughtId
      }
      guard let provider, let owner = entry.cli,
        FailureEntry.clis.contains(where: { isNamed(provider, $0) })
      else { return true }
      return isNamed(provider, owner)
    }
  }

  private func holds(_ entry: FailureEntry, _ provider: String?, _ exitCode: Int64?) -> Bool {
    if !entry.providers.isEmpty {
      guard let provider, entry.providers.contains(where: { isNamed(provider, $0) }) else {
        return false
      }
    }
    if !entry.statuses.isEmpty {
      guard let status, entry.statuses.contains(where: { $0.contains(status) }) else {
        return false
      }
    }
    if !entry.exitCodes.isEmpty {
      guard let exitCode, entry.exitCodes.contains(exitCode) else { return false }
    }
    return true
  }

  private func isFound(_ entry: FailureEntry, _ reading: SessionReading) -> Bool {
    if entry.codes.isEmpty && entry.patterns.isEmpty { return true }
    if entry.codes.contains(where: codes.contains) { return true }
    return passages.contains { passage in
      entry.streams.contains(passage.stream)
        && entry.compiled.contains { pattern in
          pattern.isPossible(in: passage.text)
            && passage.text.lines.contains { line in
              mayCount(line, passage) && matches(pattern, entry, line, passage, reading)
            }
        }
    }
  }

  private func matches(
    _ pattern: Pattern, _ entry: FailureEntry, _ line: NormalText.Line, _ passage: Passage,
    _ reading: SessionReading
  ) -> Bool {
    let text = passage.text
    guard let start = pattern.match(in: text, line) else { return false }
    guard !entry.compiledExclude.contains(where: { $0.match(in: text, line) != nil }) else {
      return false
    }
    guard entry.kind.family == .session, passage.stream != .structured else { return true }
    let offset = max(0, start - line.content)
    let isQuoted = isQuoted(start, line, text)
    switch (reading, passage.stream) {
    case (.besideAnswer, _): return offset == 0 || line.opensAsError
    // A line of an output that opens as an error counts whole.
    case (_, .stdout):
      if entry.id == FailureEntry.taughtId, reading == .open { return true }
      return (line.opensAsError || offset <= Self.nearStartOfOutput) && !isQuoted
    case (.afterTurns, _):
      return (line.opensAsError || offset <= Self.nearStart) && !isQuoted
    case (.open, _): return true
    }
  }

  /// Whether a match is somebody's quotation. Providers put the names of their members in backticks,
  /// and a line that opens as an error may go on with the body of an answer: neither is one.
  private func isQuoted(_ start: Int, _ line: NormalText.Line, _ text: NormalText) -> Bool {
    guard start > line.start else { return false }
    let mark = text.bytes[start - 1]
    guard "\"'`".utf8.contains(mark) else { return false }
    guard line.opensAsError, mark != UInt8(ascii: "'") else { return true }
    if mark == UInt8(ascii: "`") { return false }
    return start - 2 < line.content || text.bytes[start - 2] != UInt8(ascii: ":")
  }
}

/// Whether a host's name for a provider, in lower case, means the one of that name:
/// `github-copilot`, `codex_local` and `claude-agent-acp` do, `copilot` is not `pi`.
func isNamed(_ provider: String, _ name: String) -> Bool {
  provider.utf8.split { !isWordByte($0) || $0 == 95 }.contains { word in
    word.elementsEqual(name.utf8) || (name.utf8.count > 4 && word.starts(with: name.utf8))
  }
}
