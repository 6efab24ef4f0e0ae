import Foundation
import Testing
import Wakelog

/// How long a run of `wakelog run` counts as alive.
struct RunLifeTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private func call(_ cli: String, _ options: [String]) -> [String] {
    ["run", "--session", "s", "--agent", "ada", "--provider", "claude", "--log", scratch.log]
      + options + ["--", cli, "-p", "hi"]
  }

  /// Starts a run and waits until its CLI has written its process id.
  private func start(_ cli: String, _ options: [String]) throws -> (tool: Process, cli: pid_t) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Tool.path)
    process.arguments = call(cli, options)
    process.currentDirectoryURL = URL(fileURLWithPath: scratch.path)
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    for _ in 0..<2_000 where !scratch.text("pid").hasSuffix("\n") { usleep(10_000) }
    return (process, try #require(pid_t(scratch.text("pid").dropLast())))
  }

  private func waits() throws -> String {
    try scratch.script("claude", #"[ -e pid ] && exit 0; echo $$ > pid; exec sleep 30"#)
  }

  @Test func `a killed run ends when its host comes back`() throws {
    let cli = try waits()
    let run = try start(cli, ["--host", "m1"])
    kill(run.tool.processIdentifier, SIGKILL)
    kill(run.cli, SIGKILL)
    run.tool.waitUntilExit()
    // Another host knows nothing of the processes there, and one without a name neither.
    for options in [["--host", "m2"], []] {
      let other = try Tool.run(call(cli, options), folder: scratch.path)
      #expect(other.errors.contains("is open"))
    }
    let back = try Tool.run(call(cli, ["--host", "m1"]), folder: scratch.path)
    #expect(back.status == 0)
    #expect(!back.errors.contains("is open"))
    let runs = try Tool.run(["runs", "--log", scratch.log, "--json"]).json.array ?? []
    #expect(runs.map { $0["outcome"]?.string } == ["interrupted", "succeeded"])
    let left = try FileManager.default.contentsOfDirectory(atPath: scratch.log + "/runs")
    #expect(left == [])
  }

  @Test func `a run whose processes live on is not ended by its host`() throws {
    let cli = try scratch.script(
      "claude", #"[ -e pid ] && exit 0; sleep 30 & echo $! > pid; wait"#)
    let run = try start(cli, ["--host", "m1"])
    defer {
      kill(run.cli, SIGKILL)
      run.tool.waitUntilExit()
    }
    #expect(kill(run.cli, 0) == 0)
    kill(run.tool.processIdentifier, SIGKILL)
    usleep(300_000)
    let back = try Tool.run(call(cli, ["--host", "m1"]), folder: scratch.path)
    #expect(back.errors.contains("busy") && kill(run.cli, 0) == 0)
    let runs = try Tool.run(["runs", "--log", scratch.log, "--json"]).json.array ?? []
    #expect(runs.map { $0["outcome"]?.string } == [nil])
  }

  @Test func `two runs of one host do not end each other`() throws {
    let cli = try waits()
    let run = try start(cli, ["--host", "m1"])
    let second = try Tool.run(call(cli, ["--host", "m1"]), folder: scratch.path)
    #expect(second.errors.contains("is open"))
    kill(run.tool.processIdentifier, SIGTERM)
    run.tool.waitUntilExit()
    #expect(run.tool.terminationStatus == 128 + SIGTERM)
  }

  @Test func `the lease is renewed while the CLI lives, and lost with it`() throws {
    let cli = try waits()
    let run = try start(cli, ["--lease", "2"])
    usleep(3_500_000)
    #expect(
      try Tool.run(call(cli, ["--lease", "2"]), folder: scratch.path).errors.contains("open"))
    kill(run.tool.processIdentifier, SIGKILL)
    kill(run.cli, SIGKILL)
    run.tool.waitUntilExit()
    usleep(2_500_000)
    let next = try Tool.run(call(cli, ["--lease", "2"]), folder: scratch.path)
    #expect(!next.errors.contains("is open"))
    let runs = try Tool.run(["runs", "--log", scratch.log, "--json"]).json.array ?? []
    #expect(runs.map { $0["outcome"]?.string } == ["interrupted", "succeeded"])
  }
}
