import Foundation
import Wakelog

// A small agent host: `EmbeddingExample DIRECTORY SESSION PROVIDER COMMAND...` wakes the agent of a
// session once, with a CLI of the provider table, and keeps what it says in a transcript of its own.

let words = Array(CommandLine.arguments.dropFirst())
guard words.count >= 4 else {
  print("usage: EmbeddingExample DIRECTORY SESSION PROVIDER COMMAND...")
  exit(2)
}
do {
  let host = try AgentHost(directory: words[0])
  defer { host.close() }
  try await host.answer(session: words[1], provider: words[2], command: Array(words[3...]))
} catch {
  print("\(error)")
  exit(1)
}
