import Foundation
import Testing

/// The example host, with a CLI that forgets its first session.
struct EmbeddingExampleTests {
  private static let path = URL(fileURLWithPath: Tool.path).deletingLastPathComponent()
    .appendingPathComponent("EmbeddingExample").path

  private func run(_ words: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.path)
    process.arguments = words
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let printed = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: printed, as: UTF8.self))
  }

  @Test func `a session is begun, resumed, lost and begun again`() throws {
    let scratch = try Scratch()
    // As `codex exec --json` prints; `lost` makes it forget what it had.
    let cli = try scratch.script(
      "codex",
      """
      case "$*" in *" resume thread-1 "*) is=resumed ;; *) is=fresh ;; esac
      if [ $is = resumed ] && [ -e '\(scratch.path)/lost' ]; then
        echo 'Error: thread/resume: thread/resume failed: no rollout found for thread id thread-1'\\
        ' (code -32600)' >&2
        exit 1
      fi
      id=thread-1
      if [ -e '\(scratch.path)/lost' ]; then id=thread-2; fi
      echo '{"type":"thread.started","thread_id":"'$id'"}'
      echo '{"type":"turn.started"}'
      echo '{"type":"item.completed","item":{"type":"agent_message","text":"hi"}}'
      echo '{"type":"turn.completed","usage":{"input_tokens":3,"output_tokens":1}}'
      """)
    let words = [scratch.path, "chat", "codex", cli, "exec", "--json", "hi"]
    let first = try run(words)
    #expect(first.status == 0)
    #expect(
      first.output == "a fresh session\nhi\nstarted, bound to thread-1\n", "\(first.output)")
    let second = try run(words)
    #expect(second.output.hasPrefix("resuming thread-1\nhi\n"), "\(second.output)")
    _ = FileManager.default.createFile(atPath: scratch.path + "/lost", contents: nil)
    let third = try run(words).output.split(separator: "\n")
    #expect(third.first == "resuming thread-1")
    #expect(third.dropFirst().first == "a fresh session")
    #expect(third.last == "started, bound to thread-2")
    let kept = try FileManager.default.contentsOfDirectory(atPath: scratch.path)
      .filter { $0.hasSuffix(".log") }
    #expect(kept.count == 1)
    #expect(scratch.text(kept.first ?? "").split(separator: "\n").count == 3)
  }

  @Test func `a CLI that is not there is named`() throws {
    let scratch = try Scratch()
    let outcome = try run([scratch.path, "chat", "codex", "no-such-cli"])
    #expect(outcome.status == 1 && outcome.output.contains("no-such-cli could not be started"))
  }
}
