import Foundation
import Testing
import WakelogModel

@testable import Wakelog

/// One flipped bit in the table of names, and a condemned id was offered again, or a key answered
/// with another's session: 90 of 19,240 flips gave a wrong answer, and only `verify` knew.
///
/// Every byte of a small log that uses every table is flipped, by one bit and whole, and the engine
/// is asked what it was asked of the sound log: the answer is the same, or an error.
/// `WAKELOG_FLIPS=all` takes every byte, some minutes; else every sixteenth is.
@Suite struct FlipTests {
  let place = Place()

  private static let start: Int64 = 1_800_000_000_000

  private static var stride: Int {
    ProcessInfo.processInfo.environment["WAKELOG_FLIPS"] == "all" ? 1 : 16
  }

  private func wake(_ session: String, _ seconds: Int64) -> JSONValue {
    [
      "session": .string(session), "agent": "ada", "provider": "claude", "source": "message",
      "at": .integer(Self.start + seconds * 1_000),
    ]
  }

  /// A log of a few dozen events with names, evidence, replies, a policy and a checkpoint.
  private func makeLog() throws -> Data {
    let engine = try place.open { $0.checkpointEventsAtClosing = 1 }
    for number in 0..<6 {
      let at = Int64(number) * 100
      let session = number == 5 ? String(repeating: "long ", count: 130) : "s\(number)"
      let woken = try engine.ask("wake", wake(session, at).with(["key": .string("wake \(number)")]))
      let dead = number == 0
      let finish: JSONValue = [
        "attempt": woken["attempt"]!, "fence": woken["fence"]!, "turns": dead ? 0 : 1,
        "exitCode": dead ? 1 : 0, "at": .integer(Self.start + at * 1_000 + 5_000),
        "key": .string("end \(number)"),
      ]
      let stderr: JSONValue = ["stderr": "No conversation found with session ID: dead-1"]
      let id: JSONValue = ["sessionId": .string("id-\(number)")]
      try engine.ask("finish", finish.with(dead ? stderr : id).with(["stdout": "printed"]))
    }
    let dead = try engine.ask(
      "wake", wake("s0", 900).with(["resume": "dead-1", "forceFresh": false]))
    try engine.ask(
      "finish",
      [
        "attempt": dead["attempt"]!, "fence": dead["fence"]!, "turns": 0, "exitCode": 1,
        "stderr": "No conversation found with session ID: dead-1",
        "at": .integer(Self.start + 905_000),
      ])
    try engine.ask("policy", ["adopt": Policy.builtIn(named: "archon")!.json])
    try engine.ask("redact", ["seq": .integer(4), "by": "eve", "why": "secret"])
    engine.close()
    return try Data(contentsOf: URL(fileURLWithPath: place.log + "/data.mdb"))
  }

  /// What is asked of every log, and changes as little of it as can be.
  private var questions: [(method: String, params: JSONValue)] {
    var questions: [(String, JSONValue)] = [
      ("sessions", ["limit": 100]), ("agents", [:]), ("events", ["limit": 200]),
      ("session", ["session": "s4"]), ("session", ["session": "nobody's"]),
      ("session", ["session": .string(String(repeating: "long ", count: 130))]),
      ("run", ["run": 1]), ("why", ["session": "s1"]), ("policy", [:]),
      ("wake", wake("s3", 300).with(["key": "wake 3"])),
      ("wake", wake("s9", 2_000).with(["resume": "dead-1"])),
      ("wake", wake("s2", 2_001)),
      ("wake", wake("new", 2_002).with(["key": "a new call"])),
    ]
    for number in 0..<5 { questions.append(("session", ["session": .string("s\(number)")])) }
    return questions
  }

  private func answers() -> [String] {
    func answer(_ body: () throws -> JSONValue) -> String {
      do {
        return try body().text
      } catch let error as WakelogError {
        return error.code == .corrupt ? "corrupt" : "\(error.code.rawValue): \(error.message)"
      } catch {
        return "\(error)"
      }
    }
    do {
      let engine = try place.open { $0.checkpointEventsAtClosing = .max }
      defer { engine.close() }
      var found = questions.map { question in
        answer { try engine.ask(question.method, question.params) }
      }
      found += (1...20).map { sequence in answer { try engine.evidence(of: sequence) } }
      found.append(answer { .string(try engine.stateHash()) })
      return found
    } catch {
      return [error.code == .corrupt ? "corrupt" : "\(error)"]
    }
  }

  private func put(_ data: Data) throws {
    try data.write(to: URL(fileURLWithPath: place.log + "/data.mdb"))
  }

  @Test func `no flipped bit changes an answer`() throws {
    let data = try makeLog()
    try put(data)
    let sound = answers()
    #expect(!sound.contains("corrupt"))
    try put(data)
    #expect(answers() == sound, "the answers are the same each time")
    var wrong = 0
    var noticed = 0
    for at in Swift.stride(from: 0, to: data.count, by: Self.stride) {
      for mask in [UInt8(1) << UInt8((at + at / 16) % 8), 0xFF] {
        var flipped = data
        flipped[at] ^= mask
        try put(flipped)
        let found = answers()
        if found.contains("corrupt") { noticed += 1 }
        let differs =
          found.count == sound.count
          ? zip(found, sound).first { $0 != $1 && $0 != "corrupt" }
          : found == ["corrupt"] ? nil : (found[0], "an opened log")
        guard let differs else { continue }
        wrong += 1
        if wrong <= 20 {
          Issue.record("byte \(at) of \(data.count), \(mask): \(differs.0) instead of \(differs.1)")
        }
      }
    }
    #expect(wrong == 0)
    #expect(noticed > data.count / Self.stride / 20)
    print("flips: \(data.count) bytes, \(noticed) noticed, \(wrong) wrong")
  }
}
