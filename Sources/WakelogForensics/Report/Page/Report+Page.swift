public import Wakelog
import WakelogModel
import WakelogStore

extension Report {
  /// The report as one HTML file that loads nothing and runs no script but its own.
  public func page(_ log: IncidentLog) throws(WakelogError) -> [UInt8] {
    var page = Markup(names)
    page.literal("<!doctype html>\n")
    page.tag("html", ["lang": "en"])
    head(log, &page)
    page.tag("body")
    page.element("a", ["class": "skip", "href": "#findings"], text: "To the findings")
    header(log, &page)
    page.tag("main")
    summary(&page)
    counterfactual(&page)
    findings(log, &page)
    sessions(log, &page)
    page.literal("</main>\n")
    footer(&page)
    page.tag("script")
    page.resource(PackageResources.report_js)
    page.literal("</script>\n</body></html>\n")
    try log.checkDamage()
    return page.bytes
  }

  /// What programs are told about the report.
  public var json: JSONValue {
    [
      "events": .integer(Int64(events)), "sessions": .integer(Int64(sessions)),
      "drawn": .integer(Int64(lanes.keys.filter(\.exists).count)),
      "violations": .integer(Int64(findings.count)), "totals": totals.json,
    ]
  }

  /// How many broken laws the report has.
  public var violations: Int { findings.count }

  private func head(_ log: IncidentLog, _ page: inout Markup) {
    let style = Digest.sha256(PackageResources.report_css)
    let script = Digest.sha256(PackageResources.report_js)
    page.literal("<head><meta charset=\"utf-8\">\n")
    page.tag(
      "meta",
      [
        "http-equiv": "Content-Security-Policy",
        "content": "default-src 'none'; style-src 'sha256-\(style)'; "
          + "script-src 'sha256-\(script)'; base-uri 'none'; form-action 'none'",
      ])
    page.tag("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
    page.tag("meta", ["name": "referrer", "content": "no-referrer"])
    page.tag("meta", ["name": "color-scheme", "content": "light dark"])
    page.element("title", text: "Wakelog report: \(headline)")
    page.tag("style")
    page.resource(PackageResources.report_css)
    page.literal("</style></head>\n")
  }

  /// The report in a line.
  public var headline: String {
    guard !findings.isEmpty else { return "no law was broken" }
    let laws = Set(findings.map(\.diagnosis.law)).count
    let broken = Set(findings.map(\.session)).count
    return "\(laws) of \(Law.allCases.count) laws broken, on \(broken.shown) of "
      + "\(sessions.shown) session\(sessions == 1 ? "" : "s")"
  }

  private func header(_ log: IncidentLog, _ page: inout Markup) {
    page.element("header") { page in
      page.element("div", ["class": "bar"]) { page in
        page.literal(
          "<strong class=\"brand\"><span aria-hidden=\"true\">▸▸▏</span>Wakelog</strong>")
        page.literal("<nav aria-label=\"Parts\"><a href=\"#headline\">Summary</a>")
        if comparison != nil { page.literal("<a href=\"#whatif-title\">What if</a>") }
        page.literal("<a href=\"#findings\">Findings</a><a href=\"#sessions\">Sessions</a></nav>")
        page.element("form", ["role": "search", "class": "tools", "hidden": ""]) { page in
          page.literal("<label class=\"quiet\" for=\"search\">Search</label>")
          page.tag(
            "input",
            [
              "id": "search", "type": "search", "autocomplete": "off",
              "placeholder": "Session, agent, law, id…", "aria-keyshortcuts": "/",
            ])
          page.literal("<label class=\"quiet\" for=\"show\">Show</label>")
          page.element("select", ["id": "show"]) { page in
            page.element("option", ["value": ""], text: "All sessions")
            page.element("option", ["value": "findings"], text: "With findings")
            page.element("option", ["value": "failures"], text: "With failed runs")
          }
          page.literal("<label class=\"quiet\" for=\"law\">Law</label>")
          page.element("select", ["id": "law"]) { page in
            page.element("option", ["value": ""], text: "All laws")
            for law in brokenLaws {
              page.element("option", ["value": law.law.rawValue], text: law.law.title)
            }
          }
          page.literal("<output id=\"count\" aria-live=\"polite\"></output>")
          page.literal("<button type=\"button\" id=\"theme\">Theme: system</button>")
        }
      }
    }
  }

  /// Laws that were broken, those first that were broken most often.
  var brokenLaws: [(law: Law, sessions: Int, times: Int)] {
    Law.allCases.compactMap { law in
      let here = findings.filter { $0.diagnosis.law == law }
      guard !here.isEmpty else { return nil }
      return (law, here.count, here.reduce(0) { $0 + $1.diagnosis.count })
    }.sorted { $0.times > $1.times }
  }

  private func footer(_ page: inout Markup) {
    page.element("footer") { page in
      page.literal("<p>Made by <code>wakelog report</code> from the log alone. ")
      page.text(
        options.keepsFullIDs
          ? "Ids of provider sessions are shown whole: whoever has one can enter its session. "
          : "Ids of provider sessions are shortened. ")
      page.literal("What programs printed is left out. Nothing is loaded or sent.</p>")
    }
  }
}
