internal import Wakelog
internal import WakelogForensics
internal import WakelogModel

extension Command {
  static let diagnose = Command(
    name: "diagnose",
    summary:
      "Hold the laws against a whole log: what broke first, how often, and what it resembles",
    about: """
      The first question after an incident. Each line is a law broken on a session: the first \
      event that broke it, since when, how often, and the public incident that it looks like. \
      'why SEQ' explains the event. Reads beside a host that writes. A clean log prints nothing; \
      the exit status is 1 when something is found.
      """,
    options: [.log, .archive],
    examples: ["wakelog diagnose --log /var/lib/agents/log"],
    run: { invocation in
      try invocation.withIncidentLog { log in
        var progress = ProgressLine()
        let diagnosis = try log.diagnose { progress.show("\($0) of \(log.last.value) events") }
        progress.finish()
        if invocation.wantsJSON {
          printOut(diagnosis.json.text + "\n")
        } else {
          printOut(page(of: diagnosis))
        }
        return diagnosis.findings.isEmpty ? .done : .finding
      }
    })

  private static func page(of diagnosis: Diagnosis) -> String {
    guard !diagnosis.findings.isEmpty else { return "" }
    let now = Clock.now
    var table = Table(["LAW", "SESSION", ">FIRST", "SINCE", ">TIMES", "LOOKS LIKE", "BECAUSE"])
    for finding in diagnosis.findings {
      table.add([
        .init(finding.law.rawValue, .red), .init(finding.session ?? "-"),
        .init("\(finding.sequence.value)"),
        .init(Clock.words(finding.since.description, now: now)), .init("\(finding.count)"),
        .init(finding.incident ?? "-", .yellow), .init(finding.because),
      ])
    }
    var text = table.text() + "\n"
    let names = diagnosis.findings.compactMap(\.incident)
    let known = KnownIncident.all.filter { names.contains($0.name) }
    if !known.isEmpty {
      var incidents = Table(["KNOWN", "WHAT HAPPENED THERE", "WHERE"])
      for incident in known {
        incidents.add([
          .init(incident.name, .yellow), .init(incident.title), .init(incident.link, .dim),
        ])
      }
      text += incidents.text(withHeadings: false) + "\n"
    }
    let sessions = Set(diagnosis.findings.compactMap(\.session)).count
    return text
      + "\(diagnosis.findings.count) found on \(sessions) of "
      + "\(counted(diagnosis.sessions, "session")), in \(counted(diagnosis.events, "event"))\n"
  }
}

extension Invocation {
  /// Opens the log of a command that looks into an incident; what goes wrong there means that it
  /// cannot be read.
  func withIncidentLog<Result>(_ body: (IncidentLog) throws -> Result) throws -> Result {
    let folder = try logFolder()
    let log: IncidentLog
    do throws(WakelogError) {
      log = try IncidentLog.open(folder, trustsFolder: has("--trust-folder"))
    } catch {
      throw CommandError(status: .unreadable, message: "\(folder): \(error.message)")
    }
    defer { log.close() }
    let result = try body(log)
    try log.checkDamage()
    return result
  }
}
