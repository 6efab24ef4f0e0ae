import Testing
import WakelogModel
import WakelogTesting

@Suite struct FuzzTests {
  /// The words that the table looks for, so that random texts come near to matching.
  private static let words =
    FailureTable.entries.flatMap(\.patterns).flatMap { $0.split(separator: " ").map(String.init) }
    + [
      "{", "}", "\"", "\n", "Error:", "402", "HTTP", "session", "{\"type\":\"error\",", "##",
      "\u{1b}[",
    ]

  @Test(arguments: 0..<300)
  func anyTracesAreClassifiedTheSameWayTwice(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var traces = Traces(
      provider: ["claude", "codex", "gemini", nil].randomElement(using: &random)!,
      exitCode: [nil, 0, 1, -9, 137, .min, .max].randomElement(using: &random)!,
      signal: [nil, 0, 9, .min].randomElement(using: &random)!,
      stdout: text(&random), stderr: text(&random), message: text(&random),
      status: [nil, 0, 402, 503, .max].randomElement(using: &random)!,
      errorCode: [nil, "", "ECONNRESET", "429"].randomElement(using: &random)!,
      turns: [nil, 0, 3, .min].randomElement(using: &random)!,
      outcome: (ReportedOutcome.allCases + [nil]).randomElement(using: &random)!,
      resuming: Bool.random(using: &random))
    traces.readStructure(with: TinyJSON.parse)
    let first = classify(traces)
    #expect(first == classify(traces), "seed \(seed)")
    #expect((first.kind == nil) == (first.outcome == .succeeded), "seed \(seed)")
  }

  @Test(arguments: [
    "session ", "{", "[{", "{\"", "402 ", "a", "\n", "session not ", "exceeds exceed ", "error: ",
    "\u{1b}[", "##\n", "{\"type\":\"error\",\"message\":\"x\"}\n", "the session @ session id ",
  ])
  func timeGrowsWithTheTextAndNotFaster(unit: String) {
    let clock = ContinuousClock()
    func duration(_ bytes: Int) -> Duration {
      let text = String(repeating: unit, count: bytes / unit.utf8.count)
      var traces = Traces(exitCode: 1, stdout: text, stderr: text, message: text)
      return clock.measure {
        traces.readStructure(with: TinyJSON.parse)
        _ = classify(traces)
      }
    }
    // Eight times the text; quadratic work would take sixty-four times as long. The machine may be
    // busy with something else, so one quiet measurement of five is enough.
    let isLinear = (0..<5).contains { _ in
      duration(65_536) < max(duration(8_192), .milliseconds(5)) * 32
    }
    #expect(isLinear)
  }

  @Test func textBeyondTheLimitIsCutInTheMiddle() {
    let noise = String(repeating: "x y z\n", count: 200_000)
    let traces = Traces(exitCode: 1, stderr: noise + "No conversation found with session ID: s")
    #expect(classify(traces).kind == .unknownSession)
  }

  private func text(_ random: inout SeededGenerator) -> String {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return ""
    case 1:
      let bytes = (0..<Int.random(in: 0..<600, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      return String(decoding: bytes, as: UTF8.self)
    default:
      return (0..<Int.random(in: 0..<60, using: &random)).map { _ in
        Self.words.randomElement(using: &random)!
      }.joined(separator: " ")
    }
  }
}
