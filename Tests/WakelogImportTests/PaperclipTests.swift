import Foundation
import Testing
import Wakelog
import WakelogImport

/// Rows of Paperclip's tables; see make.py beside them.
struct PaperclipTests {
  static let agent = "c0000000-0000-4000-8000-000000000001/a0000000-0000-4000-8000-00000000000"
  static let issue = agent + "a/claude_local/issue-1"

  @Test func `runs, wakes and sessions are told in order`() throws {
    let imported = try Place().take(.paperclip, Fixture.path("paperclip/life"))
    let story = imported.story(Self.issue).filter {
      $0.hasPrefix("attempt") || $0.hasPrefix("session") || $0.hasPrefix("wake.c")
    }
    #expect(
      story == [
        "session.opened", "attempt.started fresh", "wake.coalesced",
        "attempt.finished succeeded s-1", "session.bound s-1", "attempt.started resume s-1",
        "attempt.finished succeeded s-1", "attempt.started resume s-1",
        "attempt.finished failed rateLimited “status.429”", "attempt.started resume s-1",
        "attempt.finished succeeded s-1", "attempt.started resume s-1",
        "attempt.finished failed unknownSession “session.unknown.paperclip”",
        "attempt.started fresh", "attempt.finished succeeded s-1b", "session.bound s-1b",
        "attempt.started", "attempt.finished succeeded s-2",
        "session.bound s-2", "session.reset forceFresh", "attempt.started fresh",
        "attempt.finished succeeded s-3", "session.bound s-3", "attempt.started resume s-3",
        "attempt.finished failed",
      ])
    #expect(imported.violations == [])
    #expect(imported.findings == [])
  }

  @Test func `a failure without a word has no kind`() throws {
    let imported = try Place().take(.paperclip, Fixture.path("paperclip/life"))
    let session = try #require(imported.sessions[Self.issue])
    #expect(session["lastRun"]?["outcome"] == "failed")
    #expect(session["lastRun"]?["failure"] == .null)
  }

  @Test func `a run that goes on is open, and ends with a later import`() throws {
    let place = try Place()
    let store = try place.store("paperclip/life")
    let key = Self.agent + "a/claude_local/__heartbeat__"
    let first = try place.take(.paperclip, store)
    #expect(first.sessions[key]?["status"] == "running")
    let file = store + "/heartbeat_runs.jsonl"
    let text = try String(contentsOfFile: file, encoding: .utf8)
      .replacingOccurrences(
        of: #""status": "running", "started_at": "2026-07-04T10:00:00.000Z", "finished_at": null"#,
        with:
          #""status": "cancelled", "started_at": "2026-07-04T10:00:00.000Z", "finished_at": "2026-07-04T10:30:00.000Z""#
      )
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    let second = try place.take(.paperclip, store)
    #expect(second.report.events == 2)
    #expect(second.sessions[key]?["lastRun"]?["outcome"] == "cancelled")
    #expect(try place.take(.paperclip, store).report.events == 0)
  }

  /// Paperclip #6608: the provider no longer knows the id, and every heartbeat offers it again.
  @Test func `incident 6608 is found by the laws`() throws {
    let imported = try Place().take(.paperclip, Fixture.path("paperclip/incident-6608"))
    #expect(imported.violations == ["deadStaysDead paperclip#6608 5"])
    let session = try #require(imported.sessions[Self.agent + "b/gemini_local/triage"])
    #expect(session["bound"]?["sessionId"] == "7d0d4a3e-1111-4222-8333-444455556666")
    // No text of Gemini's was known to the adapter: no run fell back.
    #expect(session["counters"]?["fallbacks"] == 0)
  }

  @Test func `the line of an adapter that started again is an attempt of its own`() throws {
    let imported = try Place().take(.paperclip, Fixture.path("paperclip/life"))
    let session = try #require(imported.sessions[Self.issue])
    #expect(session["counters"]?["fallbacks"] == 1)
    let line = imported.story(Self.issue).firstIndex {
      $0.hasPrefix("attempt.finished failed unknownSession")
    }
    let story = imported.story(Self.issue).dropFirst(try #require(line) + 1).prefix(4)
    #expect(
      story == [
        "fallback.taken failure unknownSession", "attempt.started fresh",
        "attempt.finished succeeded s-1b", "session.bound s-1b",
      ])
  }

  @Test func `a fallback that reported no id left nothing to resume`() throws {
    let place = try Place()
    let store = try place.store("paperclip/life")
    let file = store + "/heartbeat_runs.jsonl"
    var lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
    let index = try #require(lines.firstIndex { $0.contains(#""session_id_after": "s-1b""#) })
    lines[index] = Substring(
      lines[index].replacingOccurrences(
        of: #""session_id_after": "s-1b""#, with: #""session_id_after": null"#))
    try lines.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
    let imported = try place.take(.paperclip, store)
    #expect(imported.story(Self.issue).contains("session.cleared s-1"))
  }

  @Test func `a status that its own runs deny is a difference`() throws {
    let place = try Place()
    let store = try place.store("paperclip/incident-6608")
    let file = store + "/agent_runtime_state.jsonl"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try text.replacingOccurrences(of: #""failed""#, with: #""succeeded""#)
      .write(toFile: file, atomically: true, encoding: .utf8)
    let imported = try place.take(.paperclip, store)
    let finding = try #require(imported.report.findings.first)
    #expect(finding.kind == .difference)
    #expect(finding.field == "agentLastOutcome")
    #expect([finding.store, finding.log] == ["succeeded", "failed"])
  }

  @Test func `a row that its own history denies is taken, and reported`() throws {
    let place = try Place()
    let store = try place.store("paperclip/life")
    let file = store + "/agent_task_sessions.csv"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try text.replacingOccurrences(of: "s-3", with: "s-9")
      .write(toFile: file, atomically: true, encoding: .utf8)
    let imported = try place.take(.paperclip, store)
    #expect(imported.sessions[Self.issue]?["bound"]?["sessionId"] == "s-9")
    let finding = try #require(imported.report.findings.first)
    #expect(finding.field == "binding")
    #expect([finding.store, finding.log] == ["s-9", "s-3"])
    #expect(try place.take(.paperclip, store).report.events == 0)
  }

  @Test func `importing again adds nothing, and two stores share a log by name`() throws {
    let place = try Place()
    let first = try place.take(.paperclip, Fixture.path("paperclip/life"))
    #expect(try place.take(.paperclip, Fixture.path("paperclip/life")).report.events == 0)
    let named = try place.take(.paperclip, Fixture.path("paperclip/life"), name: "other")
    #expect(named.report.events == first.report.events)
    #expect(named.sessions["other/" + Self.issue]?["bound"]?["sessionId"] == "s-3")
  }
}
