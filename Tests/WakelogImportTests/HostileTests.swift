import Foundation
import Testing
import Wakelog
import WakelogModel

@testable import WakelogImport

/// Stores that somebody made to do harm, or that a full disk cut off.
struct HostileTests {
  static let key = HermesTests.key

  @Test(arguments: ["../../etc/passwd", "a/b", "..", "a\\b", "x\u{1B}[2J"])
  func `an id that could name a path is reported and not taken`(_ id: String) throws {
    let place = try Place()
    let text = JSONValue.object(
      JSONObject([
        .init(
          name: Self.key,
          value: ["session_id": .string(id), "updated_at": "2026-04-18T12:00:00"])
      ])
    ).text
    try place.write("home/sessions/sessions.json", text)
    let imported = try place.take(.hermes, place.path + "/home")
    #expect(imported.findings == ["skipped sessions/sessions.json/\(Self.key) session_id"])
    #expect(imported.events == [])
  }

  @Test func `a link out of the store is reported and not followed`() throws {
    let place = try Place()
    let secret = try place.write("secret.json", #"{"k": {"session_id": "stolen"}}"#)
    try place.write("home/sessions/x.jsonl", "")
    let link = place.path + "/home/sessions/sessions.json"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: secret)
    let imported = try place.take(.hermes, place.path + "/home")
    #expect(imported.findings == ["skipped sessions/sessions.json -"])
    #expect(imported.events == [])
  }

  @Test(arguments: ["state.db", "state.db-wal"])
  func `a database that is a link is not followed`(_ name: String) throws {
    let place = try Place()
    let store = try place.store("hermes/life")
    try FileManager.default.createDirectory(
      atPath: place.path + "/home", withIntermediateDirectories: true)
    if name != "state.db" {
      try FileManager.default.copyItem(
        atPath: store + "/state.db", toPath: place.path + "/home/state.db")
    }
    try FileManager.default.createSymbolicLink(
      atPath: place.path + "/home/" + name, withDestinationPath: store + "/state.db")
    #expect(throws: ImportError.self) { try place.take(.hermes, place.path + "/home") }
  }

  @Test func `a file that is cut off tells what is whole`() throws {
    let place = try Place()
    let store = try place.store("paperclip/life")
    let file = store + "/heartbeat_runs.jsonl"
    let bytes = try #require(FileManager.default.contents(atPath: file))
    try bytes.dropLast(40).write(to: URL(fileURLWithPath: file))
    let imported = try place.take(.paperclip, store)
    #expect(imported.findings.count == 1)
    #expect(imported.findings[0].hasPrefix("skipped heartbeat_runs.jsonl@"))
    #expect(imported.report.events == 54)
  }

  @Test func `bytes that are no UTF-8, and a line that is too long, are reported`() throws {
    let place = try Place()
    var bytes = Data(#"{"id": "1", "agent_id": ""#.utf8) + Data([0xFF, 0xFE]) + Data("\"}\n".utf8)
    bytes += Data(repeating: UInt8(ascii: "x"), count: Lines.longest + 70_000) + Data("\n".utf8)
    bytes += Data(#"{"id": "2", "agent_id": "a", "status": "succeeded", "#.utf8)
    bytes += Data(#""started_at": 1777890000, "finished_at": 1777890060000}"#.utf8)
    try place.write("rows/heartbeat_runs.jsonl", bytes)
    let imported = try place.take(.paperclip, place.path + "/rows")
    #expect(
      imported.findings == [
        "skipped heartbeat_runs.jsonl@0 -", "skipped heartbeat_runs.jsonl@30 -",
      ]
    )
    // Seconds and milliseconds are told apart.
    #expect(imported.events("run.finished")[0]["at"] == "2026-05-04T10:21:00+00:00")
    #expect(imported.events("run.started")[0]["at"] == "2026-05-04T10:20:00+00:00")
  }

  /// A trajectory's was left out in silence.
  @Test(arguments: ["1.trajectory.jsonl", "3.jsonl"])
  func `a line of a transcript that is too long is reported`(_ name: String) throws {
    let place = try Place()
    let store = try place.store("openclaw/life")
    let row = "sessions/1f0c0000-0000-4000-8000-00000000000" + name
    let file = try #require(FileHandle(forWritingAtPath: "\(store)/agents/main/\(row)"))
    try file.seekToEnd()
    try file.write(contentsOf: Data(repeating: UInt8(ascii: "x"), count: Lines.longest + 70_000))
    try file.close()
    #expect(try place.take(.openclaw, store).findings.contains("skipped \(row) -"))
  }

  @Test func `a cycle of parents is reported`() throws {
    let place = try Place()
    let database = try SQLiteFile(try place.write("home/state.db", ""))
    try database.execute(
      """
      CREATE TABLE sessions (id TEXT PRIMARY KEY, source TEXT, parent_session_id TEXT,
        started_at REAL, ended_at REAL, end_reason TEXT);
      INSERT INTO sessions VALUES ('a', 'cli', 'b', 1776513600, 1776513700, 'compression'),
        ('b', 'cli', 'a', 1776513650, 1776513700, 'compression');
      """)
    let imported = try place.take(.hermes, place.path + "/home")
    #expect(
      imported.findings == [
        "skipped sessions/a parent_session_id", "skipped sessions/b parent_session_id",
      ])
  }

  @Test func `a directory that is no store is an error that says what to give`() throws {
    let place = try Place()
    for host in HostKind.allCases {
      let error = #expect(throws: ImportError.self) { try place.take(host, place.path) }
      #expect(error?.message.isEmpty == false)
    }
  }

  @Test(arguments: [
    ("2026-03-29T01:30:00", "Europe/Berlin", "2026-03-29T01:30:00+01:00"),
    ("2026-03-29 03:30:00", "Europe/Berlin", "2026-03-29T03:30:00+02:00"),
    ("2026-10-25T02:30:00", "Europe/Berlin", "2026-10-25T02:30:00+02:00"),
    ("2026-07-01 12:00:00", "-03:30", "2026-07-01T12:00:00-03:30"),
    ("2026-07-01 12:00:00.25+00", "Asia/Tokyo", "2026-07-01T12:00:00.25Z"),
    ("1776513600", "UTC", "2026-04-18T12:00:00Z"),
    ("1776513600123", "UTC", "2026-04-18T12:00:00.123Z"),
  ])
  func `times of every form are read`(_ text: String, _ zone: String, _ expected: String) throws {
    let time = SourceTime(zone: try #require(TimeZoneRule(zone)))
    #expect(time.read(text) == Instant(expected))
  }

  @Test(arguments: [
    "", "yesterday", "-1", "1e300", "nan", "2026-13-01T00:00:00", "99999999999999999",
  ])
  func `what is no time is none`(_ text: String) {
    #expect(SourceTime(zone: .utc).read(text) == nil)
  }

  @Test(arguments: ["Mars/Olympus", "../../etc/passwd", "", "+25:00"])
  func `what is no zone is none`(_ text: String) {
    #expect(TimeZoneRule(text) == nil)
  }
}
