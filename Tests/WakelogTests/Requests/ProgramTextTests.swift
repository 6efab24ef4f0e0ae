import Testing
import WakelogModel

@testable import Wakelog

/// A CLI that printed 2 MiB had its `finish` refused as too large: its run stayed open, and every
/// later wake of the key was coalesced into it.
@Suite struct ProgramTextTests {
  private static let limit = 64 << 10

  private func finish(
    message: String? = nil, stderr: String? = nil, stdout: String? = nil
  ) -> FinishRequest {
    var request = FinishRequest(attempt: 1, fence: "f")
    request.exitCode = 1
    request.turns = 0
    (request.message, request.stderr, request.stdout) = (message, stderr, stdout)
    return request
  }

  private func read(_ request: FinishRequest) throws -> FinishRequest {
    try FinishRequest(json: request.json)
  }

  @Test(arguments: [0, 1, limit - 1, limit]) func `what fits is kept as it is`(length: Int) throws {
    let text = String(repeating: "x", count: length)
    #expect(try read(finish(stdout: text)).stdout == text)
    var output = ProgramOutput()
    output.take(Array(text.utf8)[...])
    #expect(ProgramOutput.texts(of: [output]) == [text])
  }

  @Test(arguments: [limit + 1, 2 << 20]) func `beyond the limit both ends are kept`(
    length: Int
  ) throws {
    let text = "the start" + String(repeating: "x", count: length - 16) + "the end"
    let kept = try #require(try read(finish(stdout: text)).stdout)
    #expect(kept.hasPrefix("the start") && kept.hasSuffix("the end"))
    #expect(kept.utf8.suffix(48 << 10).elementsEqual(text.utf8.suffix(48 << 10)))
    #expect((Self.limit - 64...Self.limit).contains(kept.utf8.count))
    let mark = try #require(kept.firstMatch(of: /\n… ([0-9,]+) bytes cut …\n/))
    let missing = try #require(Int(mark.1.filter { $0 != "," }))
    #expect(missing + kept.utf8.count - mark.0.utf8.count == length)
    #expect(try read(finish(stdout: kept)).stdout == kept, "what is cut is not cut again")
  }

  @Test func `nothing is cut within a character`() throws {
    for character in ["é", "€", "😀"] {
      for shift in 0..<8 {
        let text =
          String(repeating: "x", count: shift) + String(repeating: character, count: 70_000) + "z"
        let kept = try #require(finish(stderr: text).json["stderr"]?.string)
        #expect(!kept.unicodeScalars.contains("\u{FFFD}"))
        #expect(kept.utf8.count <= Self.limit && kept.utf8.count > Self.limit - 80)
        var output = ProgramOutput()
        for start in stride(from: 0, to: text.utf8.count, by: 9_973) {
          output.take(Array(text.utf8.dropFirst(start).prefix(9_973))[...])
        }
        #expect(ProgramOutput.texts(of: [output]) == [kept], "in pieces as at once")
      }
    }
  }

  @Test func `bytes that are no text are replaced, and keep to the limit`() {
    for count in [10, Self.limit / 2, Self.limit, Self.limit + 1, 1 << 20] {
      let noise = [UInt8](repeating: 0xFF, count: count)
      let kept = ProgramText.cut(noise, to: Self.limit)
      #expect(kept.utf8.count <= Self.limit)
      #expect(kept.unicodeScalars.contains("\u{FFFD}"))
      var output = ProgramOutput()
      output.take(noise[...])
      #expect(ProgramOutput.texts(of: [output]) == [kept])
    }
  }

  @Test func `three long texts share the room, and a short one keeps all it has`() throws {
    let long = String(repeating: "x", count: 1 << 20)
    let all = try read(finish(message: long, stderr: long, stdout: long))
    for text in [all.message, all.stderr, all.stdout] {
      #expect((21_700...21_846).contains(text?.utf8.count ?? 0))
    }
    let mixed = try read(finish(message: "short", stderr: long, stdout: long))
    #expect(mixed.message == "short")
    #expect((32_600...32_766).contains(mixed.stderr?.utf8.count ?? 0))
    #expect(ProgramText.shares(of: [5, 0, 1 << 20]) == [5, 0, Self.limit - 5])
  }

  @Test(arguments: [true, false]) func `an error at either end is classified`(isFirst: Bool) throws
  {
    let error = "No conversation found with session ID: 0f3c"
    let noise = String(repeating: "all is well so far, step by step\n", count: 70_000)
    let text = isFirst ? "\(error)\n\(noise)" : "\(noise)\(error)\n"
    var facts = finish(stderr: text).json
    for own in ["attempt", "fence"] { facts[own] = nil }
    facts["provider"] = "claude"
    #expect(try classify(facts: facts)["kind"]?.string == "unknownSession")
    facts["stderr"] = .string(text)
    #expect(try classify(facts: facts)["kind"]?.string == "unknownSession")
  }

  @Test func `a long run ends, and the evidence says what was cut`() throws {
    let place = Place()
    let engine = try place.open()
    for round in 0..<2 {
      let wake = try engine.wake(
        WakeRequest(session: "s", agent: "a", provider: "claude", source: .message))
      var end = finish(stderr: "short", stdout: String(repeating: "é", count: 1 << 20))
      end.attempt = try #require(wake.attempt, "round \(round)")
      end.fence = try #require(wake.fence)
      #expect(try engine.finish(end).outcome == .failed)
    }
    let texts = try (1...UInt64(10)).compactMap { event -> JSONValue? in
      let kept = try engine.evidence(of: event)
      return kept.isNull ? nil : kept
    }
    engine.close()
    #expect(texts.count == 2)
    for text in texts {
      #expect(text["stdoutCut"] == true && text["stderrCut"] == nil && text["stderr"] == "short")
    }
  }
}
