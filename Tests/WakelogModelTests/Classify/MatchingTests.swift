import Testing

@testable import WakelogModel

@Suite struct MatchingTests {
  @Test(arguments: [
    ("session not found", "Error: Session  Not\tFound", true),
    ("session @ not found", "session \"a-1\" not found", true),
    ("session @ not found", "session id: a-1 not found", true),
    ("session @ not found", "session one two three not found", false),
    ("session @ not found", "session not found", false),
    ("exceeds*window", "exceeds the model's context window", true),
    ("exceeds * window", "exceeds window", true),
    ("exceeds*window", "the window it exceeds", false),
    ("<load>", "overload", false),
    ("<load>", "the load is high", true),
    ("<tpm>", "limit of 3 TPM", true),
    ("<tpm>", "tpm_limit", false),
    ("^terminated$", "Error: Terminated.", true),
    ("^terminated$", "the user terminated it", false),
    ("daily && spend", "spend limit, daily", true),
    ("daily && spend", "daily limit", false),
    ("a*b*c", "c b a b c", true),
    ("a*b*c", "c b a", false),
  ])
  func patternsFindWhatTheySay(pattern: String, text: String, found: Bool) {
    #expect(finds(pattern, text) == found)
  }

  @Test func aPatternNeverCrossesALine() {
    #expect(!finds("session*not found", "session\nnot found"))
  }

  @Test func coloursAndTypographyDoNotHide() {
    #expect(finds("can't resume", "\u{1b}[31mCan\u{1b}[0m\u{2019}t\u{a0}resume"))
    #expect(finds("busy", "\u{1b}]0;title\u{7}busy"))
  }

  @Test(
    arguments: [
      ("503 Service Unavailable", 503), ("529 API is busy", 529), ("HTTP 402: no", 402),
      ("HTTP/1.1 500", 500), ("status: 402", 402), ("{\"code\":429,", 429),
      ("got a 402 from the API", 402),
      ("API Error: 500 whatever", 500), ("521 <!DOCTYPE html>", 521), ("502 {\"a\":1}", 502),
      ("Request failed with status code 401", 401), ("(HTTP 429)", 429), ("error code 402", 402),
    ] as [(String, Int64)])
  func aStatusIsOneWhereItIsStated(text: String, status: Int64) {
    #expect(statedStatus(in: NormalText(text)) { _ in true } == status)
  }

  @Test(arguments: [
    "402 items found", "room 402", "CHE-402", "#402", "4.402", "402%", "line 500 of 501",
    "returned 402 records", "429", "took 500 ms", "x402", "HTTP 200 OK", "HTTP 302", "1402 errors",
    "Error: 402 items failed", "402 Main Street", "zip code 402 is fine", "$402", "500,000 errors",
    "## Errors\n\n503 Service Unavailable\n\n## More",
  ])
  func aBareNumberIsNoStatus(text: String) {
    #expect(statedStatus(in: NormalText(text)) { _ in true } == nil)
  }

  private func finds(_ pattern: String, _ text: String) -> Bool {
    let normal = NormalText(text)
    let compiled = Pattern(pattern)
    let found = normal.lines.contains { compiled.match(in: normal, $0) != nil }
    #expect(!found || compiled.isPossible(in: normal), "the filter hides a match")
    return found
  }
}
