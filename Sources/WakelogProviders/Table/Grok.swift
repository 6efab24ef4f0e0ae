extension Provider {
  /// xAI's grok. A host that begins sessions by `--session-id` would not see a lost one, since that
  /// creates what it does not find.
  static let grok = Provider(
    name: "grok", aliases: ["grok-cli", "grok-build", "grok_local"],
    call: CallShape(
      resume: ["--resume", "{id}"], begin: ["--session-id", "{id}"],
      choosing: ["--resume", "-r", "--continue", "-c", "--session-id", "-s"],
      printing: ["--output-format json", "--output-format streaming-json"],
      batch: ["-p", "--single", "--prompt-file"]),
    output: [
      .on(["type": "text"]) {
        $0.entered = .path("data")
        $0.text = "data"
      },
      .on(["type": "end"]) { $0.sessionId = "sessionId" },
      .on([:], unless: ["type": ["text", "end", "thought", "error", "max_turns_reached"]]) {
        $0.sessionId = "sessionId"
        $0.entered = .path("text")
        $0.answer = "text"
      },
    ],
    literals: ["session.unknown.resume", "session.unknown.load"],
    unknown: ["transcripts: below ~/.grok/sessions, in no documented form", "usage"],
    sources: [
      ProviderSource(
        about: "resume, begin, choosing, printing, batch, transcripts",
        source: "docs.x.ai/build/cli/headless-scripting"),
      ProviderSource(
        about: "output", source: "sanjay3290/ai-skills grok-build, verified with grok 0.2.93"),
      ProviderSource(
        about: "literals",
        source: "paperclipai/paperclip packages/adapters/grok-local; "
          + "multica-ai/multica#8305"),
    ])
}
