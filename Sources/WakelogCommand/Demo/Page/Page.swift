internal import WakelogModel

extension Demo {
  /// The show as text for a person, at most 100 columns wide.
  struct Page {
    let ink: Ink
    private(set) var text = ""

    init(ink: Ink) { self.ink = ink }

    mutating func add(_ show: Show) {
      line(ink.bold("Five incidents of four agent hosts, as they happened and as they go here"))
      line()
      paragraph(
        "Each incident is a file of recorded facts: who was woken when, what the agent's program "
          + "printed, what was deleted. The facts are played twice, once by the rules that the "
          + "host had then, once by Wakelog. Only the decisions differ. A ▲ marks the first event "
          + "that breaks one of Wakelog's ten laws.", indent: 0)
      for (index, act) in show.acts.enumerated() {
        add(act, place: "\(index + 1) of \(show.acts.count)")
      }
      addSums(show)
    }

    mutating func line(_ text: String = "") { self.text += text + "\n" }

    mutating func paragraph(_ text: String, indent: Int) {
      let gap = String(repeating: " ", count: indent)
      for part in Layout.lines(text, width: Layout.width - indent) { line(gap + part) }
    }

    private mutating func add(_ act: Act, place: String) {
      line()
      line(ink.dim(String(repeating: "─", count: Layout.width)))
      line(ink.bold("\(place)  \(act.incident.host): \(act.incident.title)"))
      for cite in act.incident.cites { line(ink.dim("        \(cite)")) }
      line()
      paragraph(act.incident.story, indent: 2)
      line()
      addRules(act)
      line()
      if act.sessions.count == 1 { line("  Session: \(act.sessions[0])") }
      addTimeline(act)
      line()
      addTotals(act)
    }

    private mutating func addRules(_ act: Act) {
      line("  " + ink.red("As it was") + ", \(act.incident.host) decided by these rules:")
      for rule in act.past.rules {
        for (index, part) in Layout.lines(rule, width: Layout.width - 6).enumerated() {
          line((index == 0 ? "    - " : "      ") + part)
        }
      }
      line(
        "  " + ink.green("Here") + ", Wakelog decides, with its policy '\(act.incident.policy)'.")
    }
  }
}
