import Foundation
import Wakelog
import WakelogHost

// A small agent host: `EmbeddingExample DIRECTORY SESSION PROVIDER COMMAND...` has the agent of a
// session answer once, through a CLI of the provider table, and keeps what it says in a transcript.

let words = Array(CommandLine.arguments.dropFirst())
guard words.count >= 4 else {
  print("usage: EmbeddingExample DIRECTORY SESSION PROVIDER COMMAND...")
  exit(2)
}
let (directory, session) = (words[0], words[1])
do {
  // Runs that this host left open when it was killed end now, as interrupted.
  let host = try AgentHost(directory + "/wakelog", name: "embedding-example")
  defer { host.close() }
  let transcripts = TranscriptStore(directory: directory)
  let agent = HostedAgent(
    "ada", provider: words[2],
    work: .command { attempt in
      print(attempt.sessionId.map { "resuming \($0)" } ?? "a fresh session")
      return AgentCall(Array(words[3...]))
    })
  try await host.turn(session, nil, by: agent) { turn in
    for try await piece in turn {
      guard let text = piece.text else { continue }
      print(text)
      try await keep(text, turn)
    }
    print("\(turn.disposition), bound to \(turn.result?.session.sessionId ?? "nothing")")
  }

  /// Appends to the transcript, and moves the cursor that says how far it is written: after a reset
  /// both would be another generation's.
  func keep(_ text: String, _ turn: HostedTurn) async throws {
    guard let fence = turn.turn.fence else { return }
    let now = try await host.engine.session(SessionRequest(session: session))
    let written = try transcripts.append(text + "\n", to: session, generation: now.generation)
    let flush = FlushRequest(
      session: session, fence: fence, from: now.cursor, to: now.cursor + UInt64(written))
    try await host.engine.flush(flush)
  }
} catch {
  print("\(error)")
  exit(1)
}
