import Foundation
import Testing
import WakelogModel

@testable import Wakelog

/// The reply of a `finish` was lost, and the host asks again.
@Suite struct FinishAgainTests {
  let place = Place()
  static let noon: Int64 = 1_768_000_000_000

  static func at(_ seconds: Int64) -> JSONValue { ["at": .integer(noon + seconds * 1_000)] }

  /// A key bound to "bound" with parameters and a fingerprint, and a run that the caller began
  /// with another id, whose model has drifted: its fallback resumes "bound".
  static func prepare(_ engine: Engine) throws -> JSONValue {
    let wake = CallerTests.wake("s").with([
      "workspace": ["path": "/srv/app", "kind": "project"], "fingerprint": ["model": "m1"],
    ])
    let first = try engine.ask("wake", wake.with(at(0)))
    try engine.ask(
      "finish",
      at(1).with([
        "attempt": first["attempt"]!, "fence": first["fence"]!, "turns": 1,
        "sessionId": "bound", "params": ["b": [1, ["x": nil]], "a": "é"], "displayId": "B",
      ]))
    return try engine.ask(
      "wake", wake.with(at(2)).with(["resume": "asked", "fingerprint": ["model": "m2"]]))
  }

  static func failed(_ wake: JSONValue) -> JSONValue {
    at(3).with([
      "attempt": wake["attempt"]!, "fence": wake["fence"]!, "exitCode": 1, "turns": 0,
      "stderr": "No conversation found with session ID: asked",
    ])
  }

  /// All of a reply that tells what was decided; the session is shown as it is by now.
  private func decided(_ reply: JSONValue) -> String {
    reply.without("duplicate", "session", "pending").text
  }

  @Test func `the fallback's plan is told again, to the last byte`() throws {
    var engine = try place.open()
    let wake = try Self.prepare(engine)
    let first = try engine.ask("finish", Self.failed(wake))
    let plan = first["next"]?["plan"] ?? .null
    #expect(first["settled"] == false && first["failure"]?["kind"] == "unknownSession")
    #expect(plan["sessionId"] == "bound" && plan["drift"] == ["model"])
    #expect(plan["params"]?.object?.members.isEmpty == false)
    #expect(plan["considered"]?.array?.count == 1)
    let count = try engine.count
    for isReopened in [false, true] {
      if isReopened {
        engine.close()
        engine = try place.open()
      }
      let again = try engine.ask("finish", Self.failed(wake))
      #expect(again["duplicate"] == true)
      #expect(again.without("duplicate").bytes == first.bytes)
    }
    #expect(try engine.count == count)
    engine.close()
  }

  /// What had drifted was read from the open run. When the run was over, a repeated reply showed a
  /// plan without drift.
  @Test func `the plan is the same when the run was reset meanwhile`() throws {
    let engine = try place.open()
    let wake = try Self.prepare(engine)
    let first = try engine.ask("finish", Self.failed(wake))
    try engine.ask(
      "progress",
      Self.at(4).with([
        "attempt": first["next"]!["attempt"]!,
        "fence": wake["fence"]!,
      ]))
    #expect(decided(try engine.ask("finish", Self.failed(wake))) == decided(first))
    try engine.ask("reset", Self.at(5).with(["session": "s"]))
    #expect(decided(try engine.ask("finish", Self.failed(wake))) == decided(first))
    // And when another run is open, with another fingerprint.
    let other = CallerTests.wake("s").with(["fingerprint": ["model": "m3"]])
    try engine.ask("wake", other.with(Self.at(6)))
    let again = try engine.ask("finish", Self.failed(wake))
    #expect(decided(again) == decided(first))
    #expect(again["session"]?["generation"] == 2)
    engine.close()
  }

  @Test func `a settled run is told again after a kill`() async throws {
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = place.path as String] in
      let engine = try Engine.open(path + "/log", options: .forTests())
      let wake = try FinishAgainTests.prepare(engine)
      let reply = try engine.ask("finish", FinishAgainTests.failed(wake))
      try [wake.text, reply.text].joined(separator: "\n")
        .write(toFile: path + "/reply", atomically: true, encoding: .utf8)
      kill(getpid(), SIGKILL)
    }
    let kept = try String(contentsOfFile: place.path + "/reply", encoding: .utf8)
      .split(separator: "\n").map { try JSONParser.parse(String($0)) }
    let engine = try place.open()
    let again = try engine.ask("finish", Self.failed(kept[0]))
    #expect(again["duplicate"] == true)
    #expect(again.without("duplicate").bytes == kept[1].bytes)
    engine.close()
  }

  @Test func `only the latest one, and only with the same parameters, is answered again`() throws {
    let engine = try place.open()
    let wake = try Self.prepare(engine)
    let first = try engine.ask("finish", Self.failed(wake))
    let other = engine.refusal("finish", Self.failed(wake).with(["stderr": "another"]))
    #expect(other?.code == .conflict)
    let second = Self.at(9).with([
      "attempt": first["next"]!["attempt"]!, "fence": wake["fence"]!, "turns": 1,
      "sessionId": "bound",
    ])
    let end = try engine.ask("finish", second)
    #expect(end["settled"] == true && end["session"]?["lastRun"]?["via"] == "fallback")
    #expect(try engine.ask("finish", second.with(Self.at(10))).without("duplicate") == end)
    #expect(engine.refusal("finish", Self.failed(wake))?.code == .staleFence)
    engine.close()
  }

  @Test func `with a key it is the kept reply`() throws {
    let engine = try place.open()
    let wake = try Self.prepare(engine)
    let call = Self.failed(wake).with(["key": "f"])
    let first = try engine.ask("finish", call)
    try engine.ask("reset", Self.at(5).with(["session": "s"]))
    let again = try engine.ask("finish", call)
    #expect(again.without("duplicate") == first && again["duplicate"] == true)
    engine.close()
  }
}
