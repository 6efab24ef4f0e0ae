import WakelogModel

/// A lane as a picture: wakes above, attempts in the middle, what the key points to below.
struct LanePicture {
  static let height = 156
  private static let middle = 62

  let lane: Lane
  let log: IncidentLog
  let findings: [Report.Finding]
  let places: [Int]
  let width: Int

  init(_ lane: Lane, _ log: IncidentLog, _ findings: [Report.Finding]) {
    self.lane = lane
    self.log = log
    self.findings = findings
    var places: [Int] = []
    var place = 8
    for (index, slot) in lane.slots.enumerated() {
      let isSameRun = index > 0 && slot.run.exists && lane.slots[index - 1].run == slot.run
      if index > 0 { place += isSameRun ? 24 : 12 }
      places.append(place)
      place += slot.width
    }
    self.places = places
    width = place + 12 + Self.endWidth
  }

  static let endWidth = 132

  func write(to page: inout Markup) {
    let key = log.text(lane.session) ?? "the log"
    page.element(
      "svg",
      [
        "width": "\(width)", "height": "\(Self.height)", "viewBox": "0 0 \(width) \(Self.height)",
        "role": "group", "aria-label": "Timeline of \(key)",
      ]
    ) { page in
      writeBindings(to: &page)
      for index in lane.slots.indices { write(index, to: &page) }
    }
  }

  private func write(_ index: Int, to page: inout Markup) {
    let slot = lane.slots[index]
    let x = places[index]
    if case .attempt(let attempt) = slot.kind {
      write(attempt, slot, index, to: &page)
    } else {
      let word = slot.word(log)
      page.element(
        "g", ["class": slot.style, "role": "img", "transform": "translate(\(x) 0)"]
      ) { page in
        page.element("title", text: "\(word). \(tell(slot))")
        writeShape(slot, to: &page)
      }
    }
    for (row, place) in slot.findings.prefix(3).enumerated() {
      writeFlag(place, x: x + row * 40, to: &page)
    }
  }

  private func tell(_ slot: Lane.Slot) -> String {
    "Event \(slot.sequence.value), \(slot.at.shown)."
  }

  private func write(
    _ attempt: Lane.Attempt, _ slot: Lane.Slot, _ index: Int, to page: inout Markup
  ) {
    let x = places[index]
    if attempt.isFirst { writeWake(attempt, slot, x: x, to: &page) }
    if attempt.isFallback, index > 0 {
      let from = places[index - 1] + lane.slots[index - 1].width
      page.element("g", ["class": "fallback", "role": "img"]) { page in
        page.element("title", text: "Fallback to another attempt")
        page.tag("path", ["d": "M\(from + 2) \(Self.middle)H\(x - 3)"])
        page.literal("</path>")
        page.tag("path", ["class": "tip", "d": "M\(x - 2) \(Self.middle)l-8 -5v10z"])
        page.literal("</path>")
      }
    }
    let ending = attempt.ending
    page.element(
      "a", ["href": "#e\(slot.sequence.value)", "tabindex": "-1", "class": "attempt"]
    ) { page in
      page.element(
        "g",
        ["class": "pill \(ending.style)", "role": "img", "transform": "translate(\(x) 0)"]
      ) { page in
        page.element("title", text: story(of: attempt, slot))
        box(0, 40, slot.width, 44, to: &page)
        label(ending.sign, 10, 58, "sign", to: &page)
        label(ending.word, 26, 58, "outcome", to: &page)
        writeIdentity(of: attempt, to: &page)
        if let run = attempt.runOutcome {
          label("≠ run: \(attempt.runFailure?.name ?? run.name)", 4, 97, "differs", to: &page)
        }
      }
    }
  }

  private func writeWake(
    _ attempt: Lane.Attempt, _ slot: Lane.Slot, x: Int, to page: inout Markup
  ) {
    page.element("g", ["class": "wake", "transform": "translate(\(x) 0)"]) { page in
      label(slot.at.shortly, 0, 14, "time", to: &page)
      page.element("text", ["x": "0", "y": "31"]) { page in
        page.element("tspan", ["class": "play"], text: "▸ ")
        let source = attempt.source?.name ?? "wake"
        page.text(source)
        if let reason = log.text(attempt.reason) {
          page.text(" · \(reason)", atMost: 24 - source.utf8.count)
        }
      }
    }
  }

  private func writeIdentity(of attempt: Lane.Attempt, to page: inout Markup) {
    guard attempt.asked.identity.exists else {
      let reported = log.text(attempt.reported)
      label(reported.map { "fresh → \($0)" } ?? "fresh", 10, 76, "id", to: &page)
      return
    }
    page.element("text", ["x": "10", "y": "76", "class": "id"]) { page in
      page.text("resume ")
      page.element(
        "tspan", ["class": attempt.asked.isDead ? "dead" : nil],
        text: log.text(attempt.asked.identity) ?? "?", atMost: 15)
    }
  }

  private func story(of attempt: Lane.Attempt, _ slot: Lane.Slot) -> String {
    var text = "Attempt \(slot.sequence.value), \(slot.at.shown): "
    if attempt.asked.identity.exists {
      text += "resumed \(log.text(attempt.asked.identity) ?? "?")"
      if attempt.asked.isDead { text += ", known to be dead" }
    } else {
      text += "began fresh"
    }
    text += ", \(attempt.ending.inFull)."
    if let reported = log.text(attempt.reported) { text += " It reported \(reported)." }
    if let run = attempt.runOutcome { text += " The run was recorded as \(run.name)." }
    return text
  }

  private func writeFlag(_ place: Int, x: Int, to page: inout Markup) {
    let law = findings[place].diagnosis.law
    page.element(
      "a",
      [
        "href": "#f\(place + 1)", "class": "flag",
        "aria-label": "Finding \(place + 1): \(law.title)",
      ]
    ) { page in
      page.element("title", text: "Finding \(place + 1): \(law.title)")
      box(x, 131, 36, 20, to: &page)
      label("⚑ \(place + 1)", x + 18, 145, "middle", to: &page)
    }
  }

  func box(_ x: Int, _ y: Int, _ width: Int, _ height: Int, to page: inout Markup) {
    page.tag(
      "rect",
      ["x": "\(x)", "y": "\(y)", "width": "\(width)", "height": "\(height)", "rx": "6"])
    page.literal("</rect>")
  }

  func label(
    _ text: String, _ x: Int, _ y: Int, _ style: String, to page: inout Markup
  ) {
    page.element("text", ["x": "\(x)", "y": "\(y)", "class": style], text: text, atMost: 24)
  }
}
