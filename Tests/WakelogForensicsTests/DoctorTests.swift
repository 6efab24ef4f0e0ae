import Foundation
import Testing
import WakelogModel

@testable import Wakelog
@testable import WakelogForensics

@Suite struct DoctorTests {
  let place = Place()
  private let start: Int64 = 1_768_000_000_000

  private var home: String { place.path + "/home" }

  /// Writes a file below the home.
  private func file(_ path: String, _ text: String = "{}\n") throws {
    let url = URL(fileURLWithPath: home + "/" + path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: url, atomically: false, encoding: .utf8)
  }

  /// A key whose run succeeded in a session, in a workspace.
  private func bind(
    _ engine: Engine, _ key: String, _ id: String, _ provider: String = "claude",
    path: String = "/srv/my.app", wake: JSONValue = [:], ends: Bool = true
  ) throws {
    let started = try engine.ask(
      "wake",
      ([
        "session": .string(key), "agent": "ada", "provider": .string(provider),
        "source": "message", "at": .integer(start),
        "workspace": ["path": .string(path), "kind": "project"],
      ] as JSONValue).with(wake))
    guard ends else { return }
    try engine.ask(
      "finish",
      [
        "attempt": started["attempt"]!, "fence": started["fence"]!, "exitCode": 0, "turns": 2,
        "sessionId": .string(id), "at": .integer(start + 1_000),
      ])
  }

  /// A run whose lease runs out, and a wake that waits for one that was abandoned.
  private func leaveBehind(_ engine: Engine) throws {
    try bind(engine, "leased", "", wake: ["lease": 5], ends: false)
    try bind(engine, "queued", "", ends: false)
    let run = try engine.ask("session", ["session": "queued"])["openRun"]!
    try bind(engine, "queued", "", ends: false)
    try engine.ask(
      "abandon", ["run": run, "by": "eve", "why": "lost", "at": .integer(start + 2_000)])
  }

  private func examine(
    at seconds: Int64 = 10, _ change: (inout Practice) -> Void = { _ in }
  ) throws -> Examination {
    let log = try place.look()
    defer { log.close() }
    var practice = Practice(home: home, by: "test")
    change(&practice)
    return try log.examine(practice, at: Instant(milliseconds: start + seconds * 1_000)!)
  }

  private func kinds(_ found: Examination) -> [String: String] {
    Dictionary(uniqueKeysWithValues: found.findings.map { ($0.session, $0.kind.rawValue) })
  }

