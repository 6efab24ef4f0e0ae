import Foundation
import Testing
import Wakelog

/// `wakelog run` at a terminal: the CLI has it as if the shell had started the CLI.
@Suite(.serialized)
struct TerminalTests {
  let scratch: Scratch
  let terminal: Terminal
  init() throws {
    scratch = try Scratch()
    terminal = try Terminal(folder: scratch.path)
  }

  /// Types the call, with a name for the status it ends with.
  private func start(_ cli: String, _ words: String = "") {
    terminal.type(
      "'\(Tool.path)' run --session s --agent ada --provider claude --log log -- '\(cli)' \(words);"
        + " echo status\"\"=$?\n")
  }

  /// How the run ended, once it has.
  private func settled() throws -> String? {
    for _ in 0..<200 {
      let session = try Tool.run(["show", "s", "--log", scratch.log, "--json"]).json
      if let outcome = session["lastRun"]?["outcome"]?.string { return outcome }
      usleep(50_000)
    }
    return nil
  }

  @Test func `a CLI that speaks with a person reads and writes the terminal itself`() throws {
    let cli = try scratch.script(
      "claude",
      #"""
      [ -t 0 ] && [ -t 1 ] && echo "on a" terminal
      : > /dev/tty && read line && echo "heard $line"
      """#)
    start(cli)
    #expect(terminal.wait(for: "on a terminal"))
    terminal.type("hello\n")
    #expect(terminal.wait(for: "heard hello"))
    #expect(terminal.wait(for: "status=0"))
    #expect(try settled() == "succeeded")
  }

  @Test func `a CLI that answers and ends is read, with the keys still its own`() throws {
    let cli = try scratch.script(
      "claude",
      #"""
      [ -t 0 ] && [ ! -t 1 ] && echo piped
      echo '{"type":"system","subtype":"init","session_id":"id-1"}'
      echo '{"type":"result","is_error":false,"num_turns":1,"session_id":"id-1"}'
      read line && echo "heard $line"
      """#)
    start(cli, "-p hi --output-format stream-json")
    #expect(terminal.wait(for: "piped"))
    terminal.type("hello\n")
    #expect(terminal.wait(for: "heard hello"))
    #expect(terminal.wait(for: "status=0"))
    let session = try Tool.run(["show", "s", "--log", scratch.log, "--json"]).json
    #expect(session["bound"]?["sessionId"]?.string == "id-1")
  }

  @Test func `Control-C reaches the CLI once, and the tool ends as it does`() throws {
    let cli = try scratch.script(
      "claude",
      #"""
      trap 'count=$((count + 1)); echo $count > caught; [ $count = 5 ] && exit 5' INT
      echo "now" ready
      # Waits in the shell itself, which would take two signals as one beside a program.
      while :; do read line; done
      """#)
    start(cli)
    #expect(terminal.wait(for: "now ready"))
    // A second signal right behind the first is now and then taken with it, not five times.
    for press in 1...4 {
      terminal.type("\u{3}")
      for _ in 0..<500 where scratch.text("caught") != "\(press)\n" { usleep(10_000) }
      usleep(50_000)
      #expect(scratch.text("caught") == "\(press)\n")
    }
    terminal.type("\u{3}")
    #expect(terminal.wait(for: "status=5"))
  }

  @Test func `Control-Z stops the whole job, and fg goes on with it`() throws {
    let cli = try scratch.script("claude", #"echo "now" ready; read line; echo "heard $line""#)
    start(cli)
    #expect(terminal.wait(for: "now ready"))
    terminal.type("\u{1A}")
    usleep(300_000)
    terminal.type("echo the \"\"shell\n")
    #expect(terminal.wait(for: "the shell"))
    terminal.type("fg\n")
    usleep(300_000)
    terminal.type("hello\n")
    #expect(terminal.wait(for: "heard hello"))
    #expect(try settled() == "succeeded")
  }

  /// A CLI that reads keys by itself sees Control-Z as a key, and stops only itself.
  @Test func `a CLI that stops itself gives the terminal back to the shell`() throws {
    let cli = try scratch.script(
      "claude", #"echo "now" ready; kill -STOP $$; echo "here" again; read line; exit 3"#)
    start(cli)
    #expect(terminal.wait(for: "now ready"))
    usleep(300_000)
    terminal.type("echo the \"\"shell\n")
    #expect(terminal.wait(for: "the shell"))
    terminal.type("fg\n")
    #expect(terminal.wait(for: "here again"))
    terminal.type("\n")
    #expect(try settled() == "failed")
  }

  @Test func `a CLI that dies leaves the terminal as it was`() throws {
    let cli = try scratch.script("claude", #"stty raw -echo; echo "now" raw; kill -KILL $$"#)
    start(cli)
    #expect(terminal.wait(for: "status=137"))
    terminal.type("stty -a | grep -c -- ' -icanon' | sed s/^/cooked/\n")
    #expect(terminal.wait(for: "cooked0"))
  }

  /// A server that a CLI left running held its output open, and the run with it.
  @Test func `what a CLI leaves running does not keep the run open`() throws {
    let cli = try scratch.script("claude", "sleep 30 & echo $! > left; echo the answer")
    defer { if let left = pid_t(scratch.text("left").dropLast()) { kill(left, SIGKILL) } }
    start(cli, "-p hi")
    #expect(terminal.wait(for: "the answer"))
    #expect(terminal.wait(for: "status=0"))
  }
}
