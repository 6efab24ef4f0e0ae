extension Provider {
  /// OpenCode.
  static let opencode = Provider(
    name: "opencode", aliases: ["opencode_local"],
    call: CallShape(
      resume: ["-s", "{id}"], subcommands: ["run"], valued: ["--log-level"],
      choosing: ["-s", "--session", "-c", "--continue", "--fork"],
      printing: ["--format json"], batch: ["run"],
      programs: ["opencode-ai"]),
    output: [
      // Errors carry the id as well, of a session that nothing was said in.
      .on(["type": ["step_start", "step_finish", "text", "tool_use", "reasoning"]]) {
        $0.sessionId = "sessionID"
      },
      .on(["type": ["text", "tool_use", "reasoning"]]) { $0.entered = .always },
      .on(["type": "text"]) { $0.text = "part.text" },
      .on(["type": "tool_use"]) {
        $0.tool = "part.tool"
        $0.toolInput = "part.state.input"
      },
      .on(["type": "step_finish"]) {
        $0.entered = .always
        $0.turns = .each(1)
        $0.inputTokens = [
          "part.tokens.input", "part.tokens.cache.read", "part.tokens.cache.write",
        ]
        $0.cachedTokens = ["part.tokens.cache.read"]
        $0.outputTokens = "part.tokens.output"
        $0.costDollars = "part.cost"
        $0.isSum = true
      },
    ],
    transcripts: TranscriptLayout(
      variable: "XDG_DATA_HOME", below: "opencode", home: ".local/share/opencode",
      root: "storage/session", files: [.init(depth: 1, suffix: ".json")], database: "opencode.db"),
    literals: [
      "session.unknown.opencode", "session.unknown.notFound", "session.unknown.none",
    ],
    sources: [
      ProviderSource(
        about: "resume, choosing, printing, output",
        source: "anomalyco/opencode packages/opencode/src/cli/cmd/run.ts, 00f9806c; "
          + "anomalyco/opencode#2810 for tokens and cost"),
      ProviderSource(
        about: "transcripts",
        source: "anomalyco/opencode packages/opencode/src/storage, early 2026"),
      ProviderSource(
        about: "literals",
        source: "anomalyco/opencode#27559 (exit code 0 and no output), #34715"),
    ])
}
