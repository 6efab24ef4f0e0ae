/// The texts of an attempt, each with the lines that may count as a report of failure.
struct Evidence {
  /// One text.
  struct Passage {
    var stream: TraceStream
    var text: NormalText
  }

  /// Plain standard output counts up to this many bytes: more of it is an answer, not an error
  /// line.
  static let shortOutput = 300
  /// Up to this many bytes, the first paragraph counts where it is one line that opens as an error.
  static let longReport = 2_048
  /// Longer lines count only when they open as an error does: they are prose, or data.
  static let longLine = 512
  /// How far into its line's own words a match may begin where quotations are to be feared.
  static let nearStart = 24
  /// The same on standard output, where an answer would stand.
  static let nearStartOfOutput = 12

  var passages: [Passage] = []
  var codes: Set<String>
  var status: Int64?
  /// Model turns, as given or as the documents prove them.
  var turns: Int64?
  var reading = StructureReading()
  /// Whether anything but an error was printed.
  var hasOutput = false
  /// Entries of the caller's own, which come before the table's.
  var taught: [FailureEntry] = []

  init(_ given: Traces) {
    var traces = given
    let retold = retoldConversation(in: traces.stderr)
    if let retold {
      traces.structured.removeAll { $0.stream == .stderr && retold.overlaps($0.bytes) }
    }
    traces.removeShownDocuments(hasConversation: retold != nil)
    reading = StructureReading(turns: traces.turns)
    for document in traces.structured { reading.read(document) }
    codes = Set(reading.codes)
    add(reading.errors.joined(separator: "\n"), .structured)
    if let code = traces.errorCode {
      codes.insert(code.lowercased())
      add(code, .errorCode)
    }
    add(traces.message, .message, traces)
    add(traces.stderr, .stderr, traces, without: retold)
    let output = NormalText(traces.stdout, without: Self.ranges(.stdout, traces))
    hasOutput = reading.hasAnswer || output.lines.contains { !isStatistics(output, $0) }
    turns = traces.turns ?? reading.turns
    if let report = report(in: output) {
      passages.append(Passage(stream: .stdout, text: report))
    }
    status = Self.given(traces) ?? reading.status ?? stated()
  }

  /// Whether model turns were taken.
  var entered: Bool { turns ?? 0 > 0 }

  private mutating func add(
    _ text: String, _ stream: TraceStream, _ traces: Traces? = nil,
    without omitted: Range<Int>? = nil
  ) {
    var ranges = traces.map { Self.ranges(stream, $0) } ?? []
    if let omitted {
      ranges.append(omitted)
      ranges.sort { $0.lowerBound < $1.lowerBound }
    }
    let normal = NormalText(text, without: ranges)
    if !normal.isBlank { passages.append(Passage(stream: stream, text: normal)) }
  }

  /// The part of plain output that may be an error report.
  ///
  /// All of it when it is short and no turn was taken. Else the first line, when that opens as an
  /// error and is a paragraph: what an assistant says after its turns, or at length, does not count.
  private func report(in output: NormalText) -> NormalText? {
    guard let first = output.lines.first else { return nil }
    if output.bytes.count <= Self.shortOutput, !entered { return output }
    guard first.opensAsError, first.endsParagraph, output.bytes.count <= Self.longReport else {
      return nil
    }
    return output.firstLine
  }

  private static func ranges(_ stream: TraceStream, _ traces: Traces) -> [Range<Int>] {
    traces.structured.filter { $0.stream == stream }.map(\.bytes)
      .sorted { $0.lowerBound < $1.lowerBound }
  }

  private static func given(_ traces: Traces) -> Int64? {
    if let status = traces.status, (400...599).contains(status) { return status }
    guard let code = traces.errorCode, code.utf8.count == 3, let status = Int64(code) else {
      return nil
    }
    return (400...599).contains(status) ? status : nil
  }

  private func stated() -> Int64? {
    for passage in passages {
      if let status = statedStatus(in: passage.text, lines: { mayCount($0, passage) }) {
        return status
      }
    }
    return nil
  }

  /// Whether a line may report a failure at all.
  func mayCount(_ line: NormalText.Line, _ passage: Passage) -> Bool {
    if line.opensAsError { return true }
    if passage.text.isEssay { return false }
    if passage.stream == .structured || passage.stream == .errorCode { return true }
    let words = passage.text.bytes[line.content..<line.end]
    if opensAsAccount(words) { return false }
    if line.end - line.start <= Self.longLine { return true }
    return words.first.map { (48...57).contains($0) || $0 == UInt8(ascii: "{") } ?? false
  }
}

/// How somebody begins who tells what they did: errors of programs do not.
private let accounts = [
  "i ", "i've ", "i'm ", "i'll ", "let's ", "sure", "fixed ", "added ", "updated ", "implemented ",
  "here's ", "here is ", "done", "now ",
].map { Array($0.utf8) }

private func opensAsAccount(_ words: ArraySlice<UInt8>) -> Bool {
  accounts.contains { words.starts(with: $0) }
}

/// The figures that CLIs print behind an answer, and print alone where there was none.
private let statistics = [
  "^changes +* -*", "^ai units *", "^tokens * (cached)", "^tokens *\u{2191}*\u{2193}",
  "^total usage est", "^total duration (", "^total code changes", "^total session time",
  "^api time spent", "^usage by model", "^requests * premium", "^premium requests:",
].map(Pattern.init)

func isStatistics(_ text: NormalText, _ line: NormalText.Line) -> Bool {
  statistics.contains { $0.match(in: text, line) != nil }
}
