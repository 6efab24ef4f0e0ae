extension Provider {
  /// Gemini CLI. `--resume latest` would open a new session where there is none; an id is refused.
  static let gemini = Provider(
    name: "gemini", aliases: ["gemini_local", "gemini-cli"],
    call: CallShape(
      resume: ["--resume", "{id}"], begin: ["--session-id", "{id}"],
      choosing: ["--resume", "-r", "--session-id", "--session-file"],
      printing: [
        "--output-format json", "--output-format stream-json", "-o json", "-o stream-json",
      ],
      batch: ["-p", "--prompt"],
      programs: ["@google/gemini-cli"]),
    versions: [VersionChange(below: ProgramVersion("0.41.0")!, begin: [])],
    output: [
      .on(["type": "init"]) { $0.sessionId = "session_id" },
      .on(["type": "message", "role": "assistant"]) {
        $0.entered = .path("content")
        // With `delta`, what follows on the message before.
        $0.text = "content"
      },
      .on(["type": "tool_use"]) {
        $0.entered = .always
        $0.tool = "tool_name"
        $0.toolInput = "parameters"
      },
      .on(["type": "result"]) {
        $0.inputTokens = ["stats.input_tokens"]
        $0.cachedTokens = ["stats.cached"]
        $0.outputTokens = "stats.output_tokens"
        $0.entered = .path("stats.output_tokens")
      },
      // `json` prints one document without a type, with the numbers of each model.
      .on([:], unless: ["type": ["init", "message", "result"]]) {
        $0.sessionId = "session_id"
        $0.answer = "response"
        $0.entered = .path("stats.models.*.tokens.candidates")
        $0.inputTokens = ["stats.models.*.tokens.prompt"]
        $0.cachedTokens = ["stats.models.*.tokens.cached"]
        $0.outputTokens = "stats.models.*.tokens.candidates"
      },
    ],
    transcripts: TranscriptLayout(
      variable: "GEMINI_CLI_HOME", below: ".gemini", home: ".gemini", root: "tmp",
      files: [
        .init(depth: 2, prefix: "session-", suffix: ".json", idLength: 8),
        .init(depth: 2, prefix: "session-", suffix: ".jsonl", idLength: 8),
      ]),
    literals: [
      "session.unknown.gemini", "session.unknown.geminiLatest", "session.unknown.resume",
      "session.exists", "session.malformed.gemini",
    ],
    sources: [
      ProviderSource(
        about: "resume, begin, choosing, literals",
        source: "google-gemini/gemini-cli packages/cli/src/gemini.tsx and utils/sessionUtils.ts, "
          + "5411f113; exit code 42"),
      ProviderSource(
        about: "versions",
        source: "release notes of v0.41.0 for --session-id (google-gemini/gemini-cli#26060); a "
          + "version before refuses the whole call"),
      ProviderSource(
        about: "output",
        source: "google-gemini/gemini-cli packages/core/src/output/types.ts, json-formatter.ts and "
          + "stream-json-formatter.ts, 04fbf507"),
      ProviderSource(
        about: "transcripts",
        source: "google-gemini/gemini-cli packages/core/src/utils/paths.ts and config/storage.ts"),
    ])
}
