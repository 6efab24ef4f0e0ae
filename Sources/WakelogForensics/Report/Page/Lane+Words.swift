import WakelogModel

extension Lane.Slot {
  /// How much room it takes.
  var width: Int {
    switch kind {
    case .attempt: 152
    case .wall: 56
    case .wake: 92
    case .mark: 112
    case .pause: 52
    case .worked: 132
    }
  }

  /// The class of its shape.
  var style: String {
    switch kind {
    case .attempt: "attempt"
    case .wall: "wall"
    case .wake: "wake"
    case .mark: "mark"
    case .pause: "pause"
    case .worked: "pill ok many"
    }
  }

  /// What it is, for whoever does not see it.
  func word(_ log: IncidentLog) -> String {
    switch kind {
    case .attempt: "Attempt"
    case .wall(let cause, let generation):
      "Reset\(cause.map { " (\($0.name))" } ?? ""), generation \(generation.value) begins"
    case .wake(let source, let word): "Wake (\(source?.name ?? "no source")): \(word)"
    case .mark(let word, let about):
      log.text(about.identity).map { "\(word): \($0)" } ?? word
    case .pause(let length): "Nothing for \(length.span)"
    case .worked(let count, let end):
      "\(count) runs worked at the first attempt, up to event \(end.value)"
    }
  }
}

extension Lane.Attempt {
  /// How an attempt ended, for the eye: a colour's class, a sign, and a word.
  struct Ending {
    var style: String
    var sign: String
    var word: String
    var inFull: String
  }

  /// How it ended.
  var ending: Ending {
    let word = failure?.name ?? outcome?.name ?? "open"
    let inFull = (outcome?.name ?? "still open") + (failure.map { " (\($0.name))" } ?? "")
    let (style, sign) =
      switch outcome {
      case .succeeded: ("ok", "✓")
      case .failed: ("bad", "✕")
      case .timedOut: ("late", "◷")
      case .cancelled, .interrupted, .superseded: ("cut", "■")
      case nil: ("open", "…")
      }
    return Ending(style: style, sign: sign, word: word, inFull: inFull)
  }
}

extension Instant {
  /// Date, time and offset: `2026-01-18 05:00:00 +01:00`.
  var shown: String {
    let text = description
    return text.prefix(10) + " " + text.dropFirst(11).prefix(8) + " " + text.suffix(6)
  }

  /// Day and time: `01-18 05:00:00`.
  var shortly: String { String(shown.dropFirst(5).prefix(14)) }
}

extension Int64 {
  /// A span of nanoseconds in words.
  var span: String { Span.words(seconds: self / 1_000_000_000) }
}

extension Int {
  /// The number with its thousands set apart.
  var shown: String {
    var text = "\(magnitude)"
    var place = text.count - 3
    while place > 0 {
      text.insert(",", at: text.index(text.startIndex, offsetBy: place))
      place -= 3
    }
    return self < 0 ? "−" + text : text
  }
}
