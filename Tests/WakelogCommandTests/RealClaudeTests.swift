import Foundation
import TestSupport
import Testing
import Wakelog

/// `wakelog run` around the real `claude`, which answers offline and without a login.
///
/// Seen with 2.1.329. Each test has a home of its own.
@Suite(.enabled(if: RealClaude.path != nil, Comment(rawValue: RealClaude.absence)), .serialized)
struct RealClaudeTests {
  static let claude = RealClaude.path ?? ""
  static let formats: [[String]] = [
    [], ["--output-format", "json"], ["--output-format", "stream-json", "--verbose"],
  ]
  static let dead = "11111111-1111-4111-8111-111111111111"
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private var home: [String: String] {
    ["HOME": scratch.path, "CLAUDE_CONFIG_DIR": scratch.path + "/.claude"]
  }

  private func run(
    _ options: [String], _ words: [String], session: String = "s", folder: String? = nil
  ) throws -> Tool.Outcome {
    try Tool.run(
      ["run", "--session", session, "--agent", "ada", "--provider", "claude", "--log", scratch.log]
        + options + ["--", Self.claude, "-p", "hi"] + words,
      environment: home, folder: folder ?? scratch.path)
  }

  private func session(_ key: String = "s") throws -> JSONValue {
    try Tool.run(["show", key, "--log", scratch.log, "--json"]).json
  }

  private func attempts() throws -> [JSONValue] {
    let runs = try Tool.run(["runs", "--log", scratch.log, "--json"]).json
    return runs.array?.last?["attempts"]?.array ?? []
  }

  private func families() throws -> [String?] {
    try attempts().map { $0["failure"]?["family"]?.string }
  }

