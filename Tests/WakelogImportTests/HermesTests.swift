import Foundation
import Testing
import Wakelog
import WakelogImport

/// Stores that Hermes' own session store wrote; see make.py beside them.
struct HermesTests {
  static let key = "agent:main:telegram:dm:100"

  @Test func `a life of resets, a switch and a suspension is told in order`() throws {
    let imported = try Place().take(.hermes, Fixture.path("hermes/life"))
    let walls = imported.story(Self.key).filter {
      $0.hasPrefix("session.reset") || $0.hasPrefix("session.bound")
    }
    #expect(
      walls == [
        "session.bound 20260326_090000_a0000001",
        "session.reset “the key got a new session; the store does not say why”",
        "session.bound 20260326_090614_a0000002",
        "session.bound 20260326_090000_a0000001",
        "session.reset “suspended”",
        "session.bound 20260326_091528_a0000003",
      ])
    #expect(imported.violations == [])
    #expect(imported.findings == [])
    #expect(imported.isSound)
  }

  @Test func `everything is flagged as imported, and no cause is invented`() throws {
    let imported = try Place().take(.hermes, Fixture.path("hermes/life"))
    #expect(imported.events.count == 70)
    #expect(imported.events.allSatisfy { $0["imported"]?.bool == true })
    // The reset's own row was opened again since: why it was reset is not in the store.
    #expect(imported.events("session.reset").allSatisfy { $0["cause"] == nil })
  }

  @Test func `a compression split is the same conversation`() throws {
    let imported = try Place().take(.hermes, Fixture.path("hermes/life"))
    let session = try #require(imported.sessions["agent:main:telegram:dm:200"])
    #expect(session["bound"]?["sessionId"] == "20260326_120000_c0ffee01")
    #expect(session["generation"] == 1)
    #expect(session["cursor"] == 4)
  }

  @Test func `a turn that a restart cut off waits to be resumed`() throws {
    let imported = try Place().take(.hermes, Fixture.path("hermes/life"))
    let session = try #require(imported.sessions["agent:main:telegram:dm:300"])
    #expect(session["lastRun"]?["outcome"] == "interrupted")
    #expect(session["pending"] == true)
    #expect(imported.events("wake.requested").last { $0["source"] == "recovery" } != nil)
  }

  @Test func `a schedule's runs are wakes by cron`() throws {
    let imported = try Place().take(.hermes, Fixture.path("hermes/life"))
    let session = try #require(imported.sessions["hermes:cron:backup"])
    #expect(session["lastRun"]?["outcome"] == "succeeded")
    let wake = imported.events("wake.requested").last { $0["session"] == "hermes:cron:backup" }
    #expect(wake?["source"] == "cron")
  }

  /// Hermes #3210: after /new the cached agent went on writing to the session of before, and the
  /// new one stayed empty.
  @Test func `incident 3210 is found by the laws`() throws {
    let imported = try Place().take(.hermes, Fixture.path("hermes/incident-3210"))
    #expect(
      imported.violations == ["resetIsAWall paperclip#1907 3", "staleWritersLose hermes#3210 3"])
    let session = try #require(imported.sessions[Self.key])
    #expect(session["bound"]?["sessionId"] == "20260326_090614_a0000002")
    #expect(imported.events("session.reset").map { $0["cause"] } == ["asked"])
  }

  @Test func `importing again adds nothing`() throws {
    let place = try Place()
    let first = try place.take(.hermes, Fixture.path("hermes/life"))
    let second = try place.take(.hermes, Fixture.path("hermes/life"))
    #expect(first.report.events == 70)
    #expect(second.report.events == 0)
    #expect(second.report.known == second.report.facts)
    #expect(second.stateHash == first.stateHash)
  }

  @Test func `the store is left as it was`() throws {
    let place = try Place()
    let store = try place.store("hermes/life")
    func listing() throws -> [String] {
      try FileManager.default.subpathsOfDirectory(atPath: store).sorted().map { name in
        let bytes = FileManager.default.contents(atPath: store + "/" + name) ?? Data()
        return "\(name) \(bytes.count) \(bytes.hashValue)"
      }
    }
    let before = try listing()
    _ = try place.take(.hermes, store)
    #expect(try listing() == before)
  }

  @Test func `without a database the index and the transcripts tell what they can`() throws {
    let place = try Place()
    let id = "20260418_120000_1a2b3c4d"
    try place.write(
      "home/sessions/sessions.json",
      """
      {"\(Self.key)": {"session_key": "\(Self.key)", "session_id": "\(id)",
        "created_at": "2026-04-18T12:00:00", "updated_at": "2026-04-18T12:31:07.512345",
        "chat_type": "dm"}}
      """)
    try place.write(
      "home/sessions/\(id).jsonl",
      """
      {"role": "session_meta", "timestamp": "2026-04-18T12:00:00"}
      {"role": "user", "content": "hi", "timestamp": "2026-04-18T12:00:01"}
      {"role": "assistant", "content": "hello", "timestamp": "2026-04-18T12:00:04"}

      """)
    let imported = try place.take(.hermes, place.path + "/home", zone: "Europe/Berlin")
    #expect(
      imported.story(Self.key) == [
        "session.opened", "wake.requested", "run.started", "attempt.started fresh",
        "transcript.flushed", "attempt.finished succeeded \(id)", "session.bound \(id)",
        "run.finished succeeded",
      ])
    #expect(imported.events("wake.requested")[0]["at"] == "2026-04-18T12:00:01+02:00")
    #expect(imported.findings == [])
  }

  @Test func `a store that has grown adds what is new`() throws {
    let place = try Place()
    let home = place.path + "/home"
    let id = "20260418_120000_1a2b3c4d"
    let lines = [
      #"{"role": "user", "content": "hi", "timestamp": "2026-04-18T12:00:01Z"}"#,
      #"{"role": "assistant", "content": "hello", "timestamp": "2026-04-18T12:00:04Z"}"#,
      #"{"role": "user", "content": "more", "timestamp": "2026-04-18T12:01:01Z"}"#,
      #"{"role": "assistant", "content": "there", "timestamp": "2026-04-18T12:01:04Z"}"#,
    ]
    try place.write(
      "home/sessions/sessions.json",
      """
      {"\(Self.key)": {"session_key": "\(Self.key)", "session_id": "\(id)",
        "created_at": "2026-04-18T12:00:00", "updated_at": "2026-04-18T12:00:04"}}
      """)
    var counts: [UInt64] = []
    for count in 1...4 {
      try place.write(
        "home/sessions/\(id).jsonl", lines.prefix(count).joined(separator: "\n") + "\n")
      counts.append(try place.take(.hermes, home).report.events)
    }
    // The beginning, the answer, the second question, its answer.
    #expect(counts == [5, 3, 3, 3])
    let whole = try Place().take(HostKind.hermes, home)
    let last = try place.take(.hermes, home)
    // What the index says was seen while the first turn was open, not at its end.
    func story(_ imported: Imported) -> [String] {
      imported.story(Self.key).filter { $0 != "session.bound \(id)" }
    }
    #expect(story(last) == story(whole))
    #expect(last.story(Self.key).count == whole.story(Self.key).count)
  }

  @Test func `the table is believed over its mirror, and the conflict reported`() throws {
    let place = try Place()
    let store = try place.store("hermes/life")
    let file = store + "/sessions/sessions.json"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try text.replacingOccurrences(of: "20260326_091528_a0000003", with: "20260101_000000_ffffffff")
      .write(toFile: file, atomically: true, encoding: .utf8)
    let imported = try place.take(.hermes, store)
    #expect(
      imported.findings == ["conflict sessions/sessions.json/\(Self.key) session_id"])
    #expect(
      imported.sessions[Self.key]?["bound"]?["sessionId"] == "20260326_091528_a0000003")
  }
}
