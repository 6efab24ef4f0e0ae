extension Provider {
  /// Amp. Its threads are kept by a server; the files on a machine are no proof of anything.
  static let amp = Provider(
    name: "amp", aliases: ["ampcode", "amp_local"],
    call: CallShape(
      resume: ["threads", "continue", "{id}"], place: .program, choosing: ["threads", "t"],
      printing: ["--stream-json"], batch: ["-x", "--execute"],
      programs: ["@sourcegraph/amp"]),
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
        $0.turns = .path("num_turns")
        $0.entered = .path("num_turns")
        $0.answer = "result"
      },
    ],
    literals: ["session.archived", "session.unknown.notFound"],
    unknown: ["what it prints for a thread that is not there", "usage", "transcripts"],
    sources: [
      ProviderSource(
        about: "resume, choosing, printing, batch, output, transcripts",
        source: "ampcode.com/manual; littlebearapps.com/help/untether/amp-runner, May 2026"),
      ProviderSource(about: "literals", source: "egoist/waku#177"),
    ])
}
