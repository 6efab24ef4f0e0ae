import Testing

@testable import WakelogModel

@Suite struct StructureTests {
  @Test(
    arguments: [
      ("", []), ("no json", []), ("{\"a\":1}", ["{\"a\":1}"]),
      ("log\n{\"a\":1}\r\n  {\"b\":2}\n", ["{\"a\":1}", "{\"b\":2}"]),
      ("{\n  \"a\": \"}\"\n}\nrest", ["{\n  \"a\": \"}\"\n}"]),
      ("[error] x", []), ("[{\"a\":1}]", ["[{\"a\":1}]"]), ("{\"a\":1} trailing", []),
      ("{ open\n{\"a\":1}", ["{\"a\":1}"]), ("{\"a\":\"\\\"{\"}", ["{\"a\":\"\\\"{\"}"]),
    ] as [(String, [String])])
  func candidatesAreWhatMayBeJSON(text: String, candidates: [String]) {
    let found = structuredCandidates(in: text)
    #expect(found.map(\.text) == candidates)
    let bytes = Array(text.utf8)
    for candidate in found {
      #expect(String(decoding: bytes[candidate.bytes], as: UTF8.self) == candidate.text)
    }
  }

  @Test func textBesideADocumentStaysPlain() {
    var traces = Traces(provider: "codex", exitCode: 1)
    traces.stderr = "{\"level\":\"info\",\"msg\":\"session not found\"}\nunknown thread 7"
    #expect(classify(traces.read()).because == "session.unknown.named")
    traces.stderr = "{\"level\":\"info\",\"msg\":\"session not found\"}"
    #expect(classify(traces.read()).kind == .unclassified)
  }

  /// What looks like JSON and is none is read as the text it is.
  @Test func whatDoesNotParseStaysPlain() {
    let traces = Traces(exitCode: 1, stderr: "{ message: \"Session not found: ses_1\" }")
    #expect(traces.read().structured.isEmpty)
    #expect(classify(traces.read()).kind == .unknownSession)
  }

  @Test func turnsGivenBeatTurnsRead() {
    let stdout = "{\"type\":\"assistant\",\"message\":{\"role\":\"assistant\",\"content\":[]}}"
    #expect(classify(Traces(exitCode: 1, stdout: stdout).read()).kind == .agentError)
    #expect(classify(Traces(exitCode: 1, stdout: stdout, turns: 0).read()).kind == .unclassified)
  }
}
