internal import Wakelog
internal import WakelogForensics
internal import WakelogModel
internal import WakelogProviders

extension Command {
  static let doctor = Command(
    name: "doctor",
    summary: "Find sessions whose transcript is gone, stuck queues and lost runs; settle them",
    about: """
      After an update, a restore or a cleaned disk. Looks for the transcript of every id that a \
      key points to, where Claude Code, Codex, Gemini and OpenCode keep them, reading only and \
      following no links; and for wakes and runs that nobody will end. Says what it would do; \
      --fix does it, through the same methods a host calls, and never starts a run: an id without \
      transcript is condemned by probe, a lost run ended by abandon, and a wake that waits for \
      nothing dropped by cancel, with all that merged with it. A host that is only down for a \
      moment comes back for such a wake with next: let it, and use --fix where none will. Whatever \
      else 'attention' tells of is listed with what a person could do. Where a \
      home is not there, nothing is said of its ids. The exit status is 1 while something is left.
      """,
    options: [
      .log,
      Option(name: "--fix", value: nil, help: "settle what can be settled"),
      Option(name: "--home", value: "DIR", help: "the user's home; left out, $HOME"),
    ]
      + layouts.map { name, layout in
        Option(
          name: "--\(name)-home", value: "DIR",
          help: "where \(name) keeps its files; left out, by $\(layout.variable) or below home")
      } + [
        Option(name: "--host", value: "NAME", help: "only ids that were made on this host"), .by,
      ],
    examples: [
      "wakelog doctor --log /var/lib/agents/log",
      "wakelog doctor --fix --home /home/agent --log /var/lib/agents/log",
    ],
    run: { invocation in
      let practice = try practice(invocation)
      let found = try invocation.withIncidentLog { try $0.examine(practice, at: Clock.now) }
      var settled: [Settled] = found.findings.map { _ in .no }
      if invocation.has("--fix"), found.findings.contains(where: { $0.remedy != nil }) {
        settled = try Log.writing(invocation) { log in found.findings.map { settle($0, log) } }
      }
      if invocation.wantsJSON {
        printOut(json(found, settled).text + "\n")
      } else {
        printOut(page(found, settled, isFixing: invocation.has("--fix")))
      }
      return settled.allSatisfy(\.isDone) ? .done : .finding
    })

  private static var layouts: [(name: String, layout: TranscriptLayout)] {
    Provider.all.compactMap { row in row.transcripts.map { (row.name, $0) } }
  }

  private enum Settled {
    case no
    case done
    case failed(String)

    var isDone: Bool { if case .done = self { true } else { false } }
  }

  private static func practice(_ invocation: Invocation) throws -> Practice {
    guard let home = invocation.value("--home") ?? environment("HOME"), !home.isEmpty else {
      throw CommandError.usage("--home DIR is missing: HOME is not set")
    }
    var practice = Practice(home: home, by: "doctor, for \(invocation.actor)")
    practice.host = invocation.value("--host")
    for (name, layout) in layouts {
      // A home that was named holds for all; variables speak of the caller's own.
      let variable = invocation.has("--home") ? nil : environment(layout.variable)
      let given = invocation.value("--\(name)-home") ?? ""
      practice.homes[name] =
        given.isEmpty ? layout.home(below: home, variable: variable) : given
    }
    return practice
  }

  private static func settle(_ finding: Examination.Finding, _ log: Log) -> Settled {
    guard let remedy = finding.remedy else { return .no }
    do {
      guard try isStill(finding, log) else {
        return .failed("meanwhile its host came for it; look again")
      }
      try log.call(remedy.method, remedy.params)
      return .done
    } catch {
      return .failed(CommandError(error).message)
    }
  }

  /// Whether the wake that waits is the one that was found: another one was asked for since, and
  /// is not ours to drop.
  private static func isStill(_ finding: Examination.Finding, _ log: Log) throws -> Bool {
    guard finding.kind == .stuckQueue, let run = finding.run else { return true }
    return try log.call("attention").array?.contains {
      $0["kind"] == "stuckQueue" && $0["session"]?.string == finding.session
        && $0["run"]?.integer == Int64(clamping: run.value)
    } == true
  }

  private static func page(
    _ found: Examination, _ settled: [Settled], isFixing: Bool
  ) -> String {
    var text = ""
    if !found.findings.isEmpty {
      let ids = Abbreviation(found.findings.compactMap(\.sessionId))
      var table = Table(["WHAT", "SESSION", ">RUN", "ID", "BECAUSE", isFixing ? "DONE" : "TO DO"])
      for (finding, settled) in zip(found.findings, settled) {
        table.add([
          .init(finding.kind.rawValue, .yellow),
          .init(finding.session.isEmpty ? "-" : finding.session),
          .init(finding.run.map { "\($0.value)" } ?? "-"),
          .init(finding.sessionId.map(ids.short) ?? "-"), .init(finding.because),
          advice(finding, settled),
        ])
      }
      text += table.text() + "\n"
    }
    for look in found.looked {
      text += "looked for \(counted(look.ids, "id")) of \(look.name) in \(printable(look.home))\n"
    }
    for note in found.notes { text += Style.dim.apply(printable(note)) + "\n" }
    if !isFixing, found.findings.contains(where: { $0.remedy != nil }) {
      text += "nothing was changed; --fix does what is to do\n"
    }
    return text
  }

  private static func advice(_ finding: Examination.Finding, _ settled: Settled) -> Table.Cell {
    switch settled {
    case .no: Table.Cell(finding.advice)
    case .done: Table.Cell("\(finding.remedy?.method ?? ""): \(finding.deed)", .green)
    case .failed(let message): Table.Cell("not done: \(message)", .red)
    }
  }

  private static func json(_ found: Examination, _ settled: [Settled]) -> JSONValue {
    let findings = zip(found.findings, settled).map { finding, settled -> JSONValue in
      var error: JSONValue = .null
      if case .failed(let message) = settled { error = .string(message) }
      return [
        "kind": .string(finding.kind.rawValue),
        "session": finding.session.isEmpty ? .null : .string(finding.session),
        "run": finding.run.map { .integer(Int64(clamping: $0.value)) } ?? .null,
        "sessionId": finding.sessionId.map { .string($0) } ?? .null,
        "since": finding.since.map { .string($0.description) } ?? .null,
        "because": .string(finding.because), "advice": .string(finding.advice),
        "remedy": finding.remedy.map { .string($0.method) } ?? .null,
        "settled": .bool(settled.isDone),
        "done": settled.isDone ? .string(finding.deed) : .null, "error": error,
      ]
    }
    let looked = found.looked.map { look -> JSONValue in
      [
        "name": .string(look.name), "home": .string(look.home), "ids": .integer(Int64(look.ids)),
      ]
    }
    return [
      "findings": .array(findings), "looked": .array(looked),
      "notes": .array(found.notes.map { .string($0) }),
    ]
  }
}
