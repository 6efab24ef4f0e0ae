extension Provider {
  /// Crush. It prints text alone and no id, so only an id that a host knows from elsewhere is
  /// resumed.
  static let crush = Provider(
    name: "crush", aliases: ["crush_local"],
    call: CallShape(
      resume: ["--session", "{id}"], subcommands: ["run", "r"],
      valued: ["-m", "--model", "--small-model", "-c", "--cwd", "-D", "--data-dir"],
      choosing: ["--session", "-s", "--continue", "-C"], batch: ["run", "r"],
      programs: ["@charmland/crush"]),
    literals: ["session.unknown.notFound", "session.malformed.child", "session.inUse.named"],
    unknown: ["output: it prints no id", "transcripts: a database in the workspace's .crush"],
    sources: [
      ProviderSource(
        about: "resume, choosing, batch, output, transcripts, literals",
        source: "charmbracelet/crush internal/cmd/run.go, 01f8b811")
    ])
}
