import Foundation
import TestSupport
import Testing
import Wakelog

/// What `wakelog run` does about CLIs that take too long, that another run is in the way of, or that
/// a killed run has left.
struct RunLimitTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private func call(_ words: [String], _ options: [String] = []) -> [String] {
    ["run", "--session", "s", "--agent", "ada", "--provider", "claude", "--log", scratch.log]
      + options + ["--"] + words
  }

  private func run(_ words: [String], _ options: [String] = []) throws -> Tool.Outcome {
    try Tool.run(call(words, options), folder: scratch.path)
  }

  private func runs() throws -> [JSONValue] {
    try Tool.run(["runs", "--log", scratch.log, "--json"]).json.array ?? []
  }

  /// Starts a run whose CLI starts another program and waits for it; gives both.
  private func start(_ cli: String, _ options: [String] = []) throws -> (tool: Process, [pid_t]) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Tool.path)
    process.arguments = call([cli], options)
    process.currentDirectoryURL = URL(fileURLWithPath: scratch.path)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return (process, try pids())
  }

  private func pids() throws -> [pid_t] {
    for _ in 0..<2_000 where !scratch.text("pids").hasSuffix(".\n") { usleep(10_000) }
    return scratch.text("pids").split(whereSeparator: \.isWhitespace).compactMap { pid_t($0) }
  }

  /// A CLI that starts a program and waits for it, at its first call.
  private func waits() throws -> String {
    try scratch.script(
      "claude", #"[ -e pids ] && exit 0; sleep 60 & echo "$$ $! ." > pids; wait"#)
  }

  private func eventually(_ isTrue: () -> Bool) -> Bool {
    for _ in 0..<2_000 {
      if isTrue() { return true }
      usleep(10_000)
    }
    return false
  }

  @Test func `a CLI that takes too long is ended with all that it started`() throws {
    let outcome = try run([try waits()], ["--timeout", "1"])
    #expect(outcome.status == 124)
    #expect(outcome.errors.contains("--timeout"))
    let left = try pids()
    #expect(left.count == 2)
    #expect(eventually { !left.contains(where: Processes.isThere) })
    #expect(try runs().first?["outcome"] == "timedOut")
    // One that does not hear SIGTERM, too.
    let deaf = try scratch.script("claude", "trap '' TERM; while :; do sleep 0.2; done")
    #expect(try run([deaf], ["--timeout", "1"]).status == 124)
    // One that ends in time is not touched.
    let quick = try scratch.script("claude", "exit 3")
    #expect(try run([quick], ["--timeout", "60"]).status == 3)
  }

  /// `timeout 60 claude -p …` got `--resume` right behind `timeout`.
  @Test(arguments: [
    ["timeout", "60"], ["nice", "-n", "1"], ["env", "A=b"], ["stdbuf", "-oL"],
    ["bash", "-c", "exec \"$@\"", "bash"],
  ])
  func `a CLI that another program starts is resumed`(_ wrapper: [String]) throws {
    let cli = try scratch.script("claude", RunTests.works)
    for _ in 0..<3 {
      #expect(
        try run(wrapper + [cli, "-p", "hi", "--output-format", "stream-json"]).status == 0)
    }
    let calls = scratch.text("args").split(separator: "\n")
    #expect(calls.map { $0.hasPrefix("--resume id-1 -p hi") } == [false, true, true])
  }

  @Test func `a program that starts others is refused where the CLI is not in sight`() throws {
    let job = try scratch.script("job.sh", "echo \"$@\" >> args")
    let refused = try run(["bash", job, "-p", "hi"])
    #expect(refused.status == 2 && refused.errors.contains("{session}"))
    #expect(scratch.text("args") == "")
    #expect(try run(["bash", job, "{session}", "-p", "hi"]).status == 0)
    #expect(scratch.text("args").hasPrefix("--session-id "))
  }

  @Test func `a killed tool takes its CLI with it, and what that started is not joined`() throws {
    let cli = try waits()
    let (tool, left) = try start(cli)
    defer { left.forEach { kill($0, SIGKILL) } }
    // Not waited for: Foundation takes a process to live as long as what it has started.
    kill(tool.processIdentifier, SIGKILL)
    #expect(
      eventually { !Processes.isThere(tool.processIdentifier) && !Processes.isThere(left[0]) })
    #expect(Processes.isThere(left[1]))
    let refused = try run([cli])
    #expect(refused.status == 4)
    #expect(refused.errors.contains("busy") && refused.errors.contains("\(left[0])"))
    let waited = try run([cli], ["--orphans", "wait", "--wait", "1"])
    #expect(waited.status == 4 && Processes.isThere(left[1]))
    let ended = try run([cli], ["--orphans", "end"])
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(!Processes.isThere(left[1]))
    #expect(try runs().map { $0["outcome"] } == ["interrupted", "succeeded"])
  }

  /// Its lease had run out, and the wake resumed the id that the orphan was still writing to.
  @Test func `no lease that has run out lets a second CLI into the session`() throws {
    let cli = try waits()
    let (tool, left) = try start(cli, ["--lease", "1"])
    defer { left.forEach { kill($0, SIGKILL) } }
    // Not waited for: Foundation takes a process to live as long as what it has started.
    kill(tool.processIdentifier, SIGKILL)
    usleep(1_500_000)
    #expect(try run([cli]).status == 4)
    #expect(Processes.isThere(left[1]))
  }

  @Test func `a run waits for the open one of its session, and carries its payload`() throws {
    let cli = try scratch.script(
      "claude", #"if [ -e pids ]; then exit 0; fi; echo "$$ ." > pids; exec sleep 2"#)
    let (tool, _) = try start(cli)
    let kept = try run([cli], ["--payload", "message 17"])
    #expect(kept.status == 4)
    #expect(kept.errors.contains("payload") && kept.errors.contains("--wait"))
    let result = scratch.path + "/result"
    let words = call([cli], ["--wait", "30", "--json-fd", "3"])
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", "exec \"$0\" \"$@\" 3> \(result)", Tool.path] + words
    shell.currentDirectoryURL = URL(fileURLWithPath: scratch.path)
    try shell.run()
    shell.waitUntilExit()
    tool.waitUntilExit()
    #expect(shell.terminationStatus == 0)
    let said = try JSONParser.parse(String(scratch.text("result").dropLast()))
    #expect(said["exit"] == 0)
    #expect(said["wake"]?["disposition"] == "started")
    #expect(said["wake"]?["payloads"]?.array?.first?["payload"] == "message 17")
    #expect(said["finish"]?["outcome"] == "succeeded")
  }

  @Test func `a CLI that prints no id where it should says so`() throws {
    let cli = try scratch.script("claude", #"echo '{"type":"result","is_error":false}'"#)
    let outcome = try run([cli, "-p", "hi", "--output-format", "json"])
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("printed no id"))
  }

  @Test(arguments: [
    (["--orphans", "maybe"], "--orphans takes refuse, wait, end"),
    (["--timeout", "0"], "--timeout takes"), (["--json-fd", "77"], "no such descriptor"),
  ])
  func `options are checked before anything runs`(_ options: [String], _ said: String) throws {
    let cli = try scratch.script("claude", "touch ran")
    let refused = try run([cli], options)
    #expect(refused.status == 2 && refused.errors.contains(said), "\(refused.errors)")
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/ran"))
  }
}
