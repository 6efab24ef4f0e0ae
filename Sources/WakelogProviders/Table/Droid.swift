extension Provider {
  /// Factory's droid.
  static let droid = Provider(
    name: "droid", aliases: ["factory", "factory-droid", "droid_local"],
    call: CallShape(
      resume: ["--session-id", "{id}"], subcommands: ["exec"],
      choosing: ["--session-id", "-s", "--resume", "-r", "--fork", "resume"],
      printing: [
        "--output-format json", "--output-format stream-json", "-o json", "-o stream-json",
      ],
      batch: ["exec"]),
    output: [
      .on(["type": "system", "subtype": "init"]) { $0.sessionId = "session_id" },
      .on(["type": "message", "role": "assistant"]) {
        $0.entered = .path("text")
        $0.text = "text"
      },
      .on(["type": "completion"]) {
        $0.sessionId = "session_id"
        $0.turns = .path("numTurns")
        $0.entered = .path("usage.output_tokens")
        $0.inputTokens = [
          "usage.input_tokens", "usage.cache_read_input_tokens",
          "usage.cache_creation_input_tokens",
        ]
        $0.cachedTokens = ["usage.cache_read_input_tokens"]
        $0.outputTokens = "usage.output_tokens"
      },
      .on(["type": "result"], unless: ["is_error": true]) {
        $0.sessionId = "session_id"
        $0.turns = .path("num_turns")
        $0.entered = .path("result")
        $0.answer = "result"
      },
    ],
    transcripts: TranscriptLayout(
      variable: "", home: ".factory", root: "sessions", files: [.init(depth: 1, suffix: ".jsonl")]),
    literals: ["session.unknown.notFound"],
    unknown: ["whether input_tokens leaves out the cache, as in the API that it is named after"],
    sources: [
      ProviderSource(
        about: "resume, choosing, printing, batch",
        source: "docs.factory.ai/cli/droid-exec/overview and reference/cli-reference"),
      ProviderSource(
        about: "output",
        source: "BloopAI/vibe-kanban tasks/1846-droid-research; multica-ai/multica, tests of its "
          + "droid backend"),
      ProviderSource(
        about: "transcripts", source: "factory-ai/factory-plugins, session-navigation"),
      ProviderSource(about: "literals", source: "host regex banks; no source of droid's own"),
    ])
}
