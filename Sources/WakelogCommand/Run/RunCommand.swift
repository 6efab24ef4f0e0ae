internal import Glibc
internal import Wakelog
internal import WakelogHost
internal import WakelogModel
internal import WakelogProviders

extension Command {
  static let run = Command(
    name: "run",
    summary: "Run an agent CLI once, with sessions kept: resume, fall back, record",
    about: """
      For cron jobs, scripts and people. Wakes the session, adds the words that resume its \
      provider session, passes input and output through, reads id, turns and usage from what is \
      printed as JSON, and records how it ended. When the session cannot be resumed the CLI is run \
      again, fresh, within the same run. A CLI that speaks with a person gets the terminal itself. \
      The words go behind the CLI's own program, also where others start it: timeout 60 claude -p \
      hi. Where it is not a word of the call, write {session} in their place, or {resume} for those \
      that resume: bash ./job.sh {session}. Signals are passed on. While the CLI lives, and is not \
      stopped, its lease is renewed; it dies with this program, and what it leaves behind is never \
      joined by a second one. A run that was killed is taken for lost when the lease has run out, \
      with --host as soon as it is run there again. Exits with the CLI's own status; 124 when \
      --timeout ended it, 4 when the wake is refused or has to wait for an open run, 0 when it adds \
      nothing to one, 127 when the CLI cannot be found.
      """,
    options: [
      .log,
      Option(name: "--session", value: "KEY", help: "the conversation", isRequired: true),
      Option(name: "--agent", value: "NAME", help: "whose conversation it is", isRequired: true),
      Option(
        name: "--provider", value: "NAME",
        help: "whose CLI it is: " + Provider.all.map(\.name).joined(separator: ", ")),
      Option(
        name: "--provider-file", value: "FILE.json",
        help: "what a CLI that is not known does; 'providers NAME' prints such a file"),
      Option(
        name: "--unknown-provider", value: nil,
        help: "the provider is one that is not known: nothing is resumed"),
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
      Option(
        name: "--timeout", value: "SECONDS",
        help: "end the CLI, and what it has started, after so long"),
      Option(
        name: "--wait", value: "SECONDS", help: "wait so long for an open run of the session"),
      Option(
        name: "--orphans", value: OrphanPolicy.allCases.map(\.rawValue).joined(separator: "|"),
        help: "what to do with a CLI whose 'wakelog run' is gone; left out, refuse"),
      Option(
        name: "--payload", value: "TEXT",
        help: "what the run is asked to do; kept while it has to wait"),
      Option(
        name: "--json-fd", value: "FD",
        help: "write what came of it to this descriptor, as a line of JSON"),
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
      let provider = try provider(invocation)
      let request = try wakeRequest(invocation, provider)
      let words = invocation.rest
      guard let name = words.first, let program = ChildProcess.find(name, path: environment("PATH"))
      else {
        printError("\(words.first ?? "-- COMMAND"): no such program, or it may not be run")
        return .other(127)
      }
      do throws(ProviderError) {
        _ = try provider?.command(words, resuming: nil, beginning: nil)
      } catch {
        let isChosen = error.message.hasSuffix("leave it out")
        throw CommandError.usage(
          error.message + (isChosen ? "; 'run' chooses it, or --resume ID does" : ""))
      }
      let limit = try invocation.integer("--timeout", in: seconds).map { Int($0) }
      let patience = Int(try invocation.integer("--wait", in: seconds) ?? 0)
      let orphans = try orphanPolicy(invocation.value("--orphans"))
      let results = try invocation.integer("--json-fd", in: 0...Int64(Int32.max)).map { Int32($0) }
      if let results, fcntl(results, F_GETFD) < 0 {
        throw CommandError.usage("--json-fd \(results): no such descriptor is open")
      }
      // It is not the CLI's.
      if let results, results > STDERR_FILENO { _ = fcntl(results, F_SETFD, FD_CLOEXEC) }
      let signals = SignalRelay()
      var options = Engine.Options()
      options.policy = try invocation.value("--policy").map(readPolicy)
      let folder = try invocation.logFolder()
      return try Log.open(invocation, options) { log in
        var attempt = AttemptRunner(
          engine: log.engine, log: folder, provider: provider, program: program, words: words,
          leaseSeconds: request.lease ?? 60, signals: signals)
        attempt.limitSeconds = limit
        attempt.waitSeconds = patience
        attempt.orphans = orphans
        attempt.results = results
        return try attempt.run(request)
      }
    })

  /// The row of the CLI; nil for one that is not known.
  private static func provider(_ invocation: Invocation) throws -> Provider? {
    guard let file = invocation.value("--provider-file") else {
      guard let name = invocation.value("--provider") else {
        throw CommandError.usage("--provider NAME is missing, or --provider-file FILE.json")
      }
      if let known = Provider.named(name) { return known }
      guard invocation.has("--unknown-provider") else {
        throw CommandError.usage(
          "no provider '\(name)'\(hint(name, among: Provider.knownNames))"
            + "; --provider-file says what its CLI does, --unknown-provider runs it without "
            + "resuming anything")
      }
      return nil
    }
    let provider = try readProvider(file)
    if let name = invocation.value("--provider"), !provider.isNamed(name) {
      throw CommandError.usage(
        "\(file) is about \(provider.name), and --provider says \(name); leave one out")
    }
    return provider
  }

  private static func wakeRequest(
    _ invocation: Invocation, _ provider: Provider?
  ) throws -> WakeRequest {
    let sourceName = invocation.value("--source") ?? Source.cron.name
    guard let source = Source(name: sourceName) else {
      throw CommandError.usage(
        "no source '\(sourceName)'\(hint(sourceName, among: Source.allCases.map(\.name)))")
    }
    var request = WakeRequest(
      session: invocation.value("--session") ?? "", agent: invocation.value("--agent") ?? "",
      provider: invocation.value("--provider") ?? provider?.name ?? "", source: source)
    request.reason = invocation.value("--reason")
    request.scope = invocation.value("--scope")
    request.workspace = try workspace(invocation.value("--workspace"))
    request.host = invocation.value("--host")
    request.lease = UInt32(try invocation.integer("--lease", in: 1...Int64(Int32.max)) ?? 60)
    request.forceFresh = invocation.has("--fresh")
    request.resume = invocation.value("--resume")
    request.payload = invocation.value("--payload")
    return request
  }

  private static let seconds: ClosedRange<Int64> = 1...Int64(Int32.max)

  private static func orphanPolicy(_ given: String?) throws -> OrphanPolicy {
    guard let given else { return .refuse }
    guard let policy = OrphanPolicy(rawValue: given) else {
      throw CommandError.usage(
        "--orphans takes \(OrphanPolicy.allCases.map(\.rawValue).joined(separator: ", ")), not "
          + "'\(given)'")
    }
    return policy
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
    else { return WorkspaceName(path: absolutePath(given), kind: .project) }
    return WorkspaceName(path: absolutePath(String(given[..<colon])), kind: kind)
  }
}
