import Testing
import WakelogModel
import WakelogStore

@testable import Wakelog

/// Lists, events, why, attention, policy, hosts and redaction.
@Suite struct HistoryTests {
  let place = Place()

  @Test func `sessions come in pages, each once`() throws {
    let engine = try place.open()
    for number in 0..<25 {
      let agent: JSONValue = ["agent": number % 5 == 0 ? "bob" : "ada"]
      try engine.ask("wake", CallerTests.wake("s\(number)").with(agent))
    }
    try ResultTests.run(engine, "done", at: 0, ["turns": 1])
    func all(_ params: JSONValue) throws -> [String] {
      var found: [String] = []
      var params = params
      while true {
        let page = try engine.ask("sessions", params)
        found += page["items"]?.array?.compactMap { $0["key"]?.string } ?? []
        guard let after = page["after"], after != .null else { return found }
        params = params.with(["after": after])
      }
    }
    let keys = (0..<25).map { "s\($0)" } + ["done"]
    for limit in [1, 2, 7, 25, 26, 27, 1_000] {
      #expect(try all(["limit": .integer(Int64(limit))]) == keys, "\(limit)")
    }
    #expect(try all(["agent": "bob", "limit": 2]) == ["s0", "s5", "s10", "s15", "s20"])
    #expect(try all(["status": "idle", "limit": 3]) == ["done"])
    #expect(try all(["status": "queued"]) == [] && all(["agent": "nobody"]) == [])
    #expect(engine.refusal("sessions", ["after": "x"])?.field == "after")
    #expect(engine.refusal("sessions", ["limit": 0])?.field == "limit")
    #expect(engine.refusal("sessions", ["status": "asleep"])?.field == "status")
    let agents = try engine.ask("agents", ["limit": 1])
    #expect(agents["items"]?.array?.map { $0["agent"] } == ["bob"])
    let rest = try engine.ask("agents", ["after": agents["after"]!])
    #expect(rest["items"]?.array?.map { $0["agent"] } == ["ada"] && rest["after"] == .null)
    #expect(try engine.ask("agents", ["status": "paused"])["items"] == [])
    engine.close()
  }

  @Test func `events come in pages without gaps`() throws {
    let engine = try place.open()
    #expect(try engine.ask("events") == ["items": [], "next": nil])
    var driver = Driver(seed: 5)
    for _ in 0..<120 { driver.step(engine) }
    let count = try engine.count
    func all(_ params: JSONValue) throws -> [UInt64] {
      var found: [UInt64] = []
      var params = params
      while true {
        let page = try engine.ask("events", params)
        found += page["items"]?.array?.map { $0["seq"].count } ?? []
        guard let next = page["next"], next != .null else { return found }
        params = params.with(["from": next])
      }
    }
    for limit in [1, 10, 1_000] {
      let limits: JSONValue = ["limit": .integer(Int64(limit))]
      #expect(try all(limits) == Array(1...count))
      #expect(try all(limits.with(["from": 7, "to": 31])) == Array(7...31))
      let one = try all(limits.with(["session": "key 1"]))
      let items = try engine.ask("events", ["limit": 10_000])["items"]?.array ?? []
      #expect(one == items.filter { $0["session"] == "key 1" }.map { $0["seq"].count })
    }
    let beyond: JSONValue = ["from": .integer(Int64(count) + 1)]
    #expect(try engine.ask("events", beyond) == ["items": [], "next": nil])
    #expect(try engine.ask("events", ["from": 9, "to": 8])["items"] == [])
    #expect(try engine.ask("events", ["from": 0, "limit": 1])["items"]?.array?.count == 1)
    #expect(try engine.ask("events", ["to": .integer(.max), "limit": 1])["next"] == 2)
    #expect(engine.refusal("events", ["session": "nobody"])?.code == .notFound)
    #expect(try engine.ask("subscribe")["from"].count == count + 1)
    #expect(try engine.ask("subscribe", ["from": 3]) == ["from": 3])
    engine.close()
  }

  @Test func `a reader waits for events and misses none`() throws {
    let engine = try place.open()
    #expect(engine.waitForEvents(after: 0, timeoutMilliseconds: 30) == 0)
    onThreads(2) { caller in
      if caller == 0 {
        for number in 0..<50 { _ = try? engine.ask("wake", CallerTests.wake("s\(number)")) }
      } else {
        var next: UInt64 = 1
        while next <= 200 {
          let last = engine.waitForEvents(after: next - 1, timeoutMilliseconds: 5_000)
          let page = try? engine.ask("events", ["from": .integer(Int64(next))])
          let found = page?["items"]?.array?.map { $0["seq"].count } ?? []
          #expect(found.starts(with: [next]) && found.last ?? 0 >= last)
          next = (found.last ?? next) + 1
        }
      }
    }
    engine.close()
  }