  @Test func `a transcript is looked for where each CLI keeps it`() throws {
    let engine = try place.engine()
    let uuid = "7c41d2e0-5b1f-4f0a-9a55-0d6b3c1e8f21"
    let other = "c3d8e0b2-7e55-4c1c-8f0e-2a9b64d1c7e3"
    for (provider, name) in [
      ("claude", "claude"), ("codex", "codex"), ("gemini", "gemini"), ("opencode", "opencode"),
    ] {
      try bind(engine, "\(name) there", uuid, provider)
      try bind(engine, "\(name) gone", other, provider)
    }
    try bind(engine, "claude empty", "e-1")
    try bind(engine, "claude asked", "e-3")
    try bind(engine, "claude elsewhere", "e-2")
    try bind(engine, "unknown", "x", "aider")
    engine.close()
    try file(
      ".claude/projects/-srv-my-app/\(uuid).jsonl",
      #"{"type":"assistant","message":{"model":"claude-opus-5-5"}}"#)
    try file(".claude/projects/-srv-my-app/e-1.jsonl", "")
    // A prompt that no model has answered is nothing to go on with.
    try file(".claude/projects/-srv-my-app/e-3.jsonl", #"{"type":"user"}"#)
    try file(".claude/projects/-srv-other/e-2.jsonl")
    try file(
      ".codex/sessions/2026/01/18/rollout-2026-01-18T05-00-00-\(uuid).jsonl",
      #"{"type":"response_item","payload":{"type":"message","role":"assistant"}}"#)
    try file(".gemini/tmp/4f1c/chats/session-2026-01-18T05-00-7c41d2e0.json")
    try file(".local/share/opencode/storage/session/4f1c/\(uuid).json")
    let found = try examine()
    #expect(
      kinds(found) == [
        "claude gone": "transcriptGone", "codex gone": "transcriptGone",
        "gemini gone": "transcriptGone", "opencode gone": "transcriptGone",
        "claude empty": "transcriptEmpty", "claude asked": "transcriptEmpty",
        "claude elsewhere": "transcriptElsewhere",
      ])
    #expect(found.notes == ["1 id of aider not looked for: its layout is not known"])
    #expect(found.looked.map(\.ids) == [5, 2, 2, 2])
  }

  // A doctor on a machine that never had the CLI must not condemn what lies on another.
  @Test func `where there is no home nothing is said of its ids`() throws {
    let engine = try place.engine()
    try bind(engine, "a", "1")
    try bind(engine, "b", "2", "opencode")
    engine.close()
    #expect(try examine().findings.isEmpty)
    #expect(try examine().notes.count == 2)
    try file(".claude/settings.json")
    try file(".local/share/opencode/storage/session/p/x.json")
    #expect(try kinds(examine()) == ["b": "transcriptGone"])
    try file(".local/share/opencode/opencode.db")
    #expect(try examine().findings.isEmpty)
    #expect(try examine().notes.last?.contains("opencode.db") == true)
  }

  @Test func `links are not followed, and an id that is a path is not looked for`() throws {
    let engine = try place.engine()
    try bind(engine, "linked", "linked")
    try bind(engine, "outside", "outside")
    try bind(engine, "path", "../../secret")
    engine.close()
    try file("elsewhere/linked.jsonl")
    try file("elsewhere/outside.jsonl")
    try file(".claude/projects/-srv-my-app/x.jsonl")
    let project = home + "/.claude/projects/"
    let manager = FileManager.default
    try manager.createSymbolicLink(
      atPath: project + "-srv-my-app/linked.jsonl",
      withDestinationPath: home + "/elsewhere/linked.jsonl")
    try manager.createSymbolicLink(
      atPath: project + "-srv-else", withDestinationPath: home + "/elsewhere")
    let found = try examine()
    #expect(kinds(found) == ["linked": "transcriptGone", "outside": "transcriptGone"])
    #expect(found.notes.contains { $0.hasPrefix("path: its id is no name") })
  }

  @Test func `lost leases, dead epochs and queues that nobody empties`() throws {
    let engine = try place.engine()
    try leaveBehind(engine)
    engine.close()
    let found = try examine(at: 3_600)
    #expect(kinds(found) == ["leased": "leaseExpired", "queued": "stuckQueue"])
    let stuck = try #require(found.findings.first { $0.kind == .stuckQueue })
    #expect(stuck.remedy?.method == "cancel")
    #expect(stuck.because.hasPrefix("the wake by message"), "\(stuck.because)")
    #expect(try examine(at: 4).findings.isEmpty)
  }

  private func started(_ bulk: Bulk) -> HostStarted {
    var started = HostStarted()
    started.host = bulk.symbol("h", Space.Host.self)
    started.epoch = 2
    return started
  }

  // The engine ends such runs when their host starts; a log that another wrote may have one.
  @Test func `a run of a dead epoch`() throws {
    let engine = try place.engine()
    try engine.ask("host", ["host": "h", "at": .integer(start - 5_000)])
    try bind(engine, "old", "", wake: ["host": "h", "epoch": 1], ends: false)
    let at = Instant(milliseconds: start + 1_000)!
    try engine.bulk { bulk in
      let host = started(bulk)
      bulk.append(
        Event(
          sequence: bulk.position.next, at: at, session: .none, run: .none,
          generation: Generation(0), previous: SequenceNumber(1), body: .hostStarted(host)))
    }
    engine.close()
    let found = try examine()
    #expect(kinds(found) == ["old": "deadEpoch"])
    #expect(found.findings.first?.remedy?.method == "abandon")
  }

  @Test func `what is found is settled by the methods of the engine`() throws {
    let engine = try place.engine()
    try bind(engine, "gone", "1")
    try leaveBehind(engine)
    engine.close()
    try file(".claude/projects/-srv-my-app/x.jsonl")
    let found = try examine(at: 600)
    #expect(found.findings.count == 3)
    let fixing = try place.engine()
    for finding in found.findings {
      let remedy = try #require(finding.remedy)
      try fixing.ask(remedy.method, remedy.params.with(["at": .integer(start + 600_000)]))
    }
    let session = try fixing.ask("session", ["session": "gone"])
    #expect(session["bound"] == .null)
    #expect(session["condemned"]?.array?.first?["because"] == "missingTranscript")
    #expect(try fixing.ask("session", ["session": "queued"])["pending"] == false)
    fixing.close()
    #expect(try examine(at: 1_200).findings.isEmpty)
  }

  /// The doctor had nothing to say about a wrong clock, a silent run, a loop of condemned ids.
  @Test(arguments: AttentionKind.allCases)
  func `there is something to do about whatever attention tells of`(kind: AttentionKind) {
    #expect(Examination.Kind(kind).rawValue == kind.rawValue)
    let advice = Examination.advice(
      kind, session: "s", run: SequenceNumber(7), process: kind == .oldReader ? 4_711 : nil)
    #expect(advice.count > 20)
    #expect(kind != .oldReader || advice.contains("kill -CONT 4711"))
    #expect(kind != .silentRun || advice.contains("abandon 7"))
  }

  @Test func `a clock that was ahead and a silent run are found`() throws {
    let engine = try place.engine()
    try bind(engine, "quiet", "", ends: false)
    try bind(engine, "ahead", "", wake: ["at": .integer(start + 50 * 86_400_000)], ends: false)
    engine.close()
    let found = try examine(at: 10 * 86_400)
    let kinds = found.findings.map(\.kind)
    #expect(kinds.contains(.clock) && kinds.contains(.silentRun), "\(kinds)")
    #expect(found.findings.allSatisfy { !$0.advice.isEmpty })
  }
}
