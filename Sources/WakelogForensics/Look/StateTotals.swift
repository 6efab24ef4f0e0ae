public import WakelogModel

/// What a state comes to in figures.
public struct StateTotals: Sendable {
  /// Session keys, agents and provider sessions ever seen.
  public var sessions = 0, agents = 0, ids = 0
  /// Keys that point to a provider session.
  public var bound = 0
  /// Provider sessions that cannot be resumed.
  public var condemned = 0
  /// Runs that are open, and wakes that wait.
  public var openRuns = 0, pending = 0
  /// What was counted since the beginning.
  public var wakes = 0, runs = 0, attempts = 0, fallbacks = 0, resets = 0

  /// Adds a state up.
  public init(_ state: State) {
    state.sessions.forEach { _, row in
      guard row.exists else { return }
      sessions += 1
      if row.bound.exists { bound += 1 }
      if row.openRun != 0 { openRuns += 1 }
      if row.pending != 0 { pending += 1 }
      wakes += Int(row.wakes)
      runs += Int(row.runs)
      attempts += Int(row.attempts)
      fallbacks += Int(row.fallbacks)
      resets += Int(row.resets)
    }
    state.agents.forEach { if $1.sessions > 0 { agents += 1 } }
    state.identities.forEach { _, row in
      if row.exists { ids += 1 }
      if row.condemned != nil { condemned += 1 }
    }
  }

  /// The figures as an object.
  public var json: JSONValue {
    let figures = [
      ("sessions", sessions), ("agents", agents), ("ids", ids), ("bound", bound),
      ("condemned", condemned), ("openRuns", openRuns), ("pending", pending), ("wakes", wakes),
      ("runs", runs), ("attempts", attempts), ("fallbacks", fallbacks), ("resets", resets),
    ]
    return .object(
      JSONObject(figures.map { .init(name: $0.0, value: .integer(Int64($0.1))) }))
  }
}
