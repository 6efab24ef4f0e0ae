import Testing
import WakelogModel

@testable import Wakelog

/// Results field by field, as PROTOCOL lists them.
@Suite struct ResultTests {
  let place = Place()
  static let noon: Int64 = 1_768_000_000_000

  static func at(_ seconds: Int64) -> JSONValue { ["at": .integer(noon + seconds * 1_000)] }

  static let app: JSONValue = ["workspace": ["path": "/srv/app", "kind": "project"]]

  @discardableResult
  static func run(
    _ engine: Engine, _ session: String, at seconds: Int64, _ end: JSONValue,
    _ start: JSONValue = [:]
  ) throws -> JSONValue {
    let wake = try engine.ask("wake", CallerTests.wake(session).with(at(seconds)).with(start))
    let held: JSONValue = ["attempt": wake["attempt"]!, "fence": wake["fence"]!]
    return try engine.ask("finish", held.with(at(seconds + 1)).with(end))
  }

  @Test func `hello`() throws {
    let engine = try place.open()
    let hello = try engine.ask("hello")
    #expect(hello["protocol"] == 1 && hello["policy"] == "standard" && hello["readOnly"] == false)
    #expect(hello["version"] == .string(wakelogVersion))
    #expect(hello["log"]?.string?.count == 32)
    engine.close()
    let reader = try place.open { $0.readOnly = true }
    #expect(try reader.ask("hello").with(["readOnly": false]) == hello)
    reader.close()
  }