  /// Runs the CLI by itself; gives the id of the transcript that it leaves.
  private func leaveTranscript() throws -> (id: String, file: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.claude)
    process.arguments = ["-p", "hi"]
    process.environment = ProcessInfo.processInfo.environment.merging(home) { $1 }
    process.currentDirectoryURL = URL(fileURLWithPath: scratch.path)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let projects = scratch.path + "/.claude/projects"
    let files = FileManager.default.enumerator(atPath: projects)?.compactMap { $0 as? String } ?? []
    let file = try #require(files.first { $0.hasSuffix(".jsonl") })
    let id = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
    return (id, projects + "/" + file)
  }

  @Test(arguments: formats)
  func `an id it does not know is condemned, and the missing login is nobody's fault`(
    _ words: [String]
  ) throws {
    let first = try run(["--resume", Self.dead], words)
    #expect(first.status == 1)
    #expect(try families() == ["session", "configuration"])
    #expect(try attempts().map { $0["mode"]?.string } == ["resume", "fresh"])
    let after = try session()
    #expect(after["bound"]?.isNull == true)
    #expect(after["condemned"]?.array?.map { $0["sessionId"]?.string } == [Self.dead])
    #expect(after["condemned"]?.array?.first?["because"]?.string == "unknownSession")
    #expect(after["lastError"]?["family"]?.string == "configuration")
    let agent = try Tool.run(["agents", "--log", scratch.log, "--json"]).json.array?.first
    #expect(agent?["failures"]?["agent"] == 0)
    #expect(agent?["replaceable"] == false)
    _ = try run(["--resume", Self.dead], words)
    #expect(try attempts().map { $0["mode"]?.string } == ["fresh"])
  }

  static let malformed: [(words: [String], id: String)] =
    formats.map { ($0, "not-a-uuid") }
    + [([], "../../x"), ([], "11111111-1111-4111-8111-11111111111G")]

  @Test(arguments: malformed)
  func `an id that is no id is condemned as malformed`(_ words: [String], _ id: String) throws {
    _ = try run(["--resume", id], words)
    #expect(try families() == ["session", "configuration"])
    let condemned = try session()["condemned"]?.array
    #expect(condemned?.map { $0["sessionId"]?.string } == [id])
    #expect(condemned?.first?["because"]?.string == "malformedSession")
  }

  /// The file is there, and so a host that looks for it sees nothing wrong.
  @Test(arguments: formats)
  func `a transcript without content is no session`(_ words: [String]) throws {
    let left = try leaveTranscript()
    try Data().write(to: URL(fileURLWithPath: left.file))
    _ = try run(["--resume", left.id], words)
    #expect(try families() == ["session", "configuration"])
    #expect(try session()["condemned"]?.array?.map { $0["sessionId"]?.string } == [left.id])
  }

  /// Without a login it still leaves a transcript, which it enters when it is resumed.
  @Test(arguments: formats)
  func `a session that is there is not condemned for the missing login`(_ words: [String]) throws {
    let left = try leaveTranscript()
    #expect(try run(["--resume", left.id], words).status == 1)
    #expect(try families() == ["configuration"])
    #expect(try session()["condemned"]?.array == [])
    #expect(try session()["bound"]?.isNull == true)
  }

  /// Claude Code looks a session up in the folder of its project: what it does not find elsewhere
  /// says nothing of the session (anthropics/claude-code#14252).
  @Test(arguments: formats)
  func `an id that is unknown in another folder stays as it was`(_ words: [String]) throws {
    let server = try Server(["--log", scratch.log])
    var wake = wakeParams("s").object ?? JSONObject()
    wake["agent"] = "ada"
    wake["provider"] = "claude"
    wake["workspace"] = ["path": .string(scratch.path), "kind": "home"]
    let started = try server.call("wake", .object(wake))["result"]
    var finish = JSONObject()
    finish["attempt"] = started?["attempt"]
    finish["fence"] = started?["fence"]
    finish["exitCode"] = 0
    finish["turns"] = 1
    finish["sessionId"] = .string(Self.dead)
    #expect(try server.call("finish", .object(finish))["result"]?["settled"] == true)
    let elsewhere = scratch.path + "/elsewhere"
    try FileManager.default.createDirectory(
      atPath: elsewhere, withIntermediateDirectories: true)
    _ = try run(["--workspace", elsewhere + ":project"], words, folder: elsewhere)
    #expect(try attempts().first?["asked"]?.string == Self.dead)
    #expect(try attempts().first?["failure"]?["kind"]?.string == "wrongWorkspace")
    #expect(try families() == ["session", "configuration"])
    #expect(try session()["condemned"]?.array == [])
    #expect(try session()["bound"]?["sessionId"]?.string == Self.dead)
  }

  @Test func `an id that another run holds is not resumed beside it`() throws {
    let left = try leaveTranscript()
    let server = try Server(["--log", scratch.log])
    var wake = wakeParams("t").object ?? JSONObject()
    wake["provider"] = "claude"
    wake["resume"] = .string(left.id)
    let holder = try server.call("wake", .object(wake))["result"]
    #expect(holder?["plan"]?["sessionId"]?.string == left.id)
    _ = try run(["--resume", left.id], Self.formats[2])
    #expect(try attempts().map { $0["mode"]?.string } == ["fresh"])
    #expect(try session()["condemned"]?.array == [])
  }

  @Test func `two runs at once keep apart`() throws {
    let left = try leaveTranscript()
    let (tests, options) = (self, ["--resume", left.id])
    let other = Later { try? tests.run(options, Self.formats[2], session: "t") }
    _ = try run(options, Self.formats[2])
    _ = other.value()
    let runs = try Tool.run(["runs", "--log", scratch.log, "--json"]).json.array ?? []
    #expect(runs.count == 2)
    #expect(runs.allSatisfy { $0["outcome"]?.string == "failed" })
    for key in ["s", "t"] {
      #expect(try session(key)["lastError"]?["family"]?.string == "configuration")
      #expect(try session(key)["condemned"]?.array == [])
    }
    #expect(try Tool.run(["diagnose", "--log", scratch.log]).status == 0)
    #expect(try Tool.run(["verify", "--log", scratch.log]).status == 0)
  }

  @Test func `at a terminal it shows its own screen`() throws {
    let terminal = try Terminal(folder: scratch.path)
    terminal.type(
      "HOME='\(scratch.path)' CLAUDE_CONFIG_DIR='\(scratch.path)/.claude' '\(Tool.path)' run "
        + "--session s --agent ada --provider claude --log log -- '\(Self.claude)'\n")
    // It moves the cursor instead of writing spaces; what only a terminal gets is its colours.
    #expect(terminal.wait(for: "\u{1B}[?25l"))
    #expect(terminal.wait(for: "Claude"))
  }
}
