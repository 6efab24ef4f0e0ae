internal import WakelogModel

extension Demo.Fact {
  /// Whether somebody asked for a run.
  var isWake: Bool {
    if case .wake = deed { true } else { false }
  }

  /// The time of day, as the clock there showed it.
  var time: String { at.timeOfDay }

  /// The day, as a person says it: `Sat 23 May 2026`.
  var day: String {
    let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    let months = [
      "January", "February", "March", "April", "May", "June", "July", "August", "September",
      "October", "November", "December",
    ]
    let parts = at.description.prefix(10).split(separator: "-").compactMap { Int($0) }
    let seconds = at.nanoseconds / 1_000_000_000 + Int64(at.offsetMinutes) * 60
    guard parts.count == 3, months.indices.contains(parts[1] - 1) else { return "" }
    return "\(weekdays[Int(seconds / 86_400 % 7)]) \(parts[2]) \(months[parts[1] - 1]) \(parts[0])"
  }

  /// What happened, in a line.
  func headline(namesSession: Bool) -> String {
    switch deed {
    case .wake(let wake):
      let reason = wake.reason.map { " (\($0))" } ?? ""
      let place = wake.workspace.map { $0.kind == .home ? ", in its home \($0.path)" : "" } ?? ""
      let whom = namesSession ? ": \(wake.session)" : ""
      let look = wake.transcript == false ? "; its transcript is gone" : ""
      return "\(wake.opening)\(reason)\(place)\(whom)\(look)"
    case .reset(_, let because): return "somebody says \(because)"
    case .hostStarted(let host, _): return "the \(host) process starts"
    case .hostUpgraded(_, let to, let step, _):
      return step == .staged ? "an update to \(to) comes in" : "\(to) is tried: \(step.name)"
    case .note(_, let text): return text
    }
  }
}

extension Demo.Wake {
  /// Who wakes whom.
  fileprivate var opening: String {
    switch source {
    case .timer: "a timer wakes \(agent)"
    case .message: "a message"
    case .assignment: "an assignment for \(agent)"
    case .cron: "a cron job"
    case .manual: "\(agent) is woken by hand"
    case .recovery: "\(agent) is woken to recover"
    case .event: "an event wakes \(agent)"
    }
  }
}

extension Instant {
  /// `09:20` on its own clock, with seconds where there are some.
  var timeOfDay: String {
    let text = String(description.dropFirst(11).prefix(8))
    return text.hasSuffix(":00") ? String(text.prefix(5)) : text
  }
}
