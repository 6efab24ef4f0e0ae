extension Provider {
  /// Goose. It prints no id, so a session begins under a name of ours and is resumed by that.
  static let goose = Provider(
    name: "goose", aliases: ["goose_local", "goose-cli"],
    call: CallShape(
      resume: ["--resume", "--name", "{id}"], begin: ["--name", "{id}"],
      subcommands: ["run", "session"],
      choosing: [
        "--resume", "-r", "--name", "-n", "--session-id", "--id", "--no-session", "--path",
      ],
      batch: ["run"]),
    literals: ["session.unknown.goose", "session.unknown.named"],
    unknown: [
      "output: its JSON has neither an id nor the turns of one call", "usage",
      "transcripts: a database, sessions.db, which is not looked into",
    ],
    sources: [
      ProviderSource(
        about: "resume, begin, choosing, batch, output",
        source: "block/goose documentation/docs/guides/goose-cli-commands.md"),
      ProviderSource(
        about: "transcripts",
        source: "block/goose crates/goose/src/session: files until 1.9, then sessions.db"),
      ProviderSource(
        about: "literals",
        source: "block/goose crates/goose-cli/src/session/builder.rs, 00797755; printed on "
          + "standard output; coder/registry#744"),
    ])
}
