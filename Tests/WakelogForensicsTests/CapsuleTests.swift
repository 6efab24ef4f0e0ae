import Testing
import WakelogModel
import WakelogStore

@testable import Wakelog
@testable import WakelogForensics

/// A log of three sessions, one of which is handed over.
@Suite struct CapsuleTests {
  let place = Place()

  init() throws {
    let engine = try place.engine()
    defer { engine.close() }
    let policy: JSONValue = ["name": "mine", "version": 1]
    try engine.ask("policy", ["adopt": policy, "at": .integer(Self.start)])
    for (round, session) in ["ann", "bob", "cyd", "bob", "ann", "bob", "cyd"].enumerated() {
      try Self.run(engine, session, round)
    }
  }

  private static let start: Int64 = 1_768_000_000_000

  private static func id(of session: String) -> String { "0b6f-secret-id-of-\(session)" }

  /// A run whose display id, parameters, scope and output speak of the provider's id.
  private static func run(_ engine: Engine, _ session: String, _ round: Int) throws {
    let at = start + Int64(round + 1) * 3_600_000
    let id = id(of: session)
    let wake = try engine.ask(
      "wake",
      [
        "session": .string(session), "agent": .string("agent of \(session)"),
        "provider": "claude", "source": "message", "at": .integer(at),
        "scope": .string("go on with \(id)"),
      ])
    try engine.ask(
      "finish",
      [
        "attempt": wake["attempt"]!, "fence": wake["fence"]!, "at": .integer(at + 1000),
        "exitCode": 0, "turns": 2, "sessionId": .string(id), "displayId": .string(id),
        "params": ["path": .string("/tmp/\(id)")],
        "stdout": .string("printed by \(session) for \(session == "cyd" ? id : "nobody else")"),
      ])
  }

  private func capsule(
    _ change: (inout CapsuleChoice, IncidentLog) throws -> Void = {
      $0.sessions = [try $1.session("bob")]
    }
  ) throws -> (lines: [String], summary: Capsule.Summary) {
    let log = try place.look()
    defer { log.close() }
    var choice = CapsuleChoice()
    try change(&choice, log)
    var bytes: [UInt8] = []
    let summary = try log.capsule(choice) { bytes += $0 }
    let text = String(decoding: bytes, as: UTF8.self)
    return (text.split(separator: "\n").map(String.init), summary)
  }

  private func check(_ lines: [String], expecting: String? = nil) throws -> Capsule.Check {
    var rest = lines[...]
    return try Capsule.check(expecting: expecting) { rest.popFirst().map { Array($0.utf8) } }
  }

  /// The lines with their end made anew, as somebody with the skill would.
  private func ended(_ lines: [String]) -> [String] {
    let stream = Digest.Stream()
    for line in lines.dropLast() {
      Array((line + "\n").utf8).withUnsafeBytes { stream.update($0) }
    }
    return lines.dropLast() + [(["end": .hexadecimal(stream.finish())] as JSONValue).text]
  }

  /// A line's object changed.
  private func change(
    _ lines: [String], _ index: Int, _ body: (inout JSONObject) -> Void
  ) throws -> [String] {
    var object = try #require(try JSONParser.parse(lines[index]).object)
    body(&object)
    var lines = lines
    lines[index] = JSONValue.object(object).text
    return ended(lines)
  }

  private func index(
    _ lines: [String], last: Bool = false, _ holds: (JSONValue) -> Bool
  ) throws -> Int {
    let values = try lines.map { try JSONParser.parse($0) }
    return try #require(last ? values.lastIndex(where: holds) : values.firstIndex(where: holds))
  }

