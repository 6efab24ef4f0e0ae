import Foundation
import TestSupport
import Testing
import Wakelog

/// `wakelog import` as it is typed.
struct ImportTests {
  private static func fixture(_ name: String) -> String {
    Repository.path("Tests/Fixtures/import/" + name)
  }

  @Test(arguments: [
    ("hermes", "hermes/life", 70), ("archon", "archon/life.db", 43),
    ("paperclip", "paperclip/life", 57), ("openclaw", "openclaw/database", 13),
  ])
  func `a host's store becomes a log, once`(_ host: String, _ name: String, _ events: Int64) throws
  {
    let scratch = try Scratch()
    let arguments = ["import", host, Self.fixture(name), "--log", scratch.log, "--json"]
    let first = try Tool.run(arguments)
    #expect(first.status == 0)
    #expect(first.json["events"] == .integer(events))
    #expect(try Tool.run(arguments).json["events"] == 0)
    #expect(try Tool.run(["verify", "--log", scratch.log]).status == 0)
  }

  @Test func `findings are a table for people`() throws {
    let scratch = try Scratch()
    let outcome = try Tool.run([
      "import", "openclaw", Self.fixture("openclaw/life"), "--log", scratch.log,
    ])
    #expect(outcome.output.contains("15 facts of openclaw: 35 events appended"))
    #expect(outcome.output.contains("cliSessionBindings says otherwise, and is believed"))
  }

  @Test func `what cannot be imported makes no log`() throws {
    let scratch = try Scratch()
    let wrong: [([String], Int32)] = [
      (["import", "hermse", scratch.path], 2), (["import", "hermes"], 2),
      (["import", "hermes", scratch.path + "/none"], 4), (["import", "archon", scratch.path], 4),
      (["import", "hermes", scratch.path, "--time-zone", "Mars"], 2),
      (["import", "archon", "--database", "postgresql:///x"], 2),
    ]
    for (arguments, status) in wrong {
      let outcome = try Tool.run(arguments + ["--log", scratch.log])
      #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
      #expect(!outcome.errors.isEmpty)
      #expect(!FileManager.default.fileExists(atPath: scratch.log))
    }
  }
}
