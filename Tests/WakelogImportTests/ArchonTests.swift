import Foundation
import Testing
import Wakelog
import WakelogImport

/// Databases with Archon's tables; see make.py beside them.
struct ArchonTests {
  @Test func `sessions end with their reasons, also with one that nobody knows any more`() throws {
    let imported = try Place().take(.archon, Fixture.path("archon/life.db"))
    #expect(
      imported.events("session.reset").map { [$0["cause"], $0["because"]] } == [
        ["asked", "reset-requested"], ["reason", "plan-to-execute"], [nil, "cwd-changed"],
      ])
    #expect(imported.violations == [])
    #expect(imported.findings == [])
    #expect(imported.sessions["telegram:4242"]?["generation"] == 3)
  }

  @Test func `what a closed session pointed to is told before its wall`() throws {
    let imported = try Place().take(.archon, Fixture.path("archon/life.db"))
    let story = imported.story("telegram:4242").filter {
      $0.hasPrefix("session.reset") || $0.hasPrefix("session.bound")
    }
    #expect(
      story == [
        "session.bound 11111111-aaaa-4aaa-8aaa-111111111111",
        "session.reset asked “reset-requested”",
        "session.bound 22222222-aaaa-4aaa-8aaa-222222222222",
        "session.reset reason “plan-to-execute”",
        "session.bound 33333333-aaaa-4aaa-8aaa-333333333333",
      ])
  }

  @Test func `a workflow that was resumed is a run of two attempts`() throws {
    let imported = try Place().take(.archon, Fixture.path("archon/life.db"))
    let session = try #require(imported.sessions["github:acme/app#7/workflow:fix-issue"])
    #expect(session["lastRun"]?["attempts"] == 2)
    #expect(session["lastRun"]?["outcome"] == "succeeded")
    #expect(session["lastError"] == .null)
    let failed = imported.events("attempt.finished").first { $0["outcome"] == "failed" }
    #expect(failed?["failure"] == "rateLimited")
  }

  /// Archon #1280: after a restart every message fails, since the id of the failing result is kept
  /// for the next one.
  @Test func `incident 1280 is found by the laws`() throws {
    let imported = try Place().take(.archon, Fixture.path("archon/incident-1280.db"))
    #expect(
      imported.violations == [
        "proofBeforeResume archon#1280 7"
      ])
    let session = try #require(imported.sessions["slack:C1/1700000000.1"])
    #expect(session["bound"]?["sessionId"] == "50000000-bbbb-4bbb-8bbb-000000000005")
    #expect(session["lastError"]?["kind"] == "unknownSession")
  }

  @Test func `importing again adds nothing`() throws {
    let place = try Place()
    let first = try place.take(.archon, Fixture.path("archon/life.db"))
    let second = try place.take(.archon, Fixture.path("archon/life.db"))
    #expect(second.report.events == 0)
    #expect(second.stateHash == first.stateHash)
  }

  @Test func `exported rows give the same log as the database`() throws {
    let place = try Place()
    try place.write(
      "rows/remote_agent_conversations.jsonl",
      """
      {"id":"c","platform_type":"telegram","platform_conversation_id":"9","ai_assistant_type":"claude"}

      """)
    try place.write(
      "rows/remote_agent_sessions.jsonl",
      """
      {"id":"s","conversation_id":"c","ai_assistant_type":"claude","assistant_session_id":"id-1","active":true,"started_at":"2026-02-01T08:00:00+00:00","ended_at":null}

      """)
    try place.write(
      "rows/remote_agent_messages.csv",
      """
      id,conversation_id,role,content,metadata,created_at
      m1,c,user,"Hi, ""you""
      there",{},2026-02-01 08:00:00.5+00
      m2,c,assistant,Hello,"{""a"": 1}",2026-02-01 08:00:09+00

      """)
    let imported = try place.take(.archon, place.path + "/rows")
    #expect(
      imported.story("telegram:9") == [
        "session.opened", "wake.requested", "run.started", "attempt.started",
        "attempt.finished succeeded id-1", "session.bound id-1", "run.finished succeeded",
      ])
    #expect(imported.findings == [])
  }

  @Test func `a cycle in the chain of parents is reported, and the rows are taken`() throws {
    let place = try Place()
    try place.write(
      "rows/remote_agent_sessions.jsonl",
      """
      {"id":"a","conversation_id":"c","parent_session_id":"b","active":0,"started_at":"2026-02-01 08:00:00","ended_at":"2026-02-01 09:00:00"}
      {"id":"b","conversation_id":"c","parent_session_id":"a","active":1,"started_at":"2026-02-01 09:00:00","assistant_session_id":"x"}

      """)
    let imported = try place.take(.archon, place.path + "/rows")
    #expect(
      imported.findings == [
        "skipped remote_agent_sessions/a parent_session_id",
        "skipped remote_agent_sessions/b parent_session_id",
      ])
    #expect(imported.sessions["archon:c"]?["bound"]?["sessionId"] == "x")
  }
}
