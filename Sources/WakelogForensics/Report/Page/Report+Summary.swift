import WakelogModel

extension Report {
  /// What somebody reads who reads nothing else.
  func summary(_ page: inout Markup) {
    page.element("section", ["class": "summary", "aria-labelledby": "headline"]) { page in
      page.element("h1", ["id": "headline"]) { page in
        page.element(
          "span", ["class": findings.isEmpty ? "verdict fine" : "verdict broken"],
          text: findings.isEmpty ? "✓ " : "⚑ ")
        page.text(headline.prefix(1).uppercased() + headline.dropFirst())
      }
      page.element("p", ["class": "lead"], text: lead)
      figures(&page)
      activity(&page)
      if !findings.isEmpty { laws(&page) }
    }
  }

  private var lead: String {
    guard let first, let last else { return "There are no events in this part of the log." }
    func count(_ number: Int, _ one: String, _ many: String) -> String {
      "\(number == 0 ? "no" : number.shown) \(number == 1 ? one : many)"
    }
    var text =
      "From \(first.shown.prefix(16)) to \(last.shown.prefix(16)), \(count(sessions, "session", "sessions")) of "
      + "\(count(agents, "agent", "agents")) made \(count(totals.runs, "run", "runs")); "
      + "\(count(totals.failedRuns, "run", "runs")) failed."
    if totals.deadResumes > 0 {
      text +=
        " \(count(totals.deadResumes, "attempt", "attempts").capitalisedFirst) tried to resume a "
        + "session that could not be resumed."
    }
    if totals.wedgedMilliseconds > 0 {
      text +=
        " Sessions were stuck that way for \((totals.wedgedMilliseconds &* 1_000_000).span) in all."
    }
    return text
  }

  private func figures(_ page: inout Markup) {
    let figures: [(name: String, value: String, isBad: Bool, about: String)] = [
      ("Runs", totals.runs.shown, false, "Wakes carried to their end"),
      (
        "Failed runs", totals.failedRuns.shown, totals.failedRuns > 0,
        "Ended as failed, timed out or interrupted"
      ),
      (
        "Dead resumes", totals.deadResumes.shown, totals.deadResumes > 0,
        "Attempts to resume what could not be resumed"
      ),
      ("Cold starts", totals.coldStarts.shown, false, "Attempts that began without any memory"),
      (
        "Stuck",
        totals.wedgedMilliseconds > 0
          ? (totals.wedgedMilliseconds &* 1_000_000).span : "–", totals.wedgedMilliseconds > 0,
        "From the first to the last of dead resumes in a row"
      ),
      ("Events", events.shown, false, "Lines of the log that this report is about"),
    ]
    page.element("dl", ["class": "figures"]) { page in
      for figure in figures {
        page.element("div", ["class": figure.isBad ? "bad" : nil, "title": figure.about]) { page in
          page.element("dt", text: figure.name)
          page.element("dd", text: figure.value)
        }
      }
    }
  }

  private func laws(_ page: inout Markup) {
    page.element("table", ["class": "laws"]) { page in
      page.literal("<caption>What went wrong</caption><thead><tr><th scope=\"col\">Law</th>")
      page.literal(
        "<th scope=\"col\">What happened</th><th scope=\"col\" class=\"n\">Sessions</th>")
      page.literal("<th scope=\"col\" class=\"n\">Times</th></tr></thead><tbody>")
      for one in brokenLaws {
        page.element("tr") { page in
          page.element("th", ["scope": "row"]) { page in
            let first = findings.firstIndex { $0.diagnosis.law == one.law } ?? 0
            page.element("a", ["href": "#f\(first + 1)"], text: one.law.title)
          }
          page.element("td", text: one.law.breach)
          page.element("td", ["class": "n"], text: one.sessions.shown)
          page.element("td", ["class": "n"], text: one.times.shown)
        }
      }
      page.literal("</tbody>")
    }
  }
}

extension Report {
  /// Runs over time, with what went wrong above.
  private func activity(_ page: inout Markup) {
    guard let first, let last, activity.most > 0 else { return }
    let (step, height) = (12, 56)
    let width = activity.parts.count * step
    page.element("figure", ["class": "activity"]) { page in
      page.element(
        "svg",
        [
          "viewBox": "0 0 \(width) \(height + 14)", "role": "img", "preserveAspectRatio": "none",
          "aria-label": "Runs over time: \(totals.runs) runs, \(totals.failedRuns) failed",
        ]
      ) { page in
        page.literal(
          """
          <defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse">\
          <rect class="hatch-ground" width="5" height="5"></rect>\
          <path class="hatch-line" d="M-1 6L6 -1"></path></pattern></defs>
          """)
        for (index, part) in activity.parts.enumerated() where part.succeeded + part.failed > 0 {
          let scale = Double(height) / Double(activity.most)
          let good = Int((Double(part.succeeded) * scale).rounded(.up))
          let bad = min(height - good, Int((Double(part.failed) * scale).rounded(.up)))
          page.element("g") { page in
            page.element(
              "title",
              text: "From \(activity.start(of: index, like: first).shown): \(part.succeeded) "
                + "worked, \(part.failed) failed")
            bar("ok", index * step, 14 + height - good, step - 2, good, &page)
            bar("bad", index * step, 14 + height - good - bad, step - 2, bad, &page)
          }
        }
        for place in Set(findings.map { activity.place(of: $0.diagnosis.since) }).sorted() {
          page.tag("path", ["class": "pin", "d": "M\(place * step) 0h10l-5 9z"])
          page.literal("<title>A law was broken here first</title></path>")
        }
      }
      page.element("figcaption") { page in
        page.element("span", text: first.shown)
        page.element("span", ["class": "key"]) { page in
          page.literal("<span class=\"ok\">■ worked</span> <span class=\"bad\">▨ failed</span>")
          if !findings.isEmpty {
            page.literal(" <span class=\"pin\">▼ a law broken for the first time</span>")
          }
        }
        page.element("span", text: last.shown)
      }
    }
  }

  private func bar(
    _ style: String, _ x: Int, _ y: Int, _ width: Int, _ height: Int, _ page: inout Markup
  ) {
    guard height > 0 else { return }
    page.tag(
      "rect",
      [
        "class": style, "x": "\(x)", "y": "\(y)", "width": "\(width)", "height": "\(height)",
      ])
    page.literal("</rect>")
  }
}

extension String {
  fileprivate var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
