internal import WakelogModel

extension Demo.Page {
  /// Prints the facts in their order, each with what both sides did about it.
  mutating func addTimeline(_ act: Demo.Act) {
    var day = ""
    var told: [(shape: String, time: String)] = []
    var same: (times: [String], as: String)?
    for (index, fact) in act.incident.facts.enumerated() {
      let scene = Demo.SceneText(act, index)
      let earlier = told.first { $0.shape == scene.shape }?.time
      if let earlier, fact.isWake, !scene.hasBreach {
        if same?.as == earlier {
          same?.times.append(fact.time)
        } else {
          addSame(same)
          same = ([fact.time], earlier)
        }
        continue
      }
      addSame(same)
      same = nil
      if fact.day != day {
        day = fact.day
        line("  " + ink.dim(day))
      }
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
      for breach in scene.breaches {
        let text = "law \(Demo.Words.number(of: breach.law)) broken by event \(breach.event). "
        let lines = Demo.Layout.lines(text + Demo.Words.sentence(of: breach.law), width: 78)
        for (index, part) in lines.enumerated() {
          line(String(repeating: " ", count: 20) + ink.loud((index == 0 ? "▲ " : "  ") + part))
        }
      }
      add(scene.present, label: "here", ink.green)
    }
  }

  private mutating func add(
    _ lines: [Demo.Line], label: String, _ paint: (String) -> String
  ) {
    for (index, one) in lines.enumerated() {
      let name = Demo.Layout.left(index == 0 ? label : "", 11)
      let mark = one.tone == .good ? "✓ " : one.tone == .bad ? "✗ " : "  "
      let hasDeed = !one.deed.isEmpty
      let deed = hasDeed ? Demo.Layout.left(one.deed, 25) : ""
      let start = 22 + deed.count
      for (row, part) in Demo.Layout.lines(one.result, width: Demo.Layout.width - start)
        .enumerated()
      {
        let painted = one.tone == .good ? ink.green(part) : one.tone == .bad ? ink.red(part) : part
        if row == 0 {
          let tone = one.tone == .good ? ink.green(mark) : one.tone == .bad ? ink.red(mark) : mark
          line("         " + paint(name) + deed + tone + painted)
        } else {
          line(String(repeating: " ", count: start) + painted)
        }
      }
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
      past = act.past.script.lines[index] ?? []
      present = act.present.script.lines[index] ?? []
      headline = fact.headline(namesSession: act.sessions.count > 1)
      breaches = act.breaches(of: index)
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
