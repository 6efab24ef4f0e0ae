extension Provider {
  /// GitHub Copilot CLI. `--resume` with an id that it does not know begins a session under that id,
  /// exit code 0: only the transcript tells whether there was one.
  static let copilot = Provider(
    name: "copilot", aliases: ["copilot_local", "github-copilot", "copilot-cli"],
    call: CallShape(
      resume: ["--resume={id}"], begin: ["--resume={id}"],
      valued: ["--model", "--output-format", "-i", "--interactive", "-n", "--name"],
      choosing: ["--resume", "--continue", "--connect"],
      printing: ["--output-format json"], batch: ["-p", "--prompt"],
      programs: ["@github/copilot"]),
    output: [
      .on(["type": "assistant.message"]) {
        $0.entered = .always
        $0.turns = .each(1)
        $0.outputTokens = "data.outputTokens"
        $0.text = "data.content"
        $0.isSum = true
      },
      .on(["type": "result"]) { $0.sessionId = "sessionId" },
    ],
    transcripts: TranscriptLayout(
      variable: "COPILOT_HOME", home: ".copilot", root: "session-state",
      files: [.init(depth: 0, suffix: "", file: "events.jsonl")],
      answers: [.on(["type": "assistant.message"]) { _ in }]),
    literals: ["session.unknown.copilot", "session.poisoned.store"],
    unknown: ["inputTokens: its JSON counts only what was written"],
    sources: [
      ProviderSource(
        about: "resume, begin, choosing, printing, batch",
        source: "copilot --help of 1.0.36; older versions answered `No session, task, or name "
          + "matched` (kinncj/MAPLE#24)"),
      ProviderSource(about: "output", source: "runs of GitHub Copilot CLI 1.0.36 with its own API"),
      ProviderSource(
        about: "transcripts",
        source: "GitHub Copilot CLI 1.0.36: COPILOT_HOME, session-state/<id>/events.jsonl"),
      ProviderSource(
        about: "literals",
        source: "kinncj/MAPLE#24; GitHub Copilot CLI 1.0.36, `Session file is "
          + "corrupted`"),
    ])
}
