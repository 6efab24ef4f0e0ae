import Foundation
import Testing
import Wakelog

/// `wakelog run` around shell scripts that stand in for Claude Code.
struct RunTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private func run(_ cli: String, _ options: [String] = [], words: [String] = ["-p", "hi"]) throws
    -> Tool.Outcome
  {
    try Tool.run(
      ["run", "--session", "s", "--agent", "ada", "--provider", "claude", "--log", scratch.log]
        + options + ["--", cli] + words, folder: scratch.path)
  }

  private func session() throws -> JSONValue {
    try Tool.run(["show", "s", "--log", scratch.log, "--json"]).json
  }

  /// Prints stream-json as Claude Code does: a session that works, and costs a quarter more each time.
  static let works = #"""
    echo "$@" >> args
    cents=$((25 * $(wc -l < args)))
    cost="$((cents / 100)).$(printf %02d $((cents % 100)))"
    echo '{"type":"system","subtype":"init","session_id":"id-1"}'
    echo '{"type":"assistant","message":{"model":"m","content":[{"type":"text","text":"done"}]}}'
    echo '{"type":"result","subtype":"success","is_error":false,"num_turns":2,"session_id":"id-1",'\
    '"usage":{"input_tokens":11,"output_tokens":7},"total_cost_usd":'"$cost}"
    """#

  @Test func `what a run leaves is resumed by the next, with the words right after the program`()
    throws
  {
    let cli = try scratch.script("claude", Self.works)
    let words = ["-p", "hi", "--output-format", "stream-json"]
    let first = try run(cli, words: words)
    #expect(first.status == 0)
    #expect(first.output.contains(#""subtype":"init""#))
    #expect(try session()["bound"]?["sessionId"]?.string == "id-1")
    #expect(try run(cli, words: words).status == 0)
    #expect(
      scratch.text("args")
        == "-p hi --output-format stream-json\n--resume id-1 -p hi --output-format stream-json\n")
    let runs = try Tool.run(["runs", "--log", scratch.log, "--json"]).json
    let usage = runs.array?.last?["attempts"]?.array?.first?["usage"]
    #expect(usage?["inputTokens"] == 11)
    // The CLI's cost is that of the whole session, which the second run doubled.
    #expect(usage?["costMicros"] == 250_000)
  }

  @Test func `in text mode a fresh session gets an id of ours, and is resumed by it`() throws {
    let cli = try scratch.script("claude", #"echo "$@" >> args; echo hello"#)
    #expect(try run(cli).output == "hello\n")
    #expect(try run(cli).status == 0)
    let lines = scratch.text("args").split(separator: "\n").map { $0.split(separator: " ") }
    #expect(lines[0][0] == "--session-id")
    #expect(lines[1][0] == "--resume")
    #expect(lines[0][1] == lines[1][1])
  }

  /// Paperclip #6608, Archon #1280: a dead id was offered on every wake, with or without a fallback.
  @Test
  func `an id the CLI does not know is condemned, the fallback runs, and it never comes back`()
    throws
  {
    let cli = try scratch.script(
      "claude",
      #"""
      echo "$@" >> args
      if [ "$1" = --resume ]; then
        echo "No conversation found with session ID: $2" >&2
        exit 1
      fi
      echo fresh
      """#)
    let first = try run(cli, ["--resume", "dead"])
    #expect(first.status == 0)
    #expect(first.output == "fresh\n")
    #expect(first.errors.contains("unknownSession; starting fresh"))
    let after = try session()
    #expect(after["condemned"]?.array?.first?["sessionId"]?.string == "dead")
    #expect(after["lastRun"]?["via"]?.string == "fallback")
    #expect(after["lastError"]?.isNull == true)
    let again = try run(cli, ["--resume", "dead"])
    #expect(again.status == 0)
    #expect(scratch.text("args").components(separatedBy: "--resume dead").count == 2)
  }

  /// Claude Code 2.1.329: an error of the API counts as a turn of a run that was a success.
  @Test func `an error of the API is no turn, and its session is not kept`() throws {
    let cli = try scratch.script(
      "claude",
      #"""
      echo '{"type":"system","subtype":"init","session_id":"ghost"}'
      echo '{"type":"assistant","message":{"model":"<synthetic>","content":[{"type":"text"}]}}'
      echo '{"type":"result","subtype":"success","is_error":true,"num_turns":1,"session_id":"ghost",'\
      '"result":"Not logged in · Please run /login","usage":{"output_tokens":0}}'
      exit 1
      """#)
    #expect(try run(cli, words: ["-p", "--output-format", "stream-json"]).status == 1)
    let after = try session()
    #expect(after["bound"]?.isNull == true)
    #expect(after["lastError"]?["kind"]?.string == "authentication")
    let agents = try Tool.run(["agents", "--log", scratch.log, "--json"]).json
    #expect(agents.array?.first?["failures"]?["agent"] == 0)
  }

  @Test func `the tool exits as the CLI did, by a status, by a signal or not at all`() throws {
    #expect(try run(try scratch.script("a", "exit 7")).status == 7)
    #expect(try run(try scratch.script("b", "kill -9 $$")).status == 137)
    #expect(try session()["lastError"]?["kind"]?.string == "processLost")
    #expect(try run(scratch.path + "/nothing").status == 127)
    #expect(try run("/bin/true", words: ["--resume", "x"]).status == 2)
  }

  @Test func `a wake that may not run says so`() throws {
    let cli = try scratch.script("claude", Self.works)
    #expect(try run(cli).status == 0)
    #expect(try Tool.run(["pause", "ada", "--log", scratch.log]).status == 0)
    let refused = try run(cli)
    #expect(refused.status == 4)
    #expect(refused.errors.contains("paused"))
    #expect(try Tool.run(["unpause", "ada", "--log", scratch.log]).status == 0)
    let server = try Server(["--log", scratch.log])
    var wake = wakeParams("s").object ?? JSONObject()
    wake["source"] = "cron"
    #expect(try server.call("wake", .object(wake))["result"]?["disposition"] == "started")
    let coalesced = try run(cli)
    #expect(coalesced.status == 0)
    #expect(coalesced.errors.contains("is open"))
    #expect(try run(cli, ["--source", "message"]).status == 4)
  }

  @Test func `a request to stop reaches the CLI, and the run is recorded`() throws {
    let cli = try scratch.script(
      "claude",
      #"trap 'echo stopped > stopped; exit 3' TERM; touch up; while :; do sleep 0.05; done"#)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Tool.path)
    process.arguments = [
      "run", "--session", "s", "--agent", "ada", "--provider", "claude", "--log", scratch.log,
      "--", cli,
    ]
    process.currentDirectoryURL = URL(fileURLWithPath: scratch.path)
    try process.run()
    for _ in 0..<500 where !FileManager.default.fileExists(atPath: scratch.path + "/up") {
      usleep(10_000)
    }
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationStatus == 3)
    #expect(scratch.text("stopped") == "stopped\n")
    #expect(try session()["lastRun"]?["outcome"]?.string == "failed")
  }
}
