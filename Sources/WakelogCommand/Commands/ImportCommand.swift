internal import Glibc
internal import Wakelog
internal import WakelogHost
internal import WakelogImport
internal import WakelogModel

extension Command {
  static let importing = Command(
    name: "import",
    summary: "Bring into a log what another host, or an export, left behind",
    about: """
      'wakelog import hermes PATH --log DIR' reads the store of a host and appends what it tells, \
      marked as imported, to the log in DIR, new or existing; the store is only read. Importing \
      again adds what is new. PATH is HERMES_HOME for hermes, the state directory (~/.openclaw) \
      or an agent's for openclaw, archon.db or a directory of exported rows (JSON lines) for \
      archon, a directory of exported rows (JSON lines or CSV, a file per table) for paperclip, \
      which can be read straight from PostgreSQL with --database. At the end it lists every row \
      that was skipped, that other copies in the store contradict, or that the log does not \
      reproduce, with the reason.

      An export is another matter: 'import wakelog FILE' makes a log in DIR, which must not exist \
      or be empty, of what 'export' wrote; '-' reads standard input. The new log has the same \
      state, and runs that were open are then ended as interrupted. A bad line is named and \
      nothing is left behind. 'import wakelog DIR' puts the archive in DIR together to one log \
      again, with --with LOG also what that log has beyond it: the very log that it was.

      A host that kept a table of its own, { key: id }, has it adopted: 'import map FILE' reads \
      JSON, JSON lines or CSV with the members session, sessionId and, where they differ, agent, \
      provider, workspace and displayId, or what 'sessions --json' prints. Either all of the file \
      is understood, or nothing is written; keys that the log knows better are listed and stay.
      """,
    operands: [
      Operand(name: "hermes|openclaw|archon|paperclip|map|wakelog"),
      Operand(name: "PATH", isRequired: false),
    ],
    options: [
      .log,
      Option(
        name: "--time-zone", value: "ZONE",
        help: "where clocks without a zone stood: +01:00, Europe/Berlin; left out, UTC"),
      Option(
        name: "--store", value: "NAME",
        help: "stands before the session keys, when a log takes several stores of one host"),
      Option(name: "--database", value: "URL", help: "paperclip's PostgreSQL, in place of PATH"),
      Option(name: "--agent", value: "NAME", help: "map: whose sessions they are"),
      Option(name: "--provider", value: "NAME", help: "map: whose CLI made them"),
      Option(
        name: "--unknown-provider", value: nil, help: "map: the provider is one that is not known"),
      Option(name: "--workspace", value: "PATH", help: "map: where they were made"),
      Option(name: "--by", value: "NAME", help: "map: who does it; left out, the user"),
      Option(
        name: "--with", value: "DIR", help: "the log that an archive is of, for what it has since"),
    ],
    examples: [
      "wakelog import hermes ~/.hermes --log /tmp/incident",
      "wakelog import paperclip rows/ --log /tmp/incident --json",
      "wakelog import map sessions.json --agent main --provider claude --log /var/lib/agents/log",
      "wakelog import wakelog agents.ndjson --log /var/lib/agents/copy",
    ],
    run: { invocation in
      let kind = invocation.operands[0]
      if kind == "wakelog" { return try importExport(invocation) }
      if kind == "map" { return try importMap(invocation) }
      guard let host = HostKind(rawValue: kind) else {
        let known = HostKind.allCases.map(\.rawValue) + ["map", "wakelog"]
        throw CommandError.usage(
          "no store '\(kind)': what can be imported is \(known.joined(separator: ", "))"
            + hint(kind, among: known))
      }
      return try importStore(host, invocation)
    })

