import WakelogModel

extension Report {
  /// The sessions, each with its picture and its events; those beyond the limit in a list.
  func sessions(_ log: IncidentLog, _ page: inout Markup) {
    page.element("section", ["id": "sessions", "aria-labelledby": "sessions-title"]) { page in
      page.element("h2", ["id": "sessions-title"]) { page in
        page.literal("Sessions ")
        page.element("span", ["class": "number"], text: sessions.shown)
      }
      legend(&page)
      for row in rows {
        if let lane = lanes[row.session] { self.lane(lane, row, log, &page) }
      }
      fold(rows.filter { lanes[$0.session] == nil }, log, &page)
      page.literal("<p id=\"none\" hidden>Nothing here matches. <button type=\"button\" ")
      page.literal("id=\"clear\">Show everything</button></p>")
    }
  }

  private func legend(_ page: inout Markup) {
    page.literal(
      """
      <ul class="legend" aria-label="How to read the timelines">\
      <li><b class="ok">✓</b> worked</li><li><b class="bad">✕</b> failed</li>\
      <li><b class="late">◷</b> timed out</li><li><b class="cut">■</b> was ended</li>\
      <li><b>⇢</b> fallback</li><li><b class="walled">▦</b> reset</li>\
      <li><s>id</s> cannot be resumed</li><li><b class="band">→ id</b> what the key points to</li>\
      <li><b class="flagged">⚑ 1</b> finding</li></ul>
      """)
  }

  private func lane(_ lane: Lane, _ row: Row, _ log: IncidentLog, _ page: inout Markup) {
    let key = log.text(row.session) ?? "Hosts, policies and notes"
    let style = row.findings.isEmpty ? "lane" : "lane broken"
    page.element(
      "article",
      [
        "class": style, "id": "s\(row.session.number)", "data-text": words(row, key, log),
        "data-has": (row.findings.isEmpty ? "" : "findings ")
          + (row.totals.failedRuns > 0 ? "failures" : ""),
        "data-laws": row.findings.map { findings[$0].diagnosis.law.rawValue }
          .joined(separator: " "),
        "aria-labelledby": "k\(row.session.number)",
      ]
    ) { page in
      page.element("h3", ["id": "k\(row.session.number)"], text: key)
      page.element("p", ["class": "facts"], text: facts(row, log))
      if !row.findings.isEmpty {
        page.element("p", ["class": "flags"]) { page in
          for place in row.findings {
            page.element(
              "a", ["href": "#f\(place + 1)"],
              text: "⚑ \(place + 1) \(findings[place].diagnosis.law.title)")
          }
        }
      }
      if !lane.slots.isEmpty {
        page.element(
          "div",
          [
            "class": "strip", "tabindex": "0", "role": "group",
            "aria-label": "Timeline of \(key), scrolls sideways",
          ]
        ) { page in LanePicture(lane, log, findings).write(to: &page) }
        skipped(lane, &page)
      }
      events(lane, row, log, &page)
    }
  }

  private func skipped(_ lane: Lane, _ page: inout Markup) {
    guard lane.skippedBefore + lane.skippedAfter > 0 else { return }
    page.element(
      "p", ["class": "hint"],
      text: "Not drawn: \(lane.skippedBefore.shown) steps before and "
        + "\(lane.skippedAfter.shown) after. Narrow the report with --since and --until.")
  }

  private func words(_ row: Row, _ key: String, _ log: IncidentLog) -> String {
    var words = [key, agent(of: row.session, log) ?? "", provider(row, log) ?? ""]
    words += row.findings.map {
      findings[$0].diagnosis.law.title + " " + (findings[$0].diagnosis.incident ?? "")
    }
    var ids: Set<String> = []
    var kinds: Set<String> = []
    for event in lanes[row.session]?.events ?? [] {
      event.forEachSymbol { if $0 == .identity { ids.insert(log.text(IdentitySymbol($1)) ?? "") } }
      if case .attemptFinished(let finish) = event.body {
        kinds.insert(finish.failure?.name ?? finish.outcome?.name ?? "")
      }
    }
    words += kinds.sorted() + ids.sorted().prefix(50)
    return words.filter { !$0.isEmpty }.joined(separator: " ")
  }

  private func provider(_ row: Row, _ log: IncidentLog) -> String? {
    log.text(state.sessions[row.session.number].provider)
  }

  private func facts(_ row: Row, _ log: IncidentLog) -> String {
    var facts: [String] = []
    if let agent = agent(of: row.session, log) { facts.append("agent \(agent)") }
    if let provider = provider(row, log) { facts.append(provider) }
    if row.totals.runs > 0 {
      facts.append("\(row.totals.runs.shown) run\(row.totals.runs == 1 ? "" : "s")")
      facts.append("\(row.totals.failedRuns.shown) failed")
    }
    if row.totals.deadResumes > 0 {
      facts.append(
        "\(row.totals.deadResumes.shown) dead resume\(row.totals.deadResumes == 1 ? "" : "s")")
    }
    if row.session.exists {
      let session = state.sessions[row.session.number]
      facts.append("generation \(session.generation.value)")
      facts.append(
        session.bound.exists ? "points to \(log.text(session.bound) ?? "?")" : "points to nothing")
    }
    facts.append("\(row.events.shown) event\(row.events == 1 ? "" : "s")")
    return facts.joined(separator: " · ")
  }

  private func events(_ lane: Lane, _ row: Row, _ log: IncidentLog, _ page: inout Markup) {
    let shown = lane.listed
    page.element("details", ["class": "events"]) { page in
      page.element("summary", text: "Events, one by one")
      page.element("table") { page in
        page.literal(
          "<thead><tr><th scope=\"col\" class=\"n\">Event</th><th scope=\"col\">Time</th>")
        page.literal("<th scope=\"col\">Kind</th><th scope=\"col\">What happened</th></tr></thead>")
        page.element("tbody") { page in
          for event in shown { self.event(event, log, &page) }
        }
      }
      if lane.events.count > shown.count {
        page.element(
          "p", text: "and \((lane.events.count - shown.count).shown) more before and after")
      }
    }
  }

  private func event(_ event: Event, _ log: IncidentLog, _ page: inout Markup) {
    page.element("tr", ["id": "e\(event.sequence.value)"]) { page in
      page.element("td", ["class": "n"], text: "\(event.sequence.value)")
      page.element("td", text: event.at.shown)
      page.element("td", text: event.kindName)
      page.element("td", text: log.sentence(of: event))
    }
  }

  /// Sessions that are not drawn.
  private func fold(_ rows: [Row], _ log: IncidentLog, _ page: inout Markup) {
    guard !rows.isEmpty else { return }
    let most = 5_000
    page.element("details", ["class": "folded"]) { page in
      page.element("summary") { page in
        page.text("\(rows.count.shown) more session\(rows.count == 1 ? "" : "s") with ")
        page.text("\(rows.reduce(0) { $0 + $1.events }.shown) events, not drawn: ")
        page.text("what has findings and failures comes first")
      }
      page.element("ul") { page in
        for row in rows.prefix(most) {
          page.element("li", ["data-text": log.text(row.session) ?? ""]) { page in
            page.element("b", text: log.text(row.session) ?? "Hosts, policies and notes")
            page.text(" \(facts(row, log))")
          }
        }
      }
      if rows.count > most { page.element("p", text: "and \((rows.count - most).shown) more") }
    }
  }
}
