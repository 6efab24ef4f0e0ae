internal import WakelogModel

extension Demo.Fact {
  /// Whether somebody asked for a run.
  var isWake: Bool {
    if case .wake = deed { true } else { false }
  }

  /// The time of day, as the clock there showed it.
  var time: String { String(at.description.dropFirst(11).prefix(5)) }

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
      let reason = wake.reason.map { ", \($0)" } ?? ""
      let whom = namesSession ? " for \(wake.session)" : " for \(wake.agent)"
      let place = wake.workspace.map { $0.kind == .home ? ", in \($0.path)" : "" } ?? ""
      let look = wake.transcript == false ? "; on disk the transcript is missing" : ""
      return "\(wake.source.name)\(reason)\(whom)\(place)\(look)"
    case .reset(_, let because): return "somebody says \(because)"
    case .hostStarted(let host, _): return "the \(host) process starts"
    case .hostUpgraded(_, let to, let step, _):
      return step == .staged ? "an update to \(to) comes in" : "\(to) is tried: \(step.name)"
    case .note(_, let text): return text
    }
  }
}
