internal import Glibc
internal import Wakelog
internal import WakelogModel

extension Command {
  static let run = Command(
    name: "run",
    summary: "Run an agent CLI once, with sessions kept: resume, fall back, record",
    about: """
      For cron jobs and scripts. Wakes the session, adds the words that resume its provider \
      session, passes input and output through, reads id, turns and usage from what is printed, \
      and records how it ended. When the session cannot be resumed the CLI is run again, fresh, \
      within the same run. Exits with the CLI's own status; 4 when the wake is refused or has to \
      wait for an open run, 0 when it adds nothing to one, 127 when the CLI cannot be found.
      """,
    options: [
      .log,
      Option(name: "--session", value: "KEY", help: "the conversation", isRequired: true),
      Option(name: "--agent", value: "NAME", help: "whose conversation it is", isRequired: true),
      Option(name: "--provider", value: "NAME", help: "whose CLI it is: claude", isRequired: true),
      Option(name: "--source", value: "SOURCE", help: "what wakes it; left out, cron"),
      Option(name: "--reason", value: "TEXT", help: "why, as policies name reasons"),
      Option(name: "--scope", value: "TEXT", help: "the task or issue that it is about"),
      Option(
        name: "--workspace", value: "PATH[:KIND]",
        help: "where: project, home, worktree or other; left out, this folder"),
      Option(name: "--host", value: "NAME", help: "this machine's name"),
      Option(
        name: "--lease", value: "SECONDS",
        help: "the run counts as lost after so long without a sign of life; left out, 60"),
      Option(name: "--fresh", value: nil, help: "demand a fresh session"),
      Option(name: "--resume", value: "ID", help: "ask for this provider session"),
      Option(name: "--policy", value: "NAME|FILE", help: "adopt this policy first"),
    ],
    rest: "COMMAND",
    examples: [
      "wakelog run --session nightly --agent ada --provider claude --log /var/lib/agents/log "
        + "-- claude -p 'tidy up the repository'"
    ],
    run: { invocation in
      let request = try wakeRequest(invocation)
      let cli = AgentCLI.of(request.provider)
      let words = invocation.rest
      guard let name = words.first, let program = ChildProcess.find(name) else {
        printError("\(words.first ?? "-- COMMAND"): no such program, or it may not be run")
        return .other(127)
      }
      for word in words.dropFirst() where cli?.choosing.contains(word) == true {
        throw CommandError.usage(
          "\(word) chooses a session, which is what 'run' does; leave it out, or use --resume ID")
      }
      var options = Engine.Options()
      options.policy = try invocation.value("--policy").map(readPolicy)
      return try Log.open(invocation, options) { log in
        let attempt = AttemptRunner(
          engine: log.engine, cli: cli, program: program, words: words,
          leaseSeconds: request.lease ?? 60)
        return try attempt.run(request)
      }
    })

  private static func wakeRequest(_ invocation: Invocation) throws -> WakeRequest {
    let sourceName = invocation.value("--source") ?? Source.cron.name
    guard let source = Source(name: sourceName) else {
      throw CommandError.usage(
        "no source '\(sourceName)'\(hint(sourceName, among: Source.allCases.map(\.name)))")
    }
    var request = WakeRequest(
      session: invocation.value("--session") ?? "", agent: invocation.value("--agent") ?? "",
      provider: invocation.value("--provider") ?? "", source: source)
    request.reason = invocation.value("--reason")
    request.scope = invocation.value("--scope")
    request.workspace = try workspace(invocation.value("--workspace"))
    request.host = invocation.value("--host")
    request.lease = UInt32(try invocation.integer("--lease", in: 1...Int64(Int32.max)) ?? 60)
    request.forceFresh = invocation.has("--fresh")
    request.resume = invocation.value("--resume")
    return request
  }

  /// The folder to work in: as given, else this one; the user's home is no project.
  private static func workspace(_ given: String?) throws -> WorkspaceName? {
    guard let given else {
      guard let here = unsafe getcwd(nil, 0) else { return nil }
      defer { unsafe free(here) }
      let path = unsafe String(cString: here)
      return WorkspaceName(path: path, kind: path == environment("HOME") ? .home : .project)
    }
    guard let colon = given.lastIndex(of: ":"),
      let kind = WorkspaceKind(name: String(given[given.index(after: colon)...]))
    else { return WorkspaceName(path: given, kind: .project) }
    return WorkspaceName(path: String(given[..<colon]), kind: kind)
  }
}
