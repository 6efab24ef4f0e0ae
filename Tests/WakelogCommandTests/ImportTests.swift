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

  /// Hosts keep `{ key: id }` in a file: what it says is adopted, once, or nothing of it.
  @Test func `a host's own table is adopted, and comes out again`() throws {
    let scratch = try Scratch()
    let file = scratch.path + "/map"
    func adopt(_ text: String, _ options: String..., into log: String? = nil) throws -> Tool.Outcome
    {
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      return try Tool.run(
        ["import", "map", file, "--log", log ?? scratch.log, "--by", "ada"] + options)
    }
    let first = try adopt(
      #"{"a":"id-a","b":{"sessionId":"id-b","provider":"codex","workspace":"/srv/b"},"c":null}"#,
      "--agent", "main", "--provider", "claude")
    #expect(first.output.contains("2 sessions adopted, 1 without an id"))
    let sessions = try Tool.run(["sessions", "--log", scratch.log, "--json"])
    #expect(sessions.json.array?[0]["bound"]?["sessionId"] == "id-a")
    #expect(sessions.json.array?[1]["bound"]?["workspace"]?["path"] == "/srv/b")
    // Out, and into another log.
    let second = try adopt(sessions.output, into: scratch.path + "/second")
    #expect(second.output.contains("2 sessions adopted"))
    // Again, and in other forms.
    let table = "key,id,agent,provider\r\na,id-a,main,claude\r\n\"d,\"\"1\",id-d,main,claude\r\n"
    #expect(try adopt(table).output.contains("1 session adopted, 1 known already"))
    let lines = #"{"session":"d,\"1","id":"other"}"# + "\n"
    let kept = try adopt(lines, "--agent", "main", "--provider", "claude")
    #expect(kept.status == 4)
    #expect(kept.output.contains("repair"))
  }

  @Test(arguments: [
    ("", "is empty"), ("a\n", "neither JSON nor CSV"), (#"{"a":5}"#, "neither an id"),
    (#"[{"id":"x"}]"#, "names no session"), ("key,id\na,x\na,y\n", "different ids"),
    (#"{"a":{"id":"x","provider":"cluade"}}"#, "did you mean claude"),
    (#"{"a":{"id":"x","workspace":"srv"}}"#, "absolute"), (#"{"session":"a","id":"#, "line 1"),
  ])
  func `a table that is wrong is refused, and nothing is written`(_ text: String, _ words: String)
    throws
  {
    let scratch = try Scratch()
    let file = scratch.path + "/map"
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    let outcome = try Tool.run([
      "import", "map", file, "--log", scratch.log, "--agent", "main", "--provider", "claude",
    ])
    #expect(outcome.status != 0)
    #expect(outcome.errors.contains(words))
    #expect(!FileManager.default.fileExists(atPath: scratch.log))
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
