import Foundation
import TestSupport
import Wakelog
import WakelogHost
import WakelogProviders

/// A host over a log of its own, with a CLI that is a script.
final class TestHost: Sendable {
  let folder: TemporaryFolder
  let engine: Engine
  let host: AgentHost

  init(name: String? = "gateway", endsRuns: Bool = true) throws {
    folder = try TemporaryFolder(inMemory: true)
    var options = Engine.Options()
    options.host = name
    engine = try Engine.open(folder.path + "/log", options: options)
    var hosting = AgentHost.Options()
    hosting.endsRuns = endsRuns
    host = AgentHost(engine, options: hosting)
    try FileManager.default.createDirectory(
      atPath: folder.path + "/bin", withIntermediateDirectories: true)
  }

  deinit {
    host.close()
    engine.close()
  }

  /// Writes a program of the folder's own PATH.
  func script(_ body: String, name: String = "claude") throws {
    let path = "\(folder.path)/bin/\(name)"
    try "#!/bin/bash\ncd \(folder.path)\n\(body)\n".write(
      toFile: path, atomically: true, encoding: .utf8)
    chmod(path, 0o755)
  }

  /// An agent whose CLI is the script.
  func agent(timeout: Double? = nil, words: [String] = []) -> HostedAgent {
    let path = "\(folder.path)/bin:/usr/bin:/bin"
    var agent = HostedAgent(
      "ada", provider: "claude",
      work: .command { attempt in
        var call = AgentCall(
          ["claude", "-p", attempt.text, "--output-format", "stream-json", "--verbose"] + words)
        call.environment = ["PATH": path, "TEXT": attempt.text]
        return call
      })
    agent.timeoutSeconds = timeout
    return agent
  }

  /// The texts of a turn.
  func answer(
    _ text: String, session: String = "chat", by agent: HostedAgent? = nil, key: String? = nil
  ) async throws -> [String] {
    try await host.turn(session, text, by: agent ?? self.agent(), key: key) { turn in
      var texts: [String] = []
      for try await piece in turn { if let text = piece.text { texts.append(text) } }
      return texts
    }
  }

  func session(_ key: String = "chat") throws -> SessionResult {
    try engine.session(SessionRequest(session: key))
  }

  /// What a file in the folder says; empty where it is not there.
  func text(_ name: String) -> String {
    (try? String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8)) ?? ""
  }

  func reset() throws { _ = try engine.reset(ResetRequest(session: "chat")) }

  /// The last run of the session.
  func lastRun() throws -> JSONValue {
    let run = try session().json["lastRun"]?["run"]?.integer ?? 0
    return try engine.run(RunRequest(run: UInt64(run))).json
  }

  /// Lets a script go on that waits for it.
  func go() { _ = FileManager.default.createFile(atPath: folder.path + "/go", contents: nil) }

  /// The processes that a script has written down.
  func pids() async throws -> [pid_t] {
    _ = try await eventually { text("pids").hasSuffix(".\n") }
    return text("pids").split(whereSeparator: \.isWhitespace).compactMap { pid_t($0) }
  }

  /// What Claude Code prints of a session, and of an answer in it.
  static let printing = """
    say() {
      echo '{"type":"system","subtype":"init","session_id":"'$1'"}'
      echo '{"type":"assistant","message":{"content":[{"type":"text","text":"'"$2"'"}]}}'
      echo '{"type":"result","subtype":"success","is_error":false,"num_turns":1,"session_id":"'$1'","result":"'"$2"'","usage":{"input_tokens":3,"output_tokens":2}}'
    }
    resumed() { while [ $# -gt 0 ]; do [ "$1" = --resume ] && echo "$2"; shift; done; }

    """
}

/// Whether something comes true within twenty seconds. Suspends meanwhile: a thread of the pool that
/// is kept is one that the turn lacks.
func eventually(_ isTrue: () throws -> Bool) async throws -> Bool {
  for _ in 0..<2_000 {
    if try isTrue() { return true }
    try await Task.sleep(for: .milliseconds(10))
  }
  return false
}
