import Foundation
import Testing
import WakelogProviders

/// Whether a CLI's transcript is there: with an answer of a model, or not at all.
struct TranscriptTests {
  private let home: String

  init() throws {
    home = NSTemporaryDirectory() + "wakelog-transcripts-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
  }

  private func write(_ path: String, _ lines: String...) throws {
    let place = "\(home)/\(path)"
    try FileManager.default.createDirectory(
      atPath: (place as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try lines.joined(separator: "\n").write(toFile: place, atomically: true, encoding: .utf8)
  }

  private func exists(_ provider: String, _ id: String, in workspace: String? = nil) throws -> Bool?
  {
    try #require(Provider.named(provider)).transcript(of: id, workspace: workspace, home: home)
      .exists
  }

  // As Claude Code 2.1.332 writes them: the prompt of a call that the API refused is kept as well.
  @Test func `Claude's counts once a model has answered`() throws {
    let user = #"{"type":"user","message":{"role":"user","content":"hi"}}"#
    try write(
      "projects/-srv-app/answered.jsonl", user,
      #"{"type":"assistant","message":{"model":"claude-opus-5-5","role":"assistant","content":[]}}"#
    )
    try write("projects/-srv-app/asked.jsonl", user)
    try write(
      "projects/-srv-app/refused.jsonl", user,
      #"{"type":"assistant","message":{"model":"<synthetic>","content":[{"type":"text"}]}}"#)
    try write("projects/-srv-app/empty.jsonl")
    #expect(try exists("claude", "answered", in: "/srv/app") == true)
    #expect(try exists("claude", "answered") == true)
    #expect(try exists("claude", "asked") == false)
    #expect(try exists("claude", "refused") == false)
    #expect(try exists("claude", "empty") == false)
    #expect(try exists("claude", "never") == false)
    // Newer versions find it from there, older ones do not.
    #expect(try exists("claude", "answered", in: "/srv/other") == nil)
    #expect(try exists("claude", "../answered") == nil)
  }

  @Test func `Codex's does, and Copilot's`() throws {
    let meta = #"{"type":"session_meta","payload":{"id":"one"}}"#
    let asked = #"{"type":"response_item","payload":{"type":"message","role":"user"}}"#
    try write(
      "sessions/2026/12/01/rollout-2026-12-01T13-48-17-01a2-one.jsonl", meta, asked,
      #"{"type":"response_item","payload":{"type":"message","role":"assistant"}}"#)
    try write("sessions/2026/12/01/rollout-2026-12-01T13-48-18-01a2-two.jsonl", meta, asked)
    #expect(try exists("codex", "01a2-one") == true)
    #expect(try exists("codex", "01a2-two") == false)
    try write("session-state/three/events.jsonl", #"{"type":"assistant.message","data":{}}"#)
    try write("session-state/four/events.jsonl", #"{"type":"user.message","data":{}}"#)
    #expect(try exists("copilot", "three") == true)
    #expect(try exists("copilot", "four") == false)
  }

  @Test func `where nobody knows, nothing is said`() throws {
    #expect(try exists("goose", "x") == nil)
    #expect(try exists("claude", "x") == nil)
  }
}
