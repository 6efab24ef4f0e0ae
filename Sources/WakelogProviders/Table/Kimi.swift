extension Provider {
  /// Kimi Code and the kimi-cli before it, which share their name and `--session`. kimi-cli begins a
  /// session under an id that it does not know, and prints none.
  static let kimi = Provider(
    name: "kimi", aliases: ["kimi-cli", "kimi-code", "kimi_local"],
    call: CallShape(
      resume: ["--session", "{id}"],
      choosing: ["--session", "-S", "--resume", "-r", "--continue", "-C"],
      printing: ["--output-format stream-json"], batch: ["-p", "--prompt", "--print", "--quiet"]),
    output: [
      .on(["role": "assistant"]) {
        $0.entered = .always
        $0.turns = .each(1)
        $0.text = "content"
      },
      .on(["role": "meta", "type": "session.resume_hint"]) { $0.sessionId = "session_id" },
    ],
    transcripts: TranscriptLayout(
      variable: "KIMI_CODE_HOME", home: ".kimi-code", root: "sessions",
      files: [.init(depth: 1, suffix: "", file: "state.json")]),
    literals: ["session.unknown.notFound"],
    unknown: ["transcripts of kimi-cli", "usage: neither prints tokens"],
    sources: [
      ProviderSource(
        about: "resume, choosing, printing, batch",
        source: "moonshotai.github.io/kimi-code/en/reference/kimi-command and "
          + "moonshotai.github.io/kimi-cli/en/reference/kimi-command"),
      ProviderSource(
        about: "output",
        source: "moonshotai.github.io/kimi-code/en/guides/print; kimi-cli's print mode has no "
          + "resume hint"),
      ProviderSource(
        about: "transcripts", source: "moonshotai.github.io/kimi-code/en/guides/sessions"),
      ProviderSource(
        about: "literals", source: "MoonshotAI/kimi-code#3131; MoonshotAI/kimi-cli acp/server.py"),
    ])
}