  @Test func `a wake that starts, fresh and resuming`() throws {
    let engine = try place.open()
    let first = try engine.ask("wake", CallerTests.wake("s").with(Self.app).with(Self.at(0)))
    #expect(
      first.without("fence")
        == [
          "run": 2, "disposition": "started", "attempt": 4,
          "plan": [
            "mode": "fresh", "sessionId": nil, "workspace": Self.app["workspace"]!, "params": nil,
            "generation": 1, "reset": nil, "drift": [], "beside": false,
            "because": "there is no session to resume", "considered": [],
          ], "merged": [2], "payloads": [],
        ])
    #expect(first["fence"]?.string?.isEmpty == false)
    let held: JSONValue = ["attempt": 4, "fence": first["fence"]!]
    try engine.ask(
      "finish",
      held.with(Self.at(1)).with(["turns": 3, "sessionId": "a", "params": ["cwd": "/srv/app"]]))
    let next = try engine.ask("wake", CallerTests.wake("s").with(Self.at(2)))
    let plan = next["plan"]!
    #expect(plan["mode"] == "resume" && plan["sessionId"] == "a")
    #expect(plan["workspace"] == Self.app["workspace"] && plan["params"] == ["cwd": "/srv/app"])
    #expect(
      plan["considered"]?.array?.map { $0.without("because") }
        == [["from": "bound", "sessionId": "a", "verdict": "offered"]])
    #expect(next["fence"] != first["fence"])
    engine.close()
  }

  @Test func `a wake that does not start`() throws {
    let engine = try place.open()
    try engine.ask("wake", CallerTests.wake("s").with(Self.at(0)))
    let coalesced = try engine.ask("wake", CallerTests.wake("s", "cron").with(Self.at(1)))
    #expect(
      coalesced
        == ["run": 2, "disposition": "coalesced", "attempt": nil, "fence": nil, "plan": nil])
    let deferred = try engine.ask("wake", CallerTests.wake("s").with(Self.at(2)))
    let number = deferred["run"]!
    #expect(deferred.without("run", "merged", "disposition").text.contains("null"))
    #expect(deferred["disposition"] == "deferred" && deferred["merged"] == [number])
    let merged = try engine.ask("wake", CallerTests.wake("s", "manual").with(Self.at(3)))
    #expect(merged["run"] == number && merged["merged"]?.array?.count == 2)
    #expect(
      merged.names == ["attempt", "disposition", "fence", "merged", "plan", "run"])
    try engine.ask("pause", Self.at(4).with(["agent": "ada"]))
    let refused = try engine.ask("wake", CallerTests.wake("s").with(Self.at(5)))
    #expect(refused["disposition"] == "refused" && refused["because"] == "paused")
    #expect(refused["attempt"] == .null && refused["fence"] == .null && refused["plan"] == .null)
    #expect(try engine.ask("next", Self.at(6).with(["session": "s"]))["disposition"] == "busy")
    engine.close()
  }

  @Test func `next starts what waits`() throws {
    let engine = try place.open()
    #expect(engine.refusal("next", ["session": "s"])?.code == .notFound)
    let first = try engine.ask("wake", CallerTests.wake("s").with(Self.at(0)))
    let one = try engine.ask("wake", CallerTests.wake("s").with(Self.at(1)))
    let two = try engine.ask(
      "wake", CallerTests.wake("s", "timer").with(["scope": "T"]).with(Self.at(2)))
    #expect(two["disposition"] == "deferred" && two["run"] == one["run"])
    let end = try engine.ask(
      "finish",
      Self.at(3).with(["attempt": first["attempt"]!, "fence": first["fence"]!, "turns": 1]))
    #expect(end["pending"] == true && end["session"]?["status"] == "queued")
    let next = try engine.ask("next", Self.at(4).with(["session": "s", "lease": 30]))
    #expect(next["disposition"] == "started" && next["run"] == one["run"])
    #expect(next["merged"] == two["merged"] && next["merged"]?.array?.count == 2)
    let held: JSONValue = ["attempt": next["attempt"]!, "fence": next["fence"]!]
    let progress = try engine.ask("progress", held.with(["at": "2026-01-10T01:10:00+02:00"]))
    #expect(progress == ["leaseUntil": "2026-01-10T01:10:30+02:00"])
    try engine.ask("finish", held.with(Self.at(6)).with(["outcome": "cancelled"]))
    #expect(try engine.ask("next", Self.at(7).with(["session": "s"]))["disposition"] == "none")
    engine.close()
  }

  @Test func `finish, settled and not`() throws {
    let engine = try place.open()
    let end = try Self.run(
      engine, "s", at: 0, ["turns": 2, "sessionId": "a", "usage": ["inputTokens": 5]], Self.app)
    #expect(
      end.names == [
        "attempt", "failure", "next", "outcome", "pending", "run", "session", "settled",
      ])
    #expect(end["outcome"] == "succeeded" && end["failure"] == .null && end["settled"] == true)
    #expect(end["next"] == .null && end["pending"] == false)
    let dead = try Self.run(
      engine, "s", at: 10, ["exitCode": 1, "stderr": "No conversation found with session ID: a"])
    #expect(dead["settled"] == false && dead["outcome"] == "failed")
    let failure = dead["failure"]!
    #expect(failure["kind"] == "unknownSession" && failure["family"] == "session")
    #expect(failure["because"]?.string?.isEmpty == false)
    #expect(dead["next"]?.names == ["attempt", "plan"])
    let plan = dead["next"]!["plan"]!
    #expect(plan["mode"] == "fresh" && plan["workspace"] == Self.app["workspace"])
    #expect(dead["session"]?["bound"] == .null && dead["session"]?["openRun"] == dead["run"])
    engine.close()
  }

  @Test func `a session in every field`() throws {
    let engine = try place.open()
    try Self.run(
      engine, "s", at: 0, ["turns": 2, "sessionId": "a", "params": ["x": 1], "displayId": "A"],
      Self.app)
    try Self.run(
      engine, "s", at: 10,
      ["exitCode": 1, "turns": 1, "stderr": "429 Too Many Requests", "retryAfterSeconds": 90])
    let session = try engine.ask("session", ["session": "s"])
    #expect(session["key"] == "s" && session["agent"] == "ada" && session["provider"] == "claude")
    #expect(session["generation"] == 1 && session["status"] == "idle")
    #expect(
      session["bound"]
        == [
          "sessionId": "a", "provider": "claude", "displayId": "A", "params": ["x": 1],
          "workspace": Self.app["workspace"]!, "generation": 1, "provenBy": "success",
          "since": "2026-01-09T23:06:41+00:00",
        ])
    #expect(session["bindings"] == .array([session["bound"]!]))
    #expect(session["condemned"] == [] && session["openRun"] == .null)
    #expect(session["pending"] == false && session["cursor"] == 0)
    #expect(session["notBefore"] == "2026-01-09T23:08:21+00:00")
    let last = session["lastRun"]!
    #expect(last.names == ["attempts", "failure", "outcome", "run", "via"])
    #expect(last["outcome"] == "failed" && last["attempts"] == 1 && last["via"] == "resume")
    #expect(last["failure"]?["kind"] == "rateLimited")
    let error = session["lastError"]!
    #expect(error["kind"] == "rateLimited" && error["family"] == "infrastructure")
    #expect(error["at"] == "2026-01-09T23:06:51+00:00" && error["because"] != nil)
    #expect(
      session["counters"]
        == ["wakes": 2, "runs": 2, "attempts": 2, "fallbacks": 0, "resets": 0])
    #expect(session["head"].count == (try engine.count))
    let unknown = engine.refusal("session", ["session": "t"])
    #expect(unknown?.code == .notFound && unknown?.field == "session")
    #expect(unknown?.json["data"]?["code"] == "notFound")
    engine.close()
  }

  @Test func `a condemned id, and what an operator can do`() throws {
    let engine = try place.open()
    try Self.run(engine, "s", at: 0, ["turns": 2, "sessionId": "a"])
    let gone = try engine.ask(
      "probe", Self.at(5).with(["session": "s", "sessionId": "a", "exists": false]))
    #expect(gone["bound"] == .null)
    #expect(
      gone["condemned"]
        == [["sessionId": "a", "because": "missingTranscript", "at": "2026-01-09T23:06:45+00:00"]])
    let repair: JSONValue = ["session": "s", "by": "eve", "why": "it lives"]
    let set: JSONValue = ["expect": [:], "set": ["sessionId": "a"]]
    #expect(engine.refusal("repair", repair.with(set))?.code == .conflict)
    let wrong: JSONValue = ["expect": ["lastRun": "failed"], "set": ["revive": "a"]]
    #expect(engine.refusal("repair", repair.with(wrong))?.code == .conflict)
    let right: JSONValue = [
      "expect": ["lastRun": "succeeded", "sessionId": nil],
      "set": ["revive": "a", "sessionId": "a"],
    ]
    let back = try engine.ask("repair", repair.with(right).with(Self.at(6)))
    #expect(back["bound"]?["sessionId"] == "a" && back["bound"]?["provenBy"] == "operator")
    #expect(back["condemned"] == [])
    try engine.ask("wake", CallerTests.wake("s").with(Self.at(7)))
    #expect(engine.refusal("repair", repair.with(right))?.code == .busy)
    engine.close()
  }

  @Test func `an agent and a run in every field`() throws {
    let engine = try place.open()
    for round in 0..<3 {
      try Self.run(
        engine, "s", at: Int64(round) * 10,
        ["exitCode": 1, "turns": 2, "stderr": "it broke", "sessionId": "a"])
    }
    let agent = try engine.ask("agent", ["agent": "ada"])
    #expect(
      agent.names == [
        "agent", "because", "failures", "lastError", "lastRunStatus", "replaceable", "sessions",
        "status",
      ])
    #expect(agent["status"] == "failing" && agent["replaceable"] == true)
    #expect(
      agent["failures"]
        == ["agent": 3, "infrastructure": 0, "session": 0, "configuration": 0])
    #expect(agent["lastRunStatus"] == "failed" && agent["sessions"] == 1)
    #expect(engine.refusal("agent", ["agent": "bob"])?.field == "agent")

    let number = try engine.ask("session", ["session": "s"])["lastRun"]!["run"]!
    let run = try engine.ask("run", ["run": number])
    #expect(
      run.names == [
        "alive", "attempts", "fallbacks", "host", "outcome", "payloads", "pid", "reason", "run",
        "session", "source", "trace",
      ])
    #expect(run["session"] == "s" && run["source"] == "message" && run["outcome"] == "failed")
    let attempt = run["attempts"]!.array![0]
    #expect(
      attempt.names == [
        "asked", "attempt", "endedAt", "failure", "mode", "outcome", "reported", "startedAt",
        "usage",
      ])
    #expect(attempt["mode"] == "resume" && attempt["asked"] == "a" && attempt["reported"] == "a")
    #expect(attempt["startedAt"] == "2026-01-09T23:07:00+00:00")
    #expect(attempt["endedAt"] == "2026-01-09T23:07:01+00:00")
    #expect(engine.refusal("run", ["run": 999])?.code == .notFound)
    engine.close()
  }

  @Test func `reset, cancel, abandon`() throws {
    let engine = try place.open()
    try Self.run(engine, "s", at: 0, ["turns": 2, "sessionId": "a"])
    let run = try engine.ask("wake", CallerTests.wake("s").with(Self.at(10)))
    try engine.ask("wake", CallerTests.wake("s").with(Self.at(11)))
    let wrong = engine.refusal("reset", ["session": "s", "ifGeneration": 2])
    #expect(wrong?.code == .conflict && wrong?.message.contains("1") == true)
    let reset = try engine.ask("reset", Self.at(12).with(["session": "s", "ifGeneration": 1]))
    #expect(reset["generation"] == 2 && reset["pending"] == true)
    #expect(reset["previous"]?["sessionId"] == "a")
    #expect(reset.names == ["generation", "pending", "previous"])
    #expect(engine.refusal("check", ["session": "s", "fence": run["fence"]!])?.code == .staleFence)
    #expect(try engine.ask("run", ["run": run["run"]!])["outcome"] == "superseded")
    let cancelled = try engine.ask("cancel", Self.at(13).with(["session": "s", "by": "eve"]))
    #expect(cancelled["pending"] == false && cancelled["status"] == "idle")
    let open = try engine.ask("wake", CallerTests.wake("s").with(Self.at(14)))
    #expect(open["plan"]?["generation"] == 2 && open["plan"]?["mode"] == "fresh")
    let abandon: JSONValue = ["run": open["run"]!, "by": "eve", "why": "stuck"]
    let idle = try engine.ask("abandon", abandon.with(Self.at(15)))
    #expect(idle["lastRun"]?["outcome"] == "interrupted" && idle["status"] == "idle")
    #expect(engine.refusal("abandon", abandon)?.code == .conflict)
    #expect(engine.refusal("abandon", abandon.with(["run": 9_999]))?.code == .notFound)
    engine.close()
  }

  @Test func `fences and the cursor`() throws {
    let engine = try place.open()
    let wake = try engine.ask("wake", CallerTests.wake("s").with(Self.at(0)))
    let held: JSONValue = ["session": "s", "fence": wake["fence"]!]
    #expect(try engine.ask("check", held) == ["ok": true])
    #expect(try engine.ask("flush", held.with(["from": 0, "to": 4])) == ["cursor": 4])
    let gap = engine.refusal("flush", held.with(["from": 5, "to": 6]))
    #expect(gap?.code == .conflict && gap?.cursor == 4 && gap?.json["data"]?["cursor"] == 4)
    #expect(engine.refusal("flush", held.with(["from": 4, "to": 3]))?.field == "to")
    let count = try engine.count
    for fence in ["", "x", "2-", "2-00", "02-\(String(repeating: "0", count: 32))"] {
      let error = engine.refusal("check", held.with(["fence": .string(fence)]))
      #expect(error?.code == (fence.isEmpty ? .invalidParameter : .staleFence), "\(fence)")
    }
    // Each of them is recorded.
    #expect(try engine.count == count + 4)
    let wrong: JSONValue = ["attempt": 99, "fence": wake["fence"]!]
    #expect(engine.refusal("progress", wrong)?.code == .conflict)
    #expect(engine.refusal("finish", wrong)?.code == .invalidParameter)
    #expect(engine.refusal("finish", wrong.with(["exitCode": 0]))?.code == .conflict)
    engine.close()
  }
}
