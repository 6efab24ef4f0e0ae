extension Provider {
  /// Qwen Code. Its stream is Claude Code's, with the whole stream in one array for `json`.
  static let qwen = Provider(
    name: "qwen", aliases: ["qwen-code", "qwen_local"],
    call: CallShape(
      resume: ["--resume", "{id}"], begin: ["--session-id", "{id}"],
      choosing: ["--resume", "-r", "--continue", "-c", "--session-id", "--fork-session"],
      printing: [
        "--output-format json", "--output-format stream-json", "-o json", "-o stream-json",
      ],
      batch: ["-p", "--prompt"],
      programs: ["@qwen-code/qwen-code"]),
    output: [
      .on(["type": "system"]) { $0.sessionId = "session_id" },
      .on(["type": "assistant"]) {
        $0.entered = .path("message.content")
        $0.text = "message.content.*.text"
        $0.tool = "message.content.*.name"
        $0.toolInput = "message.content.*.input"
      },
      .on(["type": "result"]) {
        $0.turns = .path("num_turns")
        $0.entered = .path("usage.output_tokens")
        $0.inputTokens = ["usage.input_tokens"]
        $0.cachedTokens = ["usage.cache_read_input_tokens"]
        $0.outputTokens = "usage.output_tokens"
      },
    ],
    transcripts: TranscriptLayout(
      variable: "QWEN_RUNTIME_DIR", home: ".qwen", root: "projects",
      files: [.init(depth: 2, suffix: ".jsonl")]),
    literals: ["session.unknown.codex", "session.unknown.resume", "session.exists"],
    unknown: ["how a workspace's folder is named", "whether input_tokens counts the cache"],
    sources: [
      ProviderSource(
        about: "resume, begin, choosing, printing, batch",
        source: "QwenLM/qwen-code packages/cli/src/config/config.ts"),
      ProviderSource(
        about: "output, transcripts",
        source: "qwenlm.github.io/qwen-code-docs/en/users/features/headless"),
      ProviderSource(about: "literals", source: "QwenLM/qwen-code#3606"),
    ])
}
