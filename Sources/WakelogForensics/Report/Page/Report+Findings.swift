import WakelogModel

extension Report {
  /// How many findings a page has room for.
  private static let mostFindings = 3_000

  /// The broken laws, each with the events that led to it and with what other rules come to.
  func findings(_ log: IncidentLog, _ page: inout Markup) {
    page.element("section", ["id": "findings", "aria-labelledby": "findings-title"]) { page in
      page.element("h2", ["id": "findings-title", "tabindex": "-1"]) { page in
        page.literal("Findings ")
        page.element("span", ["class": "number"], text: findings.count.shown)
      }
      if findings.isEmpty {
        page.literal("<p>None of the ten laws was broken.</p>")
      } else {
        page.literal(
          "<p class=\"hint\">Each is a law broken on a session: open it to read why.</p>")
      }
      for (place, finding) in findings.prefix(Self.mostFindings).enumerated() {
        self.finding(finding, place, log, &page)
      }
      let more = findings.count - Self.mostFindings
      if more > 0 {
        page.element("p", text: "and \(more.shown) more, which wakelog diagnose lists")
      }
      if earlierFindings > 0 {
        page.element(
          "p", ["class": "hint"],
          text: "\(earlierFindings.shown) more began before this part of the log, whether or not "
            + "they went on in it; wakelog diagnose lists them.")
      }
    }
  }

  private func finding(
    _ finding: Finding, _ place: Int, _ log: IncidentLog, _ page: inout Markup
  ) {
    let found = finding.diagnosis
    let session = found.session ?? "the log itself"
    page.element(
      "details",
      [
        "class": "finding", "id": "f\(place + 1)", "data-law": found.law.rawValue,
        "data-text":
          "\(found.law.title) \(found.law.rawValue) \(session) \(found.because) "
          + "\(found.incident ?? "") \(agent(of: finding.session, log) ?? "")",
      ]
    ) { page in
      page.element("summary") { page in
        page.element("span", ["class": "badge"], text: "⚑ \(place + 1)")
        page.element("span", ["class": "what"]) { page in
          page.element("strong", text: found.law.title)
          page.literal(" ")
          page.element("span", ["class": "where"], text: session)
          page.element("span", ["class": "because"]) { page in
            page.text(found.because)
            if let incident = found.incident { page.text(" · looks like \(incident)") }
          }
        }
        page.element("span", ["class": "when"]) { page in
          page.text(found.since.shown)
          page.element(
            "span", text: found.count == 1 ? "once" : "\(found.count.shown) times")
        }
      }
      page.element("div", ["class": comparison == nil ? "body" : "body beside"]) { page in
        page.element("div") { page in why(finding, log, &page) }
        if let comparison { otherwise(finding, comparison, &page) }
      }
    }
  }

  private func why(_ finding: Finding, _ log: IncidentLog, _ page: inout Markup) {
    let found = finding.diagnosis
    page.literal("<h3>Why</h3>")
    page.element("p", text: found.law.breach)
    if let explanation = finding.explanation {
      page.element("p", text: explanation.answer)
      page.element("ol", ["class": "steps"]) { page in
        for step in explanation.steps {
          page.element("li") { page in
            link(to: step.event.sequence, &page)
            page.element("time", text: step.event.at.shown)
            page.element("span", text: step.sentence)
          }
        }
      }
      if explanation.isSufficient, explanation.isMinimal, explanation.steps.count > 1 {
        page.literal("<p class=\"checked\">✓ Checked: these events alone give the same decision, ")
        page.literal("and without any one of them it would not be so.</p>")
      }
    } else {
      page.literal("<p>Too many findings to explain them all here: <code>wakelog why ")
      page.text("\(found.sequence.value)")
      page.literal("</code> does.</p>")
    }
    if let incident = KnownIncident(named: found.incident) {
      page.element("p", ["class": "known"]) { page in
        page.literal("Looks like ")
        page.element(
          "a", ["href": incident.link, "rel": "noreferrer noopener", "target": "_blank"],
          text: incident.name)
        page.text(": \(incident.title).")
      }
    }
    if lanes[finding.session] != nil {
      page.element("p") { page in
        page.element(
          "a", ["href": "#s\(finding.session.number)"], text: "See the session’s timeline")
      }
    }
  }

  /// An event's number, that leads to the event where it is listed.
  func link(to event: SequenceNumber, _ page: inout Markup) {
    let address = listed.contains(event) ? "#e\(event.value)" : nil
    page.element("a", ["class": "seq", "href": address], text: "\(event.value)")
  }

  func agent(of session: SessionSymbol, _ log: IncidentLog) -> String? {
    log.text(state.sessions[session.number].agent)
  }
}
