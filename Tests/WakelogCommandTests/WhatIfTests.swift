import Foundation
import Testing
import Wakelog
import WakelogForensics
import WakelogModel
import WakelogTesting

@testable import WakelogCommand

/// `replay` and `minimise`, and the demo's incidents put to them.
@Suite(.serialized) struct WhatIfTests {
  /// The demo's logs, made by the tool for all tests here; they go away with this process.
  private static let demo: Result<Scratch, any Error> = Result {
    atexit {
      guard let scratch = try? WhatIfTests.demo.get() else { return }
      try? FileManager.default.removeItem(atPath: scratch.path)
    }
    let scratch = try Scratch()
    let made = try Tool.run(["demo", "--log", scratch.path + "/demo"])
    #expect(made.status == 0, "\(made.output)")
    return scratch
  }

  private func log(_ name: String) throws -> String { try Self.demo.get().path + "/demo/" + name }

  /// The events of one incident of the demo, as the host left them, as a log of their own.
  /// The log lies in a folder that has to outlive it.
  private func incident(
    _ name: String
  ) throws -> (events: [Event], log: IncidentLog, folder: Scratch) {
    let scratch = try Scratch()
    let show = try Demo.Show(directory: scratch.path + "/demo")
    let act = try #require(show.acts.first { $0.incident.name == name })
    let log = try IncidentLog.open(show.pastDirectory)
    let own = try log.events().filter { act.past.events.contains($0.sequence.value) }
    let first = act.past.events.lowerBound - 1
    return (own.map { $0.mappingPositions { SequenceNumber($0.value &- first) } }, log, scratch)
  }

  @Test(arguments: [
    ("paperclip-6608", "paperclip@issue-6608"), ("paperclip-1907", "paperclip@before-1907"),
    ("archon-1280", "archon@before-1294"), ("hermes-3210", "hermes@before-3220"),
    ("openclaw-77011", "openclaw@2026.5.2"),
  ])
  func `an incident follows from its host's rules, and not from the engine's`(
    name: String, host: String
  ) throws {
    let (events, log, folder) = try incident(name)
    defer { withExtendedLifetime(folder) { log.close() } }
    let past = try #require(AsItWas(named: host))
    let policy = Policy.builtIn(named: past.host.policy)
    let same = Comparison(events, log, policy: policy, rules: past)
    #expect(same.divergences.isEmpty, "\(same.divergences)")
    #expect(same.decisions >= 10)
    #expect(same.recorded == same.replayed)
    let here = Comparison(events, log, policy: policy)
    #expect(!here.divergences.isEmpty)
    #expect(here.replayed.failedRuns <= here.recorded.failedRuns)
    #expect(here.replayed.deadResumes <= here.recorded.deadResumes)
    var checker = LawChecker(suspectLimit: 2)
    for event in here.replay { checker.observe(event) }
    checker.finish()
    #expect(checker.violations.isEmpty, "\(checker.violations)")
  }

  @Test func `a log of the engine's replays to itself`() throws {
    let result = try Tool.run(["replay", "--log", log("here"), "--json"])
    #expect(result.status == 0)
    #expect(result.json["divergences"]?.array?.isEmpty == true, "\(result.output)")
    #expect(result.json["decisions"]?.integer ?? 0 > 100)
    #expect(result.json["recorded"] == result.json["replayed"])
    #expect(result.json["recorded"]?["runs"] == 37)
  }

  @Test func `another policy is compared, with what got better and what got worse`() throws {
    let folder = try log("as-it-was")
    let result = try Tool.run(["replay", "--policy", "standard", "--log", folder, "--json"])
    #expect(result.status == 0)
    #expect(result.json["policy"] == "standard")
    #expect(result.json["replayed"]?["deadResumes"]?.integer ?? .max < 10)
    #expect(result.json["recorded"]?["deadResumes"]?.integer ?? 0 > 15)
    let first = result.json["divergences"]?.array?.first
    #expect(first?["session"] == "acme/ada/gemini_local/T-7")
    #expect(first?["seq"]?.integer == 20)
    #expect(result.json["worse"]?.array?.contains { $0["total"] == "coldStarts" } == true)
    let table = try Tool.run(["replay", "--policy", "standard", "--log", folder])
    #expect(table.output.contains("dead resumes"))
    #expect(table.output.contains("condemn 7c41d2e0…"))
  }

  @Test(arguments: [
    (["replay", "--policy", "archon@1", "--log", "."], "archon@before-1294"),
    (["minimise", "--log", "."], "--law NAME is missing"),
    (["minimise", "--law", "deadStaysdead", "--log", "."], "deadStaysDead"),
    (["minimise", "--law", "deadStaysDead", "--emit", "c", "--log", "."], "swift or json"),
  ])
  func `a wrong call says what would be right`(arguments: [String], words: String) throws {
    let result = try Tool.run(arguments)
    #expect(result.status == 2)
    #expect(result.errors.contains(words), "\(result.errors)")
  }

  @Test func `a law that the log keeps is refused`() throws {
    let result = try Tool.run(["minimise", "--law", "deadStaysDead", "--log", log("here")])
    #expect(result.status == 4)
    #expect(result.errors.contains("nothing in this log breaks deadStaysDead"))
  }

  @Test func `what is emitted as JSON is a log that breaks the law, without ids`() throws {
    let folder = try log("as-it-was")
    let result = try Tool.run([
      "minimise", "--law", "deadStaysDead", "--emit", "json", "--log", folder,
    ])
    #expect(result.status == 0)
    #expect(!result.output.contains("7c41d2e0"))
    #expect(result.lines.count < 20)
    let full = try Tool.run([
      "minimise", "--law", "deadStaysDead", "--emit", "json", "--full-ids", "--log", folder,
    ])
    #expect(full.output.contains("7c41d2e0"))
    let scratch = try Scratch()
    let imported = try Tool.run(
      ["import", "wakelog", "-", "--log", scratch.log], input: result.output)
    #expect(imported.status == 0, "\(imported.errors)")
    let found = try Tool.run(["diagnose", "--log", scratch.log, "--json"])
    let laws = found.json["violations"]?.array?.compactMap { $0["law"]?.string } ?? []
    #expect(laws.contains("deadStaysDead"))
  }

  @Test func `what is emitted as Swift is of the host that it happened to`() throws {
    let folder = try log("as-it-was")
    let result = try Tool.run([
      "minimise", "--law", "deadStaysDead", "--emit", "swift", "--log", folder,
    ])
    #expect(result.status == 0)
    #expect(result.output.contains("withKnownIssue { keepsTheLaw(AsItWas(PaperclipIssue6608())) }"))
    #expect(!result.output.contains("7c41d2e0"))
  }
}