  private static func importStore(_ host: HostKind, _ invocation: Invocation) throws -> ExitStatus {
    var source: HostImport
    do {
      if let database = invocation.value("--database") {
        guard host == .paperclip, invocation.operands.count == 1 else {
          throw CommandError.usage("--database is for paperclip, and in place of PATH")
        }
        source = try HostImport(paperclip: database)
      } else if invocation.operands.count > 1 {
        source = try HostImport(host, at: invocation.operands[1])
      } else {
        throw CommandError.usage("PATH is missing: where the store of \(host.rawValue) is")
      }
      if let zone = invocation.value("--time-zone") {
        guard let rule = TimeZoneRule(zone) else {
          throw CommandError.usage(
            "--time-zone takes an offset such as +01:00 or a zone such as Europe/Berlin, "
              + "not '\(zone)'")
        }
        source.zone = rule
      }
      source.name = invocation.value("--store")
      return try Log.writing(invocation) { log in
        var line = ProgressLine()
        let report = try source.run(into: log.engine) { words in line.show(words) }
        line.finish()
        printReport(report, invocation)
        return .done
      }
    } catch let error as ImportError {
      throw CommandError(status: .refused, message: error.message)
    }
  }

  private static func printReport(_ report: ImportReport, _ invocation: Invocation) {
    if invocation.wantsJSON { return printOut(report.json.text + "\n") }
    let again = report.known > 0 ? ", \(report.known) known already" : ""
    printOut(
      "\(counted(report.facts, "fact")) of \(report.host.rawValue)\(again): "
        + "\(counted(report.events, "event")) "
        + "appended to \((try? invocation.logFolder()) ?? "")\n")
    guard !report.findings.isEmpty else {
      return printOut("every row of the store is as the log has it\n")
    }
    var table = Table(["", "ROW", "FIELD", "STORE", "LOG", "BECAUSE"])
    for finding in report.findings {
      table.add([
        .init(finding.kind.rawValue, finding.kind == .skipped ? .red : .yellow),
        .init(finding.row), .init(finding.field ?? "-"), .init(finding.store ?? "-"),
        .init(finding.log ?? "-"), .init(finding.because),
      ])
    }
    printOut("\n" + table.text())
    if report.findingsLeftOut > 0 { printOut("and \(report.findingsLeftOut) more\n") }
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func importArchive(
    _ path: String, _ invocation: Invocation
  ) throws -> ExitStatus {
    let folder = try invocation.logFolder()
    var progress = ProgressLine()
    let count = try Engine.rebuild(archive: path, with: invocation.value("--with"), to: folder) {
      progress.show("\($0) events")
    }
    progress.finish()
    if invocation.wantsJSON {
      printOut((["events": .integer(Int64(clamping: count))] as JSONValue).text + "\n")
    } else {
      printOut("\(count) events put together in \(folder)\n")
    }
    return .done
  }

  private static func importExport(_ invocation: Invocation) throws -> ExitStatus {
    guard invocation.operands.count > 1 else {
      throw CommandError.usage("PATH is missing: the file that export wrote")
    }
    let path = invocation.operands[1]
    if isFolder(path) { return try importArchive(path, invocation) }
    guard !invocation.has("--with") else {
      throw CommandError.usage("--with is for an archive, a folder; \(path) is none")
    }
    let input = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { throw CommandError.usage("\(path): \(systemError())") }
    let folder = try invocation.logFolder()
    var lines = LineReader(input)
    var number = 0
    var progress = ProgressLine()
    let count = try Engine.importLog(to: folder) {
      while let item = lines.next() {
        number += 1
        progress.show("\(number) events")
        guard case .line(let line) = item else {
          throw CommandError.usage("line \(number): longer than 1 MiB")
        }
        if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D }) { continue }
        do {
          return try unsafe line.withUnsafeBytes { unsafe try JSONParser.parse($0) }
        } catch {
          throw CommandError.usage("line \(number): \(error)")
        }
      }
      return nil
    }
    progress.finish()
    if invocation.wantsJSON {
      printOut((["events": .integer(Int64(clamping: count))] as JSONValue).text + "\n")
    } else {
      printOut("\(count) events imported into \(folder)\n")
    }
    return .done
  }
}
