import Foundation
import TestSupport
import Testing
import Wakelog
import WakelogStore

/// What the tool leaves to others of a log: its children, other processes, other users.
struct NeighbourTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private func run(_ words: String...) throws -> Tool.Outcome {
    try Tool.run(
      [
        "run", "--session", "s", "--agent", "ada", "--provider", "mycli",
        "--unknown-provider", "--log", scratch.log,
      ]
        + ["--"] + words)
  }

  /// The agent's program inherited `data.mdb` open for writing, read every id and overwrote pages.
  @Test func `no descriptor of the log reaches the agent's program`() throws {
    #expect(try run("true").status == 0)
    let list = try run("sh", "-c", "for f in /proc/self/fd/*; do readlink $f; done")
    #expect(list.status == 0)
    let ours = list.output.split(separator: "\n").filter { $0.hasPrefix(scratch.log) }
    // The lock of the run is the program's to hold; the file is empty.
    #expect(ours.map { $0.dropFirst(scratch.log.count) } == ["/runs/\(try lastRun()).lock"])
  }

  private func lastRun() throws -> Int64 {
    let runs = try Tool.run(["runs", "--log", scratch.log, "--json"]).json.array
    return try #require(runs?.compactMap { $0["run"]?.integer }.max())
  }

  /// A process that was stopped while it wrote stopped everybody, reads too, without a word.
  @Test func `a writer that does not end is shown to whoever reads`() throws {
    try Log.open(scratch.log).close()
    let log = try Log.open(scratch.log)
    try log.write { _ in
      // Shown after two seconds.
      while let holder = log.writerHolder(), holder.seconds < 2.1 { usleep(20_000) }
      let list = try Tool.run(["attention", "--log", scratch.log, "--json"])
      #expect(list.status == 0)
      let entry = try #require(list.json.array?.first)
      #expect(entry["kind"] == "writerBlocked" && entry["family"] == "infrastructure")
      #expect(entry["pid"]?.integer == Int64(getpid()))
      #expect(entry["because"]?.string?.contains("process \(getpid())") == true)
    }
    #expect(try Tool.run(["attention", "--log", scratch.log, "--json"]).json == [])
  }

  /// The server went on answering from a file that was gone.
  @Test func `a server whose file was replaced answers nothing more`() throws {
    let server = try Server(["--log", scratch.log])
    let wake =
      #""method":"wake","params":{"session":"s","agent":"a","provider":"p","source":"cron"}"#
    let first = try server.raw(#"{"jsonrpc":"2.0","id":1,\#(wake)}"#)
    #expect(first["result"]?["disposition"] == "started")
    let copy = scratch.path + "/copy"
    #expect(try Tool.run(["compact", copy, "--log", scratch.log]).status == 0)
    rename(copy + "/data.mdb", scratch.log + "/data.mdb")
    for id in 2...3 {
      let lost = try server.raw(#"{"jsonrpc":"2.0","id":\#(id),\#(wake)}"#)
      #expect(lost["error"]?["data"]?["code"] == "corrupt")
      #expect(lost["error"]?["message"]?.string?.contains("replaced or deleted") == true)
    }
    let read = try server.raw(#"{"jsonrpc":"2.0","id":4,"method":"sessions"}"#)
    #expect(read["error"]?["data"]?["code"] == "corrupt")
  }

  @Test func `a folder that others can write to is taken only when asked`() throws {
    mkdir(scratch.log, 0o700)
    chmod(scratch.log, 0o777)
    let refused = try Tool.run(["stats", "--log", scratch.log])
    #expect(refused.status == 3 && refused.errors.contains("chmod go-w"))
    let served = try Tool.run(["serve", "--log", scratch.log, "--trust-folder"])
    #expect(served.status == 0)
    #expect(try Tool.run(["serve", "--log", scratch.log]).status == 3)
    #expect(try Tool.run(["stats", "--log", scratch.log, "--trust-folder"]).status == 0)
    #expect(try Tool.run(["diagnose", "--log", scratch.log, "--trust-folder"]).status == 0)
  }

  /// Two containers whose programs have the same number were told to try again.
  @Test(.enabled(if: getuid() == 0 && Shell.has("unshare"), "needs root, to make namespaces"))
  func `processes of two pid namespaces share a log, or are told why not`() throws {
    let hello = #"{"jsonrpc":"2.0","id":1,"method":"hello"}"#
    let serve = "\(Tool.path) serve --log \(scratch.log)"
    func contained(_ command: String, input: String) throws -> Shell.Outcome {
      try Shell.run(["sh", "-c", "echo '\(input)' | unshare -p -f --mount-proc sh -c '\(command)'"])
    }
    // A first one stays, with the number 1, while the others come.
    let fifo = scratch.path + "/fifo"
    mkfifo(fifo, 0o600)
    let first = Process()
    first.executableURL = URL(fileURLWithPath: "/bin/sh")
    first.arguments = ["-c", "exec unshare -p -f --mount-proc \(serve) < \(fifo)"]
    let output = Pipe()
    first.standardOutput = output
    try first.run()
    let hold = open(fifo, O_WRONLY)
    defer { first.waitUntilExit() }
    defer { close(hold) }
    write(hold, hello + "\n", hello.utf8.count + 1)
    #expect(output.fileHandleForReading.availableData.isEmpty == false)
    let same = try contained("exec \(serve)", input: hello)
    #expect(same.status == 3)
    #expect(same.output.contains("another pid namespace"))
    #expect(!same.output.lowercased().contains("try again"))
    let other = try contained("true; \(serve); true", input: hello)
    #expect(other.output.contains(#""protocol":1"#))
  }
}
