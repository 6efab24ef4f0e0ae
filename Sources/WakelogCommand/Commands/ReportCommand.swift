internal import Wakelog
internal import WakelogForensics
internal import WakelogModel

extension Command {
  static let report = Command(
    name: "report",
    summary: "Write what happened into one HTML file, to look at and to pass on",
    about: """
      A summary to begin with, every broken law with its why, and each session's wakes, attempts, \
      fallbacks and resets as a picture. One file that loads nothing and sends nothing. Ids of \
      provider sessions are shortened, for whoever has one can enter its session, and what \
      programs printed is left out. With --policy the same facts are decided anew, beside the \
      record. The first \(Report.Options().drawnEvents) events are drawn, sessions with findings \
      first; the rest is listed. The exit status is 1 when a law was broken.
      """,
    options: [
      .log, .archive,
      Option(
        name: "-o", value: "FILE", help: "the file to write; one that is there is replaced",
        isRequired: true),
      Option(name: "--session", value: "KEY", help: "only this session; may be given again"),
      Option(name: "--since", value: "TIME", help: "only from then on: a time, or 90m, 2h, 3d ago"),
      Option(name: "--until", value: "TIME", help: "only up to then"),
      Option(
        name: "--policy", value: "NAME|FILE",
        help: "also show what the log comes to under that policy, or the host as it was"),
      Option(
        name: "--full-ids", value: nil, help: "keep provider sessions' ids whole: they are keys"),
    ],
    examples: [
      "wakelog report --log /var/lib/agents/log -o report.html",
      "wakelog report --log /tmp/imported --policy standard --since 2d -o /tmp/report.html",
    ],
    run: { invocation in
      var options = Report.Options()
      options.sessions = invocation.options.filter { $0.name == "--session" }.map(\.value)
      options.since = try invocation.moment("--since")
      options.until = try invocation.moment("--until")
      options.keepsFullIDs = invocation.has("--full-ids")
      guard let file = invocation.value("-o"), !file.isEmpty else {
        throw CommandError.usage("-o FILE is missing: the file to write")
      }
      let rules = try invocation.otherRules()
      return try invocation.withIncidentLog { log in
        var progress = ProgressLine()
        defer { progress.finish() }
        let report = try log.report(
          options, beside: try rules.map { Comparison(try log.events(), log, rules: $0) }
        ) { progress.show("\($0) of \(log.last.value) events") }
        let page = try report.page(log)
        try Report.write(page, to: file)
        if invocation.wantsJSON {
          var object = report.json.object ?? JSONObject()
          object["file"] = .string(file)
          object["bytes"] = .integer(Int64(page.count))
          printOut(JSONValue.object(object).text + "\n")
        } else {
          printOut("\(printable(report.headline))\n\(printable(file)), \(page.count / 1_024) KiB\n")
        }
        return report.violations == 0 ? .done : .finding
      }
    })
}
