extension Provider {
  /// Codex. Its session id is the id of the thread, the same for `resume` and in the output.
  static let codex = Provider(
    name: "codex", aliases: ["codex_local", "codex-cli"],
    call: CallShape(
      // `exec` takes options that `resume` does not (--sandbox, --cd, --profile), so the words
      // stand behind all options, before the prompt.
      resume: ["resume", "{id}"], place: .prompt, subcommands: ["exec", "e"],
      valued: [
        "-c", "--config", "--enable", "--disable", "-m", "--model", "-p", "--profile", "-s",
        "--sandbox", "-C", "--cd", "--add-dir", "-i", "--image", "--local-provider",
        "--output-schema", "--color", "-o", "--output-last-message", "-a", "--ask-for-approval",
      ],
      choosing: ["resume", "fork", "--last"],
      printing: ["--json", "--experimental-json"], batch: ["exec", "e"],
      programs: ["@openai/codex"]),
    output: [
      .on(["type": "thread.started"]) { $0.sessionId = "thread_id" },
      // Warnings and errors are items as well; the others are a model's doing.
      .on(
        ["type": ["item.started", "item.updated", "item.completed"]], unless: ["item.type": "error"]
      ) { $0.entered = .path("item.type") },
      .on(["type": "item.completed", "item.type": "agent_message"]) { $0.text = "item.text" },
      .on(
        [
          "type": "item.started",
          "item.type": ["command_execution", "mcp_tool_call", "web_search", "file_change"],
        ]
      ) {
        $0.tool = "item.type"
        $0.toolInput = "item"
      },
      .on(["type": "turn.completed"]) {
        $0.entered = .always
        $0.turns = .each(1)
        // Totals of the thread, which a later turn states anew; the input counts what was cached.
        $0.inputTokens = ["usage.input_tokens"]
        $0.cachedTokens = ["usage.cached_input_tokens"]
        $0.outputTokens = "usage.output_tokens"
        $0.total = [.inputTokens, .cachedTokens, .outputTokens]
      },
    ],
    transcripts: TranscriptLayout(
      variable: "CODEX_HOME", home: ".codex", root: "sessions",
      files: [.init(depth: 3, prefix: "rollout-", suffix: ".jsonl")],
      answers: [
        .on(["type": "response_item", "payload.role": "assistant"]) { _ in },
        .on(["type": "response_item"], unless: ["payload.type": "message"]) { _ in },
      ]),
    literals: [
      "session.unknown.codex", "session.unknown.codexState", "session.unknown.resume",
      "session.inUse", "session.archived", "session.malformed",
    ],
    sources: [
      ProviderSource(
        about: "resume, valued, choosing, printing",
        source: "openai/codex codex-rs/exec/src/cli.rs and codex-rs/utils/cli/src/"
          + "shared_options.rs, 02805335"),
      ProviderSource(
        about: "output",
        source: "openai/codex codex-rs/exec/src/exec_events.rs and "
          + "event_processor_with_jsonl_output.rs; openai/codex#17539 for totals of the thread"),
      ProviderSource(
        about: "transcripts", source: "openai/codex-action#83; runs of Codex 0.4 and 0.163"),
      ProviderSource(
        about: "literals",
        source: "RunMaestro/Maestro#1043 (codex exec resume, 0.130.0, exit 1); openai/codex#22064; "
          + "older versions begin a new thread instead, which its id shows"),
    ])
}