  @Test func `a capsule of one session of three verifies`() throws {
    let (lines, summary) = try capsule()
    let found = try check(lines, expecting: summary.digest)
    #expect(found.firstBad == nil)
    #expect(found.events == summary.events && found.commits == summary.commits)
    #expect(found.seal == summary.seal && found.shortened == summary.shortened)
    #expect(found.withheld == 3 && summary.withheld == 3)
    let shown = try lines.map { try JSONParser.parse($0) }.compactMap { $0["is"] }
    #expect(shown.count == Int(summary.events))
    #expect(Set(shown.compactMap { $0["session"]?.string }) == ["bob"])
    #expect(shown.first?["kind"] == "policy.adopted")
    #expect(shown.filter { $0["kind"] == "run.finished" }.count == 3)
  }

  @Test func `no id, no evidence and nothing of other sessions stands in it`() throws {
    let text = try capsule().lines.joined(separator: "\n")
    #expect(!text.contains("secret-id") && !text.contains("printed by"))
    for other in ["ann", "cyd"] { #expect(!text.contains(other)) }
    #expect(text.contains("\"0b6f-se…"))
    let kept = try capsule { choice, _ in choice.evidence = true }.lines.joined(separator: "\n")
    #expect(!kept.contains("secret-id") && kept.contains("printed by bob for nobody else"))
  }

  @Test func `with full ids and evidence all of it is there, and verifies`() throws {
    let (lines, summary) = try capsule { choice, _ in
      choice.fullIds = true
      choice.evidence = true
    }
    let found = try check(lines, expecting: summary.digest)
    #expect(found.ok && found.shortened == 0 && found.withheld == 0)
    let text = lines.joined(separator: "\n")
    for session in ["ann", "bob", "cyd"] {
      #expect(text.contains("\"sessionId\":\"\(Self.id(of: session))\""))
      #expect(text.contains("printed by \(session)"))
    }
    let log = try place.look()
    defer { log.close() }
    #expect(found.events == log.last.value)
  }

  @Test func `evidence is held to its digest, and left out where it tells an id`() throws {
    let (lines, _) = try capsule { choice, _ in choice.evidence = true }
    let line = try index(lines) { $0["event"] != nil && $0["evidence"] != nil }
    let changed = try change(lines, line) { $0["evidence"] = "nothing was printed" }
    #expect(try check(changed).firstBad?.because.contains("evidence") == true)
    #expect(try check(changed).firstBad?.line == line + 1)
    let (telling, summary) = try capsule { choice, log in
      choice.sessions = [try log.session("cyd")]
      choice.evidence = true
    }
    #expect(summary.withheld == 2 && !telling.joined().contains("secret-id"))
  }

  @Test func `times narrow it, and the commits between are passed over`() throws {
    let (lines, summary) = try capsule { choice, log in
      choice.sessions = [try log.session("bob")]
      choice.since = Instant(milliseconds: Self.start + 5 * 3_600_000)
    }
    #expect(try check(lines, expecting: summary.digest).ok)
    let values = try lines.map { try JSONParser.parse($0) }
    let kinds = values.compactMap { $0["is"]?["kind"]?.string }
    #expect(kinds.filter { $0 == "run.finished" }.count == 1 && kinds.first == "policy.adopted")
    // The texts of earlier commits are proven by them; those of no use are two hashes.
    #expect(values.contains { $0["holds"] == [] })
    #expect(throws: WakelogError.self) {
      try capsule { choice, _ in choice.until = Instant(milliseconds: 1) }
    }
  }

  @Test func `a flipped byte in a frame names the event`() throws {
    let (lines, _) = try capsule()
    let line = try index(lines, last: true) { $0["is"] != nil }
    let sequence = try JSONParser.parse(lines[line])["event"]?.integer
    for position in [0, 9, 30] {
      let changed = try change(lines, line) { object in
        var frame = object["frame"]!.hexadecimal!
        frame[position] ^= 4
        object["frame"] = .hexadecimal(frame)
      }
      let bad = try #require(try check(changed).firstBad)
      #expect(bad.sequence.map(Int64.init) == sequence && bad.line == line + 1)
    }
  }

