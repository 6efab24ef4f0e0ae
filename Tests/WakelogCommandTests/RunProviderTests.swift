import Foundation
import Testing
import Wakelog
import WakelogProviders

/// `wakelog run` around shell scripts that print what the CLIs of the table print.
struct RunProviderTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private func run(
    _ provider: String, _ cli: String, _ words: [String], _ options: [String] = []
  ) throws -> Tool.Outcome {
    try Tool.run(
      ["run", "--session", "s", "--agent", "ada", "--provider", provider, "--log", scratch.log]
        + options + ["--", cli] + words, folder: scratch.path)
  }

  private func session() throws -> JSONValue {
    try Tool.run(["show", "s", "--log", scratch.log, "--json"]).json
  }

  private func lastAttempt() throws -> JSONValue? {
    try Tool.run(["runs", "--log", scratch.log, "--json"]).json
      .array?.last?["attempts"]?.array?.last
  }

  /// A CLI as a script: what it prints when it is asked for the session `dead`, and else.
  struct Stand: Sendable, CustomTestStringConvertible {
    var provider: String
    var words: [String]
    /// What its arguments have when it is asked for the dead session.
    var asked: String
    var refuses: String
    var works: String
    var id: String
    /// The words of the wake after, which resumes.
    var resumed: String
    var usage: JSONValue
    var testDescription: String { provider }
  }

  static let stands: [Stand] = [
    // RunMaestro/Maestro#1043: codex-cli 0.130.0, exit 1; events as in exec_events.rs.
    Stand(
      provider: "codex", words: ["exec", "-s", "read-only", "--json", "hi"],
      asked: "exec -s read-only --json resume dead hi",
      refuses: #"""
        echo 'Error: thread/resume: thread/resume failed: no rollout found for thread id dead'\
        ' (code -32600)' >&2; exit 1
        """#,
      works: #"""
        echo '{"type":"thread.started","thread_id":"t-1"}'
        echo '{"type":"turn.started"}'
        echo '{"type":"item.completed","item":{"id":"item_0","type":"agent_message","text":"ok"}}'
        echo '{"type":"turn.completed","usage":{"input_tokens":9,"cached_input_tokens":1,'\
        '"output_tokens":2}}'
        """#, id: "t-1", resumed: "exec -s read-only --json resume t-1 hi",
      usage: ["inputTokens": 9, "outputTokens": 2, "costMicros": 0]),
    // google-gemini/gemini-cli packages/cli/src/gemini.tsx, exit 42; events as in output/types.ts.
    Stand(
      provider: "gemini", words: ["-p", "hi", "-o", "stream-json"],
      asked: "--resume dead -p hi -o stream-json",
      refuses: #"""
        echo 'Error resuming session: Invalid session identifier "dead".' >&2
        echo '  Searched for sessions in /home/a/.gemini/tmp/x/chats.' >&2; exit 42
        """#,
      works: #"""
        echo '{"type":"init","timestamp":"t","session_id":"g-1","model":"auto"}'
        echo '{"type":"message","timestamp":"t","role":"assistant","content":"ok","delta":true}'
        echo '{"type":"result","timestamp":"t","status":"success","stats":{"input_tokens":9,'\
        '"output_tokens":2,"total_tokens":11}}'
        """#, id: "g-1", resumed: "--resume g-1 -p hi -o stream-json",
      usage: ["inputTokens": 9, "outputTokens": 2, "costMicros": 0]),
    // anomalyco/opencode#27559: 1.14.19 exits with 0 and prints nothing but this on stderr.
    Stand(
      provider: "opencode", words: ["run", "--format", "json", "hi"],
      asked: "run -s dead --format json hi",
      refuses: #"""
        echo 'NotFoundError: NotFoundError' >&2
        echo ' data: { message: "Session not found: ses_dead" }' >&2; exit 0
        """#,
      works: #"""
        echo '{"type":"step_start","timestamp":1,"sessionID":"ses_1","part":{}}'
        echo '{"type":"text","timestamp":2,"sessionID":"ses_1","part":{"text":"ok"}}'
        echo '{"type":"step_finish","timestamp":3,"sessionID":"ses_1","part":{"cost":0.5,'\
        '"tokens":{"input":9,"output":2}}}'
        """#, id: "ses_1", resumed: "run -s ses_1 --format json hi",
      usage: ["inputTokens": 9, "outputTokens": 2, "costMicros": 500_000]),
  ]

  /// Paperclip #6608, Archon #1280, for every CLI: a dead id was offered on every wake.
  @Test(arguments: stands)
  func `a dead id is condemned, the fallback's is kept and resumed by the next wake`(
    _ stand: Stand
  ) throws {
    let cli = try scratch.script(
      stand.provider,
      """
      echo "$@" >> args
      if [ "$*" = '\(stand.asked)' ]; then \(stand.refuses); fi
      \(stand.works)
      """)
    let first = try run(stand.provider, cli, stand.words, ["--resume", "dead"])
    #expect(first.status == 0)
    #expect(first.errors.contains("unknownSession; starting fresh"))
    let after = try session()
    #expect(after["condemned"]?.array?.map { $0["sessionId"]?.string } == ["dead"])
    #expect(after["bound"]?["sessionId"]?.string == stand.id)
    #expect(after["lastRun"]?["via"]?.string == "fallback")
    #expect(after["lastError"]?.isNull == true)
    for name in ["inputTokens", "outputTokens", "costMicros"] {
      #expect(try lastAttempt()?["usage"]?[name] == stand.usage[name])
    }
    #expect(try run(stand.provider, cli, stand.words).status == 0)
    let fresh = stand.words.joined(separator: " ")
    #expect(scratch.text("args") == "\(stand.asked)\n\(fresh)\n\(stand.resumed)\n")
  }

  /// codex-rs/exec before the app server: an unknown id begins a new thread without a word.
  @Test func `an id that the CLI replaced is not kept, and the run says so`() throws {
    let works = Self.stands[0]
    let cli = try scratch.script("codex", works.works)
    #expect(try run("codex", cli, works.words, ["--resume", "dead"]).status == 0)
    let after = try session()
    #expect(after["bound"]?["sessionId"]?.string == "t-1")
    #expect(after["lastRun"]?["via"]?.string == "fallback")
  }

  @Test func `a thread that failed before any answer is not kept`() throws {
    let cli = try scratch.script(
      "codex",
      #"""
      echo '{"type":"thread.started","thread_id":"t-1"}'
      echo '{"type":"turn.failed","error":{"message":"unexpected status 401 Unauthorized"}}'
      exit 1
      """#)
    #expect(try run("codex", cli, ["exec", "--json", "hi"]).status == 1)
    #expect(try session()["bound"]?.isNull == true)
    #expect(try session()["lastError"]?["family"]?.string == "configuration")
  }

  /// An answer in text is a model's, which may have been told to write what looks like a report.
  @Test func `what looks like a report in a text answer is not read`() throws {
    let cli = try scratch.script(
      "claude", #"echo '{"type":"system","subtype":"init","session_id":"somebody-elses"}'"#)
    #expect(try run("claude", cli, ["-p", "hi"]).status == 0)
    let bound = try #require(try session()["bound"]?["sessionId"]?.string)
    #expect(bound != "somebody-elses")
    #expect(bound.utf8.count == 36)
  }

  @Test func `a CLI that names its session only in JSON is said to leave nothing`() throws {
    let cli = try scratch.script("codex", "echo ok")
    let outcome = try run("codex", cli, ["exec", "hi"])
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("--json"))
    #expect(try session()["bound"]?.isNull == true)
  }

  @Test func `an id with a dash in front never reaches the CLI`() throws {
    let cli = try scratch.script("claude", #"echo "$@" >> args; echo ok"#)
    let outcome = try run("claude", cli, ["-p", "hi"], ["--resume", "--dangerously-skip"])
    #expect(outcome.status == 0)
    #expect(!scratch.text("args").contains("dangerously"))
    let condemned = try session()["condemned"]?.array?.first
    #expect(condemned?["because"]?.string == "malformedSession")
  }

  /// A misspelt name ran without a word and resumed nothing for ever.
  @Test func `a provider that nobody knows is refused unless it is meant`() throws {
    let cli = try scratch.script("cli", "echo ok")
    let refused = try run("cluade", cli, [])
    #expect(refused.status == 2)
    #expect(refused.errors.contains("claude"))
    #expect(refused.errors.contains("--unknown-provider"))
    #expect(try run("cluade", cli, [], ["--unknown-provider"]).status == 0)
  }

  @Test func `what a provider's file says of a text goes before the table`() throws {
    let file = scratch.path + "/mine.json"
    try #"""
    { "name": "mine", "resume": ["again={id}"], "output": [{ "sessionId": "chat", "entered": "said" }],
      "failures": [{ "kind": "unknownSession", "patterns": ["the chat @ is over"] }] }
    """#.write(toFile: file, atomically: true, encoding: .utf8)
    let cli = try scratch.script(
      "mine",
      #"""
      case "$*" in *again=dead*) echo 'Overloaded: the chat dead is over' >&2; exit 3;; esac
      echo '{"chat":"c1","said":"x"}'
      """#)
    let outcome = try Tool.run(
      [
        "run", "--session", "s", "--agent", "ada", "--provider-file", file, "--resume", "dead",
        "--log", scratch.log, "--", cli, "go",
      ], folder: scratch.path)
    #expect(outcome.status == 0)
    #expect(try session()["bound"]?["sessionId"]?.string == "c1")
    #expect(try session()["condemned"]?.array?.first?["because"]?.string == "unknownSession")
  }

  @Test func `a CLI that is not known runs by a file of a host's own`() throws {
    let file = scratch.path + "/mine.json"
    try #"""
    { "name": "mine", "resume": ["again={id}"],
      "output": [{ "sessionId": "chat", "entered": "said" }] }
    """#.write(toFile: file, atomically: true, encoding: .utf8)
    let cli = try scratch.script("mine", #"echo "$@" >> args; echo '{"chat":"c1","said":"x"}'"#)
    let call = [
      "run", "--session", "s", "--agent", "ada", "--provider-file", file, "--log", scratch.log,
      "--", cli, "go",
    ]
    #expect(try Tool.run(call, folder: scratch.path).status == 0)
    #expect(try Tool.run(call, folder: scratch.path).status == 0)
    #expect(scratch.text("args") == "go\nagain=c1 go\n")
    #expect(try session()["provider"]?.string == "mine")
    let wrong = try run("claude", cli, [], ["--provider-file", file])
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("--provider says claude"))
    try #"{ "name": "mine", "resume": [] }"#.write(toFile: file, atomically: true, encoding: .utf8)
    let bad = try Tool.run(call, folder: scratch.path)
    #expect(bad.status == 2)
    #expect(bad.errors.contains("resume: is missing"))
    let printed = try Tool.run(["providers", "codex", "--json"])
    #expect(printed.json["resume"]?.array == ["resume", "{id}"])
    #expect(try Tool.run(["providers", "nobody"]).status == 2)
    #expect(try Tool.run(["providers"]).output.contains("messages of acp"))
    #expect(try Tool.run(["providers"]).output.contains("opencode"))
  }

  /// gemini took `--session-id` with 0.41.0; before, it refused the whole call.
  @Test func `a CLI whose version makes a difference is asked for it, once`() throws {
    let cli = try scratch.script(
      "gemini", #"echo "$@" >> calls; [ "$1" = --version ] && { echo "0.40.1"; exit; }; echo hi"#)
    func call(_ session: String, _ words: String...) throws -> Tool.Outcome {
      try Tool.run(
        ["run", "--session", session, "--agent", "ada", "--provider", "gemini"]
          + ["--log", scratch.log, "--", cli] + words, folder: scratch.path)
    }
    #expect(try call("a", "-p", "hi").errors.contains("nothing to resume"))
    _ = try call("b", "-p", "hi")
    // Where it makes none, it is not asked.
    _ = try call("c", "-p", "hi", "-o", "json")
    #expect(scratch.text("calls") == "--version\n-p hi\n-p hi\n-p hi -o json\n")
    // Another program, though of the same name.
    _ = try scratch.script(
      "gemini", #"echo "$1" >> calls; [ "$1" = --version ] && { echo "v0.41.0"; exit; }; echo hi"#)
    #expect(try !call("d", "-p", "hi").errors.contains("nothing to resume"))
    #expect(scratch.text("calls").hasSuffix("--version\n--session-id\n"))
  }

  /// Unit by unit: what programs print of themselves, and which of two is the older.
  @Test func `versions are found in what is printed, and compared by number`() {
    for (text, wanted) in [
      ("2.1.332 (Claude Code)", "2.1.332"), ("codex-cli 0.163.0\n", "0.163.0"),
      ("v0.41.0-preview.2", "0.41.0"), ("gemini/0.9.", "0.9"), ("no version", nil), ("7", nil),
    ] as [(String, String?)] {
      #expect(ProgramVersion(printed: text)?.description == wanted)
    }
    let sorted = ["0.9", "0.41.0", "0.41.1", "1.0"].compactMap { ProgramVersion($0) }
    #expect(sorted == sorted.reversed().sorted())
    #expect(!(sorted[0] < sorted[0]))
  }
}
