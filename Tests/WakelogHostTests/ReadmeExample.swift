// The README's example, word for word between the marks: a test compares the two.

// README
import Wakelog
import WakelogHost

func serve(_ bot: Bot, _ log: String) async throws {
  let host = try AgentHost(log, name: "gateway-1")  // `busy` while another process has the name
  defer { host.close() }
  var agent = HostedAgent(
    "main", provider: "claude",
    work: .command { turn in
      AgentCall(["claude", "-p", turn.text, "--output-format", "stream-json", "--verbose"])
    })
  agent.workspace = WorkspaceName(path: "/srv/app", kind: .project)
  agent.timeoutSeconds = 900
  for run in host.interrupted where run.endOrphan() {  // left by a process that was killed
    bot.retry(run.payloads)
  }
  for await message in bot.messages {
    do {
      try await host.turn(message.chat, message.text, by: agent, key: message.id) { turn in
        for try await piece in turn { bot.send(message.chat, piece.text ?? "") }
      }
    } catch {
      bot.send(message.chat, "\(error)")  // the run has ended, whatever was thrown
    }
  }
}
// README ends
