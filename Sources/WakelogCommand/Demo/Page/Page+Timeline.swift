internal import WakelogModel

extension Demo.Page {
  /// Prints the facts in their order, each with what both sides did about it.
  mutating func addTimeline(_ act: Demo.Act) {
    var day = ""
    var told: [(shape: String, time: String)] = []
    var same: (times: [String], as: String)?
    for (index, fact) in act.incident.facts.enumerated() {
      if fact.day != day {
        addSame(same)
        (day, told, same) = (fact.day, [], nil)
        line("  " + ink.dim(day))
      }
      let scene = Demo.SceneText(act, index)
      let earlier = told.first { $0.shape == scene.shape }?.time
      if let earlier, fact.isWake, !scene.hasBreach {
        if same?.as != earlier {
          addSame(same)
          same = ([], earlier)
        }
        same?.times.append(fact.time)
        continue
      }
      addSame(same)
      same = nil
      told.append((scene.shape, fact.time))
      add(scene, fact.time)
    }
    addSame(same)
  }

  private mutating func addSame(_ same: (times: [String], as: String)?) {
    guard let same else { return }
    line("  \(same.times.joined(separator: ", "))  " + ink.dim("the same as at \(same.as)"))
  }

  private mutating func add(_ scene: Demo.SceneText, _ time: String) {
    line("  \(time)  " + ink.bold(scene.headline))
    if scene.isAlike {
      add(scene.past, label: "both", ink.dim)
    } else {
      add(scene.past, label: "as it was", ink.red)
      for breach in scene.breaches { add(breach) }
      add(scene.present, label: "here", ink.green)
    }
  }

  private mutating func add(_ breach: Demo.Breach) {
    let number = Demo.Words.number(of: breach.law)
    let text =
      "law \(number), \(Demo.Words.name(of: breach.law)), is broken: \(breach.because) "
      + "(event \(breach.event))"
    add(text, mark: "▲ ", indent: 20, first: "", ink.loud)
  }

  private mutating func add(
    _ lines: [Demo.Line], label: String, _ paint: (String) -> String
  ) {
    for (index, one) in lines.enumerated() {
      let name =
        index == 0
        ? "         " + paint(label) + String(repeating: " ", count: 11 - label.count)
        : String(repeating: " ", count: 20)
      let hasDeed = !one.deed.isEmpty
      let deed = hasDeed ? Demo.Layout.left(one.deed, 24) : ""
      let mark = !hasDeed ? "→ " : one.tone == .good ? "✓ " : one.tone == .bad ? "✗ " : "  "
      let tint = one.tone == .good ? ink.green : one.tone == .bad ? ink.red : ink.plain
      add(one.result, mark: mark, indent: 20 + deed.count, first: name + deed, tint)
    }
  }

  /// Prints a text that goes on under its own first column.
  private mutating func add(
    _ text: String, mark: String, indent: Int, first: String, _ paint: (String) -> String
  ) {
    let gap = String(repeating: " ", count: indent)
    let parts = Demo.Layout.lines(text, width: Demo.Layout.width - indent - mark.count)
    for (row, part) in parts.enumerated() {
      let start = row == 0 && !first.isEmpty ? first : gap
      line(start + paint((row == 0 ? mark : String(repeating: " ", count: mark.count)) + part))
    }
  }
}

extension Demo {
  /// A fact with what both sides did, ready to be printed.
  struct SceneText {
    var headline: String
    var past: [Line]
    var present: [Line]
    var breaches: [Breach]
    /// What happened, with the ids left out, to know a scene that repeats itself.
    var shape: String
    /// Both sides did the same.
    var isAlike: Bool
    var hasBreach: Bool { !breaches.isEmpty }

    init(_ act: Act, _ index: Int) {
      let fact = act.incident.facts[index]
      let next = act.incident.facts.dropFirst(index + 1).first?.at
      past = (act.past.script.lines[index] ?? []).map { $0.dated(after: next) }
      present = (act.present.script.lines[index] ?? []).map { $0.dated(after: next) }
      headline = fact.headline(namesSession: act.sessions.count > 1)
      breaches = act.firstBreaches.filter { act.owner(of: $0) == index }
      let ids = act.incident.world.ids
      let was = SceneText.shape(past, ids)
      let here = SceneText.shape(present, ids)
      isAlike = was == here && breaches.isEmpty
      shape = "\(headline)|\(was)|\(here)"
    }

    private static func shape(_ lines: [Line], _ ids: Set<String>) -> String {
      let shorts = Set(ids.map(Words.short))
      return lines.map { line in
        let words = "\(line.deed) \(line.result)".split(separator: " ").map(String.init)
        return words.map { word in
          shorts.contains { word.hasPrefix($0) } || ids.contains { word.contains($0.prefix(6)) }
            ? "*" : word
        }.joined(separator: " ") + "\(line.tone)"
      }.joined(separator: "|")
    }
  }
}

extension Demo.Line {
  /// The line with its time, where other things happened before it.
  fileprivate func dated(after next: Instant?) -> Demo.Line {
    guard let at, let next, next <= at else { return self }
    var line = self
    line.result = "at \(at.timeOfDay): \(result)"
    return line
  }
}