  // Whoever forges a frame can make its checksum and what it reads as; not the seal.
  @Test func `a forged event with a good checksum breaks the seal of its commit`() throws {
    let (lines, _) = try capsule()
    let donor = try index(lines) { $0["is"]?["kind"] == "run.finished" }
    let event = try JSONParser.parse(lines[donor])
    let sequence = UInt64(event["event"]!.integer!)
    let other = try Place().forgedFrame(like: event["frame"]!.hexadecimal!, sequence)
    var texts = CapsuleTexts()
    for line in lines {
      let value = try JSONParser.parse(line)
      guard let bytes = CapsuleBytes.read(value["text"] ?? value["short"]) else { continue }
      texts.add(UInt8(value["of"]!.integer!), UInt32(value["symbol"]!.integer!), bytes)
    }
    let agent = event["is"]!["agent"]!
    let record = try ForeignFrame(other, sequence).record
    let shown = texts.json(record, sequence).with(["agent": agent])
    let changed = try change(lines, donor) { object in
      object["frame"] = .hexadecimal(other)
      object["is"] = shown
    }
    let bad = try #require(try check(changed).firstBad)
    #expect(bad.because.contains("not those sealed"))
    let commit = try index(lines) { value in
      value["commit"].map { $0.integer! <= sequence && value["last"]!.integer! >= sequence }
        ?? false
    }
    #expect(
      bad.sequence.map(Int64.init) == (try JSONParser.parse(lines[commit])["commit"]?.integer))
  }

  @Test func `an event that is dropped is named, in the middle and at the end of its commit`()
    throws
  {
    let (lines, _) = try capsule()
    for line in lines.indices where lines[line].hasPrefix("{\"event\"") {
      let sequence = try JSONParser.parse(lines[line])["event"]?.integer
      var rest = lines
      rest.remove(at: line)
      let bad = try #require(try check(ended(rest)).firstBad)
      #expect(bad.sequence.map(Int64.init) == sequence && bad.because == "The event is missing.")
    }
  }

  @Test func `a commit that is dropped is named`() throws {
    let (lines, _) = try capsule()
    let second = try index(lines) { ($0["commit"]?.integer ?? 0) > 1 }
    let third = try index(lines) {
      ($0["commit"]?.integer ?? 0) > (try! JSONParser.parse(lines[second])["commit"]!.integer!)
    }
    var rest = lines
    rest.removeSubrange(second..<third)
    let bad = try #require(try check(ended(rest)).firstBad)
    #expect(
      bad.sequence.map(Int64.init) == (try JSONParser.parse(lines[second])["commit"]?.integer))
  }

  @Test func `a changed text, key or digest of a symbol is found where it stands`() throws {
    let (lines, _) = try capsule()
    let line = try index(lines) { $0["text"] == "bob" }
    let text = try check(try change(lines, line) { $0["text"] = "rob" })
    #expect(text.firstBad?.line == line + 1)
    #expect(text.firstBad?.because.contains("not the one that was sealed") == true)
    let other = try index(lines) { $0["symbol"] != nil && $0["text"] == nil && $0["short"] == nil }
    let digest = try check(
      try change(lines, other) { $0["digest"] = .hexadecimal([UInt8](repeating: 1, count: 32)) })
    #expect(digest.firstBad?.because == "The symbols are not those sealed.")
    // A text with another key and the digest of both: a forgery that the seal alone finds.
    let key = [UInt8](repeating: 7, count: 16)
    let forged = try change(lines, line) { object in
      object["text"] = "rob"
      object["key"] = .hexadecimal(key)
      object["digest"] = .hexadecimal(SymbolSeal.digest(key: key, of: Array("rob".utf8))!)
    }
    #expect(try check(forged).ok == false)
  }

  @Test func `a changed seal names its commit`() throws {
    let (lines, _) = try capsule()
    for line in lines.indices where lines[line].hasPrefix("{\"commit\"") {
      for name in ["seal", "events", "symbols"] {
        let changed = try change(lines, line) { object in
          var bytes = object[name]!.hexadecimal!
          bytes[31] ^= 1
          object[name] = .hexadecimal(bytes)
        }
        let bad = try #require(try check(changed).firstBad)
        let first = try JSONParser.parse(lines[line])["commit"]?.integer
        #expect(bad.sequence.map(Int64.init) == first && bad.because.contains("seal"))
      }
    }
  }

  @Test func `what no seal covers is covered by the digest`() throws {
    let (lines, summary) = try capsule()
    let short = try index(lines) { $0["short"]?["sessionId"] != nil }
    var first = lines
    first[0] = first[0].replacing("\"evidence\":false", with: "\"evidence\":true")
    #expect(try check(first).firstBad?.because.contains("its digest is another") == true)
    // Made anew as a whole it agrees with itself, and not with the digest that was told.
    let anew = ended(first)
    #expect(try check(anew).ok)
    #expect(try check(anew, expecting: summary.digest).ok == false)
    #expect(try check(try change(lines, short) { $0["note"] = "innocent" }).ok == false)
    for count in lines.indices { #expect(try check(Array(lines.prefix(count))).ok == false) }
    #expect(try check(lines + [lines[1]]).ok == false)
  }

  @Test func `an event shown as what it is not is named`() throws {
    let (lines, _) = try capsule()
    let line = try index(lines) { $0["is"]?["kind"] == "run.finished" }
    let changed = try change(lines, line) { object in
      object["is"] = object["is"]!.with(["outcome": "failed"])
    }
    let bad = try #require(try check(changed).firstBad)
    #expect(bad.because == "The event is shown as what it is not." && bad.line == line + 1)
  }

  @Test func `a digest tells nothing of a short text without the log's secret`() throws {
    let other = try Place().capsuleOfOneRun()
    let again = try Place().capsuleOfOneRun()
    #expect(Set(other).isDisjoint(with: again) && other.count > 2)
  }

  @Test func `redacted evidence leaves the chain and the capsule as they were`() throws {
    let engine = try place.engine()
    var finished: UInt64 = 0
    try engine.forEachEvent { event in
      if event.body.kind == .attemptFinished { finished = event.sequence.value }
      return true
    }
    let redact: JSONValue = [
      "seq": .integer(Int64(finished)), "by": "eve", "why": "secrets",
      "at": .integer(Self.start + 9 * 3_600_000),
    ]
    #expect(try engine.ask("redact", redact)["redacted"] == true)
    let verified = try engine.verify()
    engine.close()
    #expect(verified["ok"] == true && verified["redacted"] == 1)
    let (lines, summary) = try capsule { choice, _ in
      choice.evidence = true
      choice.fullIds = true
    }
    let found = try check(lines, expecting: summary.digest)
    #expect(found.ok && found.withheld == 1)
    #expect(found.seal == verified["seal"]?.string)
  }
}

extension Place {
  /// A frame with a good checksum, whose record differs in its last byte.
  fileprivate func forgedFrame(like frame: [UInt8], _ sequence: UInt64) throws -> [UInt8] {
    var record = try ForeignFrame(frame, sequence).record
    record[record.count - 1] ^= 1
    let log = try Log.open(log)
    defer { log.close() }
    try log.write { transaction in
      for _ in 1..<sequence { try transaction.append([UInt8]().span.bytes) }
      try transaction.append(record.span.bytes)
    }
    return try log.read { try $0.frame(sequence) }
  }

  /// The digests of the symbols of a log that is always the same.
  fileprivate func capsuleOfOneRun() throws -> [String] {
    let engine = try engine()
    _ = try engine.ask(
      "wake",
      [
        "session": "s", "agent": "a", "provider": "claude", "source": "message",
        "at": "1970-01-01T00:00:00.001Z",
      ])
    engine.close()
    let log = try look()
    defer { log.close() }
    var digests: [String] = []
    _ = try log.capsule(CapsuleChoice()) { line in
      let value = try JSONParser.parse(String(decoding: line, as: UTF8.self))
      if value["symbol"] != nil { digests.append(value["digest"]!.string!) }
    }
    return digests
  }
}
