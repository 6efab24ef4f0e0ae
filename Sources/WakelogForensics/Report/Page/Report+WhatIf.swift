import WakelogModel

extension Report {
  /// What the same facts come to under other rules.
  func counterfactual(_ page: inout Markup) {
    guard let comparison else { return }
    page.element("section", ["class": "whatif", "aria-labelledby": "whatif-title"]) { page in
      page.element("h2", ["id": "whatif-title"]) { page in
        page.literal("Under the policy ")
        page.element("code", text: comparison.policy)
      }
      page.element("p", ["class": "hint"], text: intro(comparison))
      page.element("table") { page in
        page.literal("<caption class=\"quiet\">As recorded, and decided anew</caption><thead><tr>")
        page.literal("<td></td><th scope=\"col\" class=\"n\">As recorded</th>")
        page.literal("<th scope=\"col\" class=\"n\">Decided anew</th>")
        page.literal("<th scope=\"col\">Change</th></tr></thead><tbody>")
        for (there, here) in zip(comparison.recorded.named, comparison.replayed.named) {
          row(there.name, there.value, here.value, there.isBad, &page)
        }
        page.literal("</tbody>")
      }
      changes("Got better", comparison.better, &page)
      changes("Got worse", comparison.worse, &page)
    }
  }

  private func intro(_ comparison: Comparison) -> String {
    let start =
      "What hosts and operators did stays as it was, in the whole log; the "
      + "\(comparison.decisions.shown) decisions that follow from it are made anew. "
    guard !comparison.divergences.isEmpty else { return start + "All come out as recorded." }
    let count = comparison.divergences.count
    return start + "\(count.shown) session\(count == 1 ? "" : "s") would have gone otherwise."
  }

  private func row(
    _ name: String, _ there: Int64, _ here: Int64, _ isBad: Bool, _ page: inout Markup
  ) {
    let total = TotalWords(name)
    page.element("tr") { page in
      page.element("th", ["scope": "row"], text: total.name)
      page.element("td", ["class": "n"], text: total.shown(there))
      page.element("td", ["class": "n"], text: total.shown(here))
      let less = total.isTime ? "▼ less" : "▼ fewer"
      let word = here == there ? "same" : here < there ? less : "▲ more"
      let style: String? =
        !isBad || here == there ? nil : here < there ? "better" : "worse"
      page.element("td", ["class": style], text: word + (style.map { ", \($0)" } ?? ""))
    }
  }

  private func changes(
    _ title: String, _ changes: [Comparison.Change], _ page: inout Markup
  ) {
    guard !changes.isEmpty else { return }
    page.element("details", ["class": "changes"]) { page in
      page.element("summary", text: "\(title): \(changes.count.shown)")
      page.element("ul") { page in
        for change in changes.prefix(200) {
          page.element("li", text: "\(change.session): \(change.words)")
        }
      }
      if changes.count > 200 { page.element("p", text: "and \((changes.count - 200).shown) more") }
    }
  }

  /// Where the finding's session first goes otherwise.
  func otherwise(_ finding: Finding, _ comparison: Comparison, _ page: inout Markup) {
    page.element("div", ["class": "otherwise"]) { page in
      page.element("h3") { page in
        page.literal("Under ")
        page.element("code", text: comparison.policy)
      }
      let session = finding.diagnosis.session
      guard let found = comparison.divergences.first(where: { $0.session == session }) else {
        page.literal("<p>This session’s decisions come out as recorded.</p>")
        return
      }
      page.element("p", ["class": "hint"]) { page in
        page.literal("It goes otherwise from event ")
        link(to: found.sequence, &page)
        page.literal(" on.")
      }
      page.element("dl", ["class": "pair"]) { page in
        page.literal("<dt>As recorded</dt>")
        page.element("dd", text: found.recorded ?? "nothing more")
        page.literal("<dt>Decided anew</dt>")
        page.element("dd", text: found.replayed ?? "nothing more")
        if let because = found.because {
          page.literal("<dt>Because</dt>")
          page.element("dd", text: because)
        }
        change("What gets better", comparison.better, session, &page)
        change("What gets worse", comparison.worse, session, &page)
      }
    }
  }

  private func change(
    _ title: StaticString, _ changes: [Comparison.Change], _ session: String?,
    _ page: inout Markup
  ) {
    let own = changes.filter { $0.session == session }
    guard !own.isEmpty else { return }
    page.element("dt") { $0.literal(title) }
    page.element("dd", text: own.map(\.words).joined(separator: ", "))
  }
}

extension Comparison.Change {
  /// `dead resumes 5 → 1`.
  fileprivate var words: String {
    let total = TotalWords(total)
    return "\(total.name.lowercased()) \(total.shown(recorded)) → \(total.shown(replayed))"
  }
}

/// A total as people read it.
private struct TotalWords {
  let name: String
  let isTime: Bool

  init(_ total: String) {
    isTime = total == "wedgedMilliseconds"
    name = Self.words(of: total)
  }

  func shown(_ value: Int64) -> String {
    guard isTime else { return Int(value).shown }
    return value == 0 ? "none" : (value &* 1_000_000).span
  }

  private static func words(of total: String) -> String {
    switch total {
    case "runs": "Runs"
    case "failedRuns": "Failed runs"
    case "deadResumes": "Dead resumes"
    case "coldStarts": "Cold starts"
    case "attempts": "Attempts"
    case "staleWrites": "Stale writes"
    case "wedgedMilliseconds": "Time stuck"
    default: total
    }
  }
}
