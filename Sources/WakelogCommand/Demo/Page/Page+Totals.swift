internal import WakelogModel

extension Demo {
  /// A total with its name, for both sides.
  struct TotalRow {
    var name: String
    var past: String
    var present: String
    /// Neither side has any.
    var isEmpty: Bool

    /// All totals, in the order of reading.
    static func all(_ past: Side, _ present: Side) -> [TotalRow] {
      counts(past.totals, present.totals) + [
        span(past.totals, present.totals),
        count("laws broken", past.laws, present.laws),
        count("  so many times", past.times, present.times),
      ]
    }

    static func counts(_ past: Totals, _ present: Totals) -> [TotalRow] {
      [
        count("runs", past.runs, present.runs),
        count("runs reported failed", past.failedRuns, present.failedRuns),
        count("  of them had done the work", past.workedButFailed, present.workedButFailed),
        count("  of them blamed on the agent", past.blamedOnAgent, present.blamedOnAgent),
        count("dead resumes", past.deadResumes, present.deadResumes),
        count("cold starts", past.coldStarts, present.coldStarts),
        count("resets undone", past.resetsUndone, present.resetsUndone),
        count("messages lost", past.messagesLost, present.messagesLost),
      ]
    }

    static func span(_ past: Totals, _ present: Totals) -> TotalRow {
      TotalRow(
        name: "time wedged", past: Words.span(past.wedgedMilliseconds),
        present: Words.span(present.wedgedMilliseconds),
        isEmpty: past.wedgedMilliseconds == 0 && present.wedgedMilliseconds == 0)
    }

    static func count(_ name: String, _ past: Int, _ present: Int) -> TotalRow {
      TotalRow(
        name: name, past: String(past), present: String(present),
        isEmpty: past == 0 && present == 0)
    }
  }
}

extension Demo.Side {
  /// How many laws broke, each counted once.
  var laws: Int { Set(breaches.map(\.law)).count }
  /// How many events broke a law.
  var times: Int { breaches.map(\.count).reduce(0, +) }
}

extension Demo.Page {
  /// Prints an incident's totals, both sides next to each other.
  mutating func addTotals(_ act: Demo.Act) {
    line("  " + head("Totals"))
    for row in Demo.TotalRow.all(act.past, act.present) where !row.isEmpty { add(row) }
  }

  private func head(_ title: String) -> String {
    ink.bold(Demo.Layout.left(title, 34)) + ink.red(Demo.Layout.right("as it was", 12))
      + ink.green(Demo.Layout.right("here", 12))
  }

  private mutating func add(_ row: Demo.TotalRow) {
    line(
      "    " + Demo.Layout.left(row.name, 32) + Demo.Layout.right(row.past, 12)
        + Demo.Layout.right(row.present, 12))
  }

  /// Prints what all incidents came to, and where the logs lie.
  mutating func addSums(_ show: Demo.Show) {
    line()
    line(ink.dim(String(repeating: "─", count: Demo.Layout.width)))
    let widths = [17, 11, 9, 9, 14, 16, 18]
    let heads = ["All five", "", "dead", "cold", "failed that", "time", "laws"]
    let more = ["", "", "resumes", "starts", "had worked", "wedged", "broken"]
    line(ink.bold(cells(heads, widths)))
    line(ink.bold(cells(more, widths)))
    for act in show.acts {
      line(cells(row(act.incident.name, "as it was", act.past), widths))
      line(cells(row("", "here", act.present), widths))
    }
    line()
    line(cells(row("together", "as it was", show.past), widths))
    line(cells(row("", "here", show.present), widths))
    line()
    paragraph(
      "A dead resume tries a session that is gone, or not to be had from that directory. A cold "
        + "start has no memory. Wedged is the time from the first to the last of the runs in a row "
        + "that began with a dead resume, as far as the recording goes.", indent: 0)
    line()
    line("Both logs are kept, and can be looked at:")
    line("  wakelog sessions --log \(show.presentDirectory)")
    if let session = show.acts.first?.sessions.first {
      line("  wakelog why \(session) --log \(show.presentDirectory)")
    }
    line("  wakelog events --log \(show.presentDirectory)")
    line("  wakelog events --log \(show.pastDirectory)   " + ink.dim("(what the hosts did)"))
    guard !show.isAsTold else { return }
    line()
    line(
      ink.loud(
        "Not as told: an incident did not break the laws it is known for, or one broke here."))
  }

  private func row(_ name: String, _ side: String, _ values: Demo.Side) -> [String] {
    let laws = Set(values.breaches.map { Demo.Words.number(of: $0.law) }).sorted()
    let totals = values.totals
    return [
      name, side, String(totals.deadResumes), String(totals.coldStarts),
      String(totals.workedButFailed), Demo.Words.span(totals.wedgedMilliseconds),
      laws.isEmpty ? "none" : laws.map(String.init).joined(separator: " "),
    ]
  }

  private func cells(_ texts: [String], _ widths: [Int]) -> String {
    zip(texts, widths).enumerated().map { index, cell in
      index < 2
        ? Demo.Layout.left(cell.0, cell.1) : Demo.Layout.right(cell.0, cell.1)
    }.joined()
  }
}

extension Demo.Show {
  /// All incidents as they were, taken together.
  var past: Demo.Side { together(\.past) }
  /// All incidents here, taken together.
  var present: Demo.Side { together(\.present) }

  private func together(_ side: (Demo.Act) -> Demo.Side) -> Demo.Side {
    let sides = acts.map(side)
    return Demo.Side(
      rules: [], script: Demo.Script(), totals: sides.map(\.totals).reduce(Demo.Totals(), +),
      events: 1...max(1, sides.last?.events.upperBound ?? 1), breaches: sides.flatMap(\.breaches))
  }
}
