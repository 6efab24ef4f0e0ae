import Foundation
import Testing
import Wakelog
import WakelogImport

/// State directories of OpenClaw; see make.py beside them.
struct OpenClawTests {
  static let key = "agent:main:telegram:direct:42"
  static let entry = "sessions/sessions.json/\(key)"

  @Test func `trajectories are runs, and an archive is a reset`() throws {
    let imported = try Place().take(.openclaw, Fixture.path("openclaw/life"))
    let id = "9ab00000-0000-4000-8000-000000000002"
    #expect(
      imported.story(Self.key).filter { !$0.hasPrefix("wake") && !$0.hasPrefix("run") } == [
        "session.opened", "attempt.started", "attempt.finished succeeded", "attempt.started",
        "attempt.finished succeeded", "session.reset “reset”", "attempt.started",
        "attempt.finished succeeded \(id)", "session.bound \(id)",
        "attempt.started resume \(id)",
        "attempt.finished failed rateLimited “status.429”",
      ])
    #expect(imported.violations == [])
  }

  // Later versions compress archives. That the key was reset stands in the name.
  @Test func `a compressed archive is a reset, and unread turns are reported`() throws {
    let place = try Place()
    let store = try place.store("openclaw/life")
    let folder = store + "/agents/main/sessions/"
    let archive = "1f0c0000-0000-4000-8000-000000000001.jsonl.reset.2026-05-03T09-40-21.000Z"
    try FileManager.default.moveItem(
      atPath: folder + archive, toPath: folder + archive + ".zst")
    let other = "1f0c0000-0000-4000-8000-000000000003.jsonl.reset.2026-05-03T11-00-00.000Z.zst"
    try Data([0x28, 0xB5, 0x2F, 0xFD]).write(to: URL(filePath: folder + other))
    let imported = try place.take(.openclaw, store)
    #expect(imported.events("session.reset").count == 2)
    #expect(imported.findings.contains { $0.hasPrefix("skipped sessions/\(other)") })
  }

  @Test func `copies of a binding that disagree are conflicts`() throws {
    let imported = try Place().take(.openclaw, Fixture.path("openclaw/life"))
    #expect(
      imported.findings == [
        "conflict \(Self.entry) cliSessionIds", "conflict \(Self.entry) claudeCliSessionId",
      ])
    #expect(
      imported.sessions[Self.key]?["bound"]?["sessionId"] == "9ab00000-0000-4000-8000-000000000002"
    )
  }

  @Test func `a transcript without trajectory tells its turns`() throws {
    let imported = try Place().take(.openclaw, Fixture.path("openclaw/life"))
    let session = try #require(imported.sessions["agent:main:telegram:group:-7"])
    #expect(session["counters"]?["runs"] == 2)
    #expect(session["lastRun"]?["outcome"] == "succeeded")
  }

  /// OpenClaw #77011: the CLI's transcript is gone, and every heartbeat resumes it for five minutes.
  @Test func `incident 77011 is found by the laws`() throws {
    let imported = try Place().take(.openclaw, Fixture.path("openclaw/incident-77011"))
    #expect(imported.violations == ["everyWakeSettles openclaw#77011 2"])
    #expect(imported.events("attempt.finished").last?["failure"] == "timeout")
  }

  @Test func `the database tells its windows and transcripts`() throws {
    let imported = try Place().take(.openclaw, Fixture.path("openclaw/database"))
    #expect(imported.events("session.reset").map { $0["cause"] } == ["asked"])
    #expect(imported.sessions[Self.key]?["counters"]?["runs"] == 2)
    #expect(
      imported.sessions[Self.key]?["bound"]?["sessionId"] == "9ab00000-0000-4000-8000-000000000007"
    )
    #expect(imported.findings == [])
  }

  @Test(arguments: ["life", "incident-77011", "database"])
  func `importing again adds nothing`(_ name: String) throws {
    let place = try Place()
    let first = try place.take(.openclaw, Fixture.path("openclaw/" + name))
    let second = try place.take(.openclaw, Fixture.path("openclaw/" + name))
    #expect(second.report.events == 0)
    #expect(second.stateHash == first.stateHash)
  }
}
