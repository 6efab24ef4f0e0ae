extension Provider {
  /// Agents that speak the agent client protocol: a message resumes their sessions, not a word.
  static let acp = Provider(
    name: "acp", aliases: ["claude-agent-acp", "codex-acp"],
    call: CallShape(resume: []), protocolName: "acp",
    output: [
      // The answer to `session/new`.
      .on([:], unless: ["method": ["session/update"]]) { $0.sessionId = "result.sessionId" },
      .on(["params.update.sessionUpdate": ["agent_message_chunk", "tool_call"]]) {
        $0.sessionId = "params.sessionId"
        $0.entered = .always
      },
    ],
    literals: [
      "session.unknown.acp", "session.unknown.notFound", "session.unknown.load",
    ],
    unknown: ["transcripts: each agent's own", "usage: no part of the protocol"],
    sources: [
      ProviderSource(
        about: "resume, output, transcripts",
        source: "agentclientprotocol.com/protocol/session-setup: session/load"),
      ProviderSource(
        about: "literals", source: "claude-agent-acp#363; acpx#174; multica-ai/multica#8305"),
    ])
}
