extension Provider {
  /// Cursor's agent. What it prints for a chat that it does not know is in no source.
  static let cursor = Provider(
    name: "cursor-agent", aliases: ["cursor", "cursor_local", "cursor-cli"],
    call: CallShape(
      resume: ["--resume", "{id}"],
      valued: ["-m", "--model", "--output-format", "-a", "--api-key", "--workspace"],
      choosing: ["--resume", "--continue", "resume", "create-chat"],
      printing: ["--output-format json", "--output-format stream-json"], batch: ["-p", "--print"]),
    output: [
      .on(["type": "system", "subtype": "init"]) { $0.sessionId = "session_id" },
      .on(["type": "assistant"]) {
        $0.entered = .path("message.content")
        $0.text = "message.content.*.text"
        $0.tool = "message.content.*.name"
        $0.toolInput = "message.content.*.input"
      },
      .on(["type": "result"], unless: ["is_error": true]) {
        $0.sessionId = "session_id"
        $0.entered = .path("result")
        $0.answer = "result"
      },
    ],
    literals: ["session.unknown.resume", "session.unknown.notFound", "session.unknown.named"],
    unknown: ["transcripts: ~/.cursor/chats, in a form that is not documented", "usage"],
    sources: [
      ProviderSource(
        about: "resume, choosing, printing, batch, output",
        source: "cursor.com/docs/cli/reference/parameters and output-format"),
      ProviderSource(
        about: "literals, transcripts",
        source: "paperclipai/paperclip packages/adapters/cursor-local; acpx#152; coder/registry#747"
      ),
    ])
}
