import Foundation
import Testing
import Wakelog

@testable import WakelogCommand

/// `export` onto a disk that filled up wrote part of the lines and exited with 0: a backup script
/// kept the part and deleted the log.
@Suite struct OutputTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// How each command of the table is called so that it prints something. `LOG` is a log of its
  /// own for each call, `BROKEN` one that breaks laws, `NEW` a path where nothing is yet.
  ///
  /// A command that is not listed is called with a log alone, which has to print something as well.
  private static let calls: [String: [String]] = [
    "demo": ["--log", "NEW"],
    "serve": ["--log", "LOG"],
    "run": [
      "--session", "r", "--agent", "ada", "--provider", "claude", "--log", "LOG", "--", "echo",
      "hi",
    ],
    "providers": [], "classify": [], "policy": ["standard"],
    "timeline": ["s", "--log", "LOG"], "show": ["s", "--log", "LOG"], "why": ["s", "--log", "LOG"],
    "at": ["3", "--log", "LOG"],
    "diagnose": ["--log", "BROKEN"], "bisect": ["--law", "deadStaysDead", "--log", "BROKEN"],
    "minimise": ["--law", "deadStaysDead", "--log", "BROKEN"],
    "doctor": ["--home", "HOME", "--log", "LOG"], "report": ["-o", "NEW", "--log", "LOG"],
    "pause": ["ada", "--log", "LOG"], "unpause": ["ada", "--log", "LOG"],
    "reset": ["s", "--log", "LOG"], "abandon": ["OPEN", "--why", "lost", "--log", "LOG"],
    "repair": ["s", "--set", "none", "--why", "restored", "--log", "LOG"],
    "redact": ["EVIDENCE", "--why", "a token", "--log", "LOG"],
    "salvage": ["LOG", "--to", "NEW"], "backup": ["NEW", "--log", "LOG"],
    "compact": ["NEW", "--log", "LOG"],
    "trim": ["--before", "90d", "--archive", "NEW", "--log", "LOG"],
    "forget": ["s", "--why", "asked to", "--log", "LOG"],
    "import": ["wakelog", "EXPORT", "--log", "NEW"],
  ]

  private static func input(of command: String) -> String {
    switch command {
    case "serve": #"{"jsonrpc":"2.0","id":1,"method":"hello"}"# + "\n"
    case "classify": #"{"id":1,"exitCode":1}"# + "\n"
    default: ""
    }
  }

  /// A log with an ended run that left evidence, and one that is open.
  private func makeLog() throws -> (open: String, evidence: String) {
    let server = try Server(["--log", scratch.log])
    let woken = try server.call("wake", wakeParams("s"))["result"] ?? .null
    let end: JSONValue = [
      "attempt": woken["attempt"] ?? .null, "fence": woken["fence"] ?? .null, "exitCode": 0,
      "turns": 1, "sessionId": "id-1", "stderr": "a token",
    ]
    _ = try server.call("finish", end)
    let open = try server.call("wake", wakeParams("open"))["result"]?["run"]?.integer ?? 0
    let events = try server.call("events")["result"]?["items"]?.array ?? []
    let ended = events.first { $0["kind"] == "attempt.finished" }?["seq"]?.integer ?? 0
    _ = try server.endInput()
    let lines = try Tool.run(["export", "--log", scratch.log]).output
    try lines.write(toFile: scratch.path + "/export", atomically: true, encoding: .utf8)
    return ("\(open)", "\(ended)")
  }

  @Test func `every command says that its output cannot be written, and exits with 5`() throws {
    let log = try makeLog()
    let demo = try Tool.run(["demo", "--json", "--log", scratch.path + "/demo"])
    let broken = try #require(demo.json["logs"]?["asItWas"]?.string)
    var count = 0
    func call(_ command: WakelogCommand.Command, _ shell: String?) throws -> Tool.Outcome {
      count += 1
      let own = scratch.path + "/log-\(count)"
      try FileManager.default.copyItem(atPath: scratch.log, toPath: own)
      let words = (Self.calls[command.name] ?? ["--log", "LOG"]).map { word in
        switch word {
        case "LOG": own
        case "BROKEN": broken
        case "HOME": scratch.path
        case "NEW": scratch.path + "/new-\(count)"
        case "OPEN": log.open
        case "EVIDENCE": log.evidence
        case "EXPORT": scratch.path + "/export"
        default: word
        }
      }
      return try Tool.run(
        [command.name] + words, input: Self.input(of: command.name), shell: shell)
    }
    for command in CommandTable.commands {
      let usual = try call(command, nil)
      #expect(!usual.output.isEmpty, "\(command.name) prints nothing: \(usual.errors)")
      #expect([0, 1].contains(usual.status), "\(command.name): \(usual.errors)")
      for (shell, words) in [
        ("$tool >/dev/full", "No space left on device"), ("$tool >&-", "Bad file descriptor"),
      ] {
        let full = try call(command, shell)
        #expect(full.status == 5, "\(command.name) \(shell)")
        #expect(full.errors.contains("standard output"), "\(command.name) \(shell)")
        #expect(full.errors.contains(words), "\(command.name) \(shell)")
      }
    }
  }

  @Test(arguments: ["--help", "--version", "help", "demo --help", "policy standard --json"])
  func `help and errors in JSON are no exception`(call: String) throws {
    let full = try Tool.run(call.split(separator: " ").map(String.init), shell: "$tool >/dev/full")
    #expect(full.status == 5 && full.errors.contains("No space left on device"))
    #expect(!call.contains("--json") || full.errors.hasPrefix(#"{"error":{"message":"#))
  }

  /// A closed standard output was the next file that was opened: the log itself.
  @Test func `a closed output is never a file of the log`() throws {
    _ = try makeLog()
    let before = try Tool.run(["stats", "--json", "--log", scratch.log]).json["stateHash"]
    for shell in ["$tool >&-", "$tool <&- >&-", "$tool <&- >&- 2>&-"] {
      #expect(try Tool.run(["sessions", "--log", scratch.log], shell: shell).status == 5)
      #expect(try Tool.run(["verify", "--log", scratch.log]).status == 0)
    }
    #expect(try Tool.run(["stats", "--json", "--log", scratch.log]).json["stateHash"] == before)
  }

  @Test func `a reader that goes away is no error`() throws {
    let reader = "$tool | head -1; exit ${PIPESTATUS[0]}"
    let gone = try Tool.run(
      ["policy", "standard"],
      shell: "exec bash -c '\(reader.replacing("$tool", with: "\"$0\" \"$@\""))' \"$0\" \"$@\"")
    #expect(gone.errors.isEmpty && [0, 141].contains(gone.status))
    let closed = try Tool.run(
      ["policy", "standard"], shell: "{ sleep 0.2; $tool; echo $? >&2; } | true")
    #expect(closed.errors == "141\n")
  }

  @Test func `a limit on the size of files is an error, and no death`() throws {
    _ = try makeLog()
    let file = scratch.path + "/out"
    let limited = try Tool.run(
      ["policy", "standard"], shell: "ulimit -f 0; $tool >'\(file)'")
    #expect(limited.status == 5 && limited.errors.contains("File too large"))
  }

  @Test func `a run whose output is lost is recorded all the same`() throws {
    for (code, expected) in [(0, 5), (3, 3)] as [(Int, Int32)] {
      let cli = try scratch.script("cli-\(code)", "echo hi; exit \(code)")
      let call = [
        "run", "--session", "s", "--agent", "ada", "--provider", "claude", "--log", scratch.log,
        "--", cli,
      ]
      #expect(try Tool.run(call, shell: "$tool >/dev/full").status == expected)
    }
    let runs = try Tool.run(["runs", "--json", "--log", scratch.log]).json.array ?? []
    #expect(runs.compactMap { $0["outcome"]?.string } == ["succeeded", "failed"])
  }

  @Test(arguments: [["report", "-o"], ["export", "--capsule"]])
  func `a file that cannot be written is not there`(words: [String]) throws {
    _ = try makeLog()
    let file = scratch.path + "/folder/file"
    try FileManager.default.createDirectory(
      atPath: scratch.path + "/folder", withIntermediateDirectories: false)
    let call = words + [file, "--log", scratch.log]
    let limited = try Tool.run(call, shell: "ulimit -f 1; $tool")
    #expect(limited.status == 4 && limited.errors.contains("File too large"), "\(limited)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/folder").isEmpty)
    #expect(try Tool.run(call).status == 0)
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/folder") == ["file"])
    if words[0] == "export" { #expect(try Tool.run(call).status == 4, "it is there already") }
  }

  /// As root a draft that is renamed would have taken the place of the pipe, or of `/dev/null`.
  @Test func `a report goes into a pipe that is named as its file`() throws {
    _ = try makeLog()
    let pipe = scratch.path + "/pipe"
    let got = try Tool.run(
      ["report", "-o", pipe, "--log", scratch.log],
      shell: "mkfifo '\(pipe)'; cat '\(pipe)' >'\(pipe).got' & $tool; code=$?; wait; exit $code")
    #expect(got.status == 0 && scratch.text("pipe.got").contains("</html>"))
    let kind = try FileManager.default.attributesOfItem(atPath: pipe)[.type] as? FileAttributeType
    #expect(kind != .typeRegular)
  }
}
