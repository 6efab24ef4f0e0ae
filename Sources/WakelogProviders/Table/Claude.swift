extension Provider {
  /// Claude Code.
  static let claude = Provider(
    name: "claude", aliases: ["claude_local", "claude-cli", "claude-code"],
    call: CallShape(
      resume: ["--resume", "{id}"], begin: ["--session-id", "{id}"],
      choosing: [
        "--resume", "-r", "--continue", "-c", "--session-id", "--fork-session", "--from-pr",
      ],
      printing: ["--output-format json", "--output-format stream-json"],
      batch: ["-p", "--print"],
      programs: ["@anthropic-ai/claude-code"]),
    output: [
      // The id of a failing result is a new one that cannot be resumed.
      .on(["type": "system", "subtype": "init"]) { $0.sessionId = "session_id" },
      // An error of the API is printed as an answer of a model `<synthetic>`.
      .on(["type": "assistant"], unless: ["message.model": "<synthetic>"]) {
        $0.entered = .path("message.content")
        $0.text = "message.content.*.text"
        // Only calls of tools have a name.
        $0.tool = "message.content.*.name"
        $0.toolInput = "message.content.*.input"
      },
      // With --include-partial-messages, before the message itself.
      .on(["type": "stream_event"]) { $0.part = "event.delta.text" },
      .on(["type": "result"]) {
        $0.turns = .path("num_turns")
        // Neither subtype nor turn count says that a model answered, tokens do.
        $0.entered = .path("usage.output_tokens")
        // Its input leaves out what the cache gave, and what was put there.
        $0.inputTokens = [
          "usage.input_tokens", "usage.cache_read_input_tokens",
          "usage.cache_creation_input_tokens",
        ]
        $0.cachedTokens = ["usage.cache_read_input_tokens"]
        $0.outputTokens = "usage.output_tokens"
        // The tokens are the call's, the cost is the session's.
        $0.costDollars = "total_cost_usd"
        $0.total = [.costMicros]
      },
      .on(["type": "result"], unless: ["is_error": true]) {
        $0.sessionId = "session_id"
        $0.entered = .path("num_turns")
        $0.answer = "result"
      },
    ],
    transcripts: TranscriptLayout(
      variable: "CLAUDE_CONFIG_DIR", home: ".claude", root: "projects",
      files: [.init(depth: 1, suffix: ".jsonl")], workspaceFolder: .dashes,
      answers: [.on(["type": "assistant"], unless: ["message.model": "<synthetic>"]) { _ in }]),
    literals: [
      "session.unknown.claude", "session.malformed.claude", "session.inUse", "session.ended",
      "session.poisoned.claude", "session.poisoned.image", "session.poisoned.toolPairs",
    ],
    sources: [
      ProviderSource(
        about: "resume, begin, choosing, printing, batch",
        source: "claude --help and runs of Claude Code 2.1.329"),
      ProviderSource(
        about: "output",
        source: "runs of Claude Code 2.1.332 with json and stream-json, whose total_cost_usd grows "
          + "with every resume; jonwiggins/optio#602 for the id of a failing resume"),
      ProviderSource(about: "transcripts", source: "runs of Claude Code 2.1.329 and 2.1.332"),
      ProviderSource(
        about: "literals",
        source: "anthropics/claude-code#1967, #5524, #16861, #62851, #69652, #91268; runs of "
          + "2.1.332"),
    ])
}