  @Test func `why`() throws {
    let engine = try place.open()
    try ResultTests.run(engine, "s", at: 0, ["turns": 1, "sessionId": "a"])
    let why = try engine.ask("why", ["session": "s"])
    #expect(why["answer"]?.string?.contains("points to a, proven by success") == true)
    let kinds = why["events"]?.array?.compactMap { $0["kind"]?.string }
    #expect(
      kinds == [
        "wake.requested", "run.started", "attempt.started", "attempt.finished", "session.bound",
        "run.finished",
      ])
    let event = try engine.ask("why", ["seq": 6])
    #expect(event["events"]?.array?.last?["seq"] == 6)
    #expect(event["answer"]?.string?.contains("Event 6, session.bound") == true)
    #expect(engine.refusal("why", ["seq": 99])?.code == .notFound)
    #expect(engine.refusal("why", ["session": "t"])?.code == .notFound)
    engine.close()
  }

  @Test func `attention reads only`() throws {
    let engine = try place.open()
    let hour = ResultTests.at(3_601)
    try engine.ask("wake", CallerTests.wake("s").with(["lease": 60]).with(ResultTests.at(0)))
    let first = try engine.ask("wake", CallerTests.wake("q").with(ResultTests.at(0)))
    try engine.ask("wake", CallerTests.wake("q").with(ResultTests.at(1)))
    let held: JSONValue = ["attempt": first["attempt"]!, "fence": first["fence"]!, "turns": 1]
    try engine.ask("finish", held.with(ResultTests.at(2)))
    let hash = try engine.stateHash()
    #expect(try engine.ask("attention", ResultTests.at(3)) == [])
    let found = try engine.ask("attention", hour).array ?? []
    let kinds = found.map { [$0["kind"]!, $0["session"]!] as [JSONValue] }
    #expect(Set(kinds) == [["leaseExpired", "s"], ["silentRun", "s"], ["stuckQueue", "q"]])
    #expect(
      found.allSatisfy {
        $0.names == ["because", "family", "kind", "run", "session", "since"]
          && $0["family"] == "infrastructure"
      })
    #expect(try engine.stateHash() == hash)
    engine.close()
  }

  @Test func `a policy is adopted for good, and by whoever opens next`() throws {
    let engine = try place.open()
    let standard = try engine.ask("policy")
    #expect(standard["policy"]?["name"] == "standard" && standard["since"] == .null)
    let hermes = Policy.builtIn(named: "hermes-2026.6")!.json
    let adopted = try engine.ask("policy", ["adopt": hermes, "at": "2026-01-18T05:00:00+01:00"])
    #expect(adopted == ["policy": hermes, "since": "2026-01-18T05:00:00+01:00"])
    #expect(try engine.ask("policy") == adopted && engine.ask("hello")["policy"] == hermes["name"])
    let wrong = engine.refusal("policy", ["adopt": ["reset": ["idle": 3]]])
    #expect(wrong?.field == "adopt.reset.idle")
    engine.close()
    let again = try place.open()
    #expect(try again.ask("policy") == adopted)
    again.close()
    let other = try place.open { $0.policy = Policy.builtIn(named: "archon") }
    #expect(try other.ask("hello")["policy"] == "archon")
    let count = try other.count
    other.close()
    // Adopting what is in force is no event.
    let same = try place.open { $0.policy = Policy.builtIn(named: "archon") }
    #expect(try same.count == count)
    same.close()
  }

  @Test func `a host that comes back finds its runs ended`() throws {
    let engine = try place.open { $0.host = "h" }
    let wake = try engine.ask("wake", CallerTests.wake("s").with(ResultTests.at(0)))
    try engine.ask("wake", CallerTests.wake("s").with(ResultTests.at(1)))
    try engine.ask("wake", CallerTests.wake("t").with(["host": "other"]))
    engine.close()
    let again = try place.open()
    let host = try again.ask("host", ["host": "h", "version": "1"])
    #expect(host["epoch"] == 2 && host["unfinished"] == .null)
    let interrupted = host["interrupted"]?.array ?? []
    #expect(
      interrupted == [
        [
          "run": wake["run"]!, "session": "s", "pending": true, "agent": "ada",
          "provider": "claude", "sessionId": nil, "startedAt": "2026-01-09T23:06:40+00:00",
          "pid": nil, "alive": false, "payloads": [],
        ]
      ])
    let run = try again.ask("run", ["run": wake["run"]!])
    #expect(run["host"] == "h" && run["outcome"] == "interrupted")
    #expect(try again.ask("session", ["session": "t"])["status"] == "running")
    let old = again.refusal("next", ["session": "s", "host": "h", "epoch": 1])
    #expect(old?.code == .hostSuperseded)
    let never = again.refusal("next", ["session": "s", "host": "h", "epoch": 3])
    #expect(never?.code == .invalidParameter && never?.field == "epoch")
    for (step, expected) in [("staged", "1"), ("verified", "1"), ("swapped", "2")] {
      let upgrade: JSONValue = ["host": "h", "to": "2", "step": .string(step)]
      if step == "verified" {
        #expect(again.refusal("upgrade", upgrade.with(["step": "swapped"]))?.code == .conflict)
        let early = again.refusal("host", ["host": "h", "version": "2"])
        #expect(early?.code == .conflict && early?.message.contains("run 1") == true)
        let unfinished = try again.ask("host", ["host": "h"])["unfinished"]
        #expect(unfinished == ["to": "2", "state": "staged"])
      }
      let done = try again.ask("upgrade", upgrade)
      #expect(done == ["state": .string(step), "use": .string(expected)])
    }
    again.close()
  }

  @Test func `evidence is cut and marked, and gone when redacted`() throws {
    var engine = try place.open()
    let long = String(repeating: "é", count: 100_000) + "the end"
    let end: JSONValue = ["exitCode": 1, "stderr": .string(long), "stdout": "out", "turns": 1]
    try ResultTests.run(engine, "s", at: 0, end)
    engine.close()
    let kept = try place.look { log in try log.read { try $0.evidence(5) } }
    guard case .bytes(let bytes) = kept else {
      Issue.record("no evidence: \(kept)")
      return
    }
    let evidence = try JSONParser.parse(String(decoding: bytes, as: UTF8.self))
    let text = evidence["stderr"]?.string ?? ""
    #expect(evidence["stderrCut"] == true && text.hasSuffix("the end"))
    #expect((65_400...65_536).contains(text.utf8.count))
    #expect(try place.fault() == nil)

    engine = try place.open()
    let redact: JSONValue = ["seq": 5, "by": "eve", "why": "secrets"]
    #expect(try engine.ask("redact", redact) == ["redacted": true, "overwritten": true])
    #expect(try engine.ask("redact", redact) == ["redacted": false, "overwritten": true])
    let none = try engine.ask("redact", redact.with(["seq": 1]))
    #expect(none == ["redacted": false, "overwritten": true])
    #expect(engine.refusal("redact", redact.with(["seq": 99]))?.code == .notFound)
    let hash = try engine.stateHash()
    engine.close()
    #expect(try place.fault() == nil)
    let gone = try place.look { log in try log.read { try $0.evidence(5) } }
    #expect(gone == .redacted)
    #expect(try place.look { try replay($0).last } == hash)
  }

  /// Only the command said whether the bytes were overwritten, so a host took them for gone.
  @Test func `a redaction says whether somebody still sees what it removed`() async throws {
    let engine = try place.open()
    defer { engine.close() }
    try ResultTests.run(engine, "s", at: 0, ["exitCode": 1, "stderr": "a secret", "turns": 1])
    try ResultTests.run(engine, "t", at: 10, ["exitCode": 1, "stderr": "a secret", "turns": 1])
    let events = try engine.ask("events")["items"]?.array ?? []
    let ends = events.filter { $0["kind"] == "attempt.finished" }.compactMap { $0["seq"] }
    let redact: JSONValue = ["by": "eve", "why": "secrets", "key": "once"]
    let first = redact.with(["seq": ends[0]])
    try engine.log.read { _ in
      let result = try engine.ask("redact", first)
      #expect(result == ["redacted": true, "overwritten": false])
    }
    let again = try engine.ask("redact", first)
    #expect(again == ["redacted": true, "duplicate": true, "overwritten": true])
    let awaited = try await engine.call(
      "redact", redact.with(["seq": ends[1], "key": "two"]).object ?? JSONObject())
    #expect(awaited == ["redacted": true, "overwritten": true])
  }

  @Test func `evidence that grows when it is written down fits all the same`() throws {
    let engine = try place.open()
    let noise = String(repeating: "\u{0}", count: 400_000)
    let end: JSONValue = [
      "exitCode": 1, "stderr": .string(noise), "stdout": .string(noise), "turns": 1,
    ]
    try ResultTests.run(engine, "s", at: 0, end)
    engine.close()
    #expect(try place.fault() == nil)
  }

  @Test func `an unknown method names those there are`() throws {
    let engine = try place.open()
    let error = engine.refusal("wakeup")
    #expect(error?.code == .unknownMethod && error?.rpcCode == -32_601)
    #expect(error?.message.contains("wake, progress, finish") == true)
    #expect(engine.refusal("hello", ["loud": true])?.field == "loud")
    engine.close()
  }
}
