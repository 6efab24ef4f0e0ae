import WakelogModel

extension Core {
  /// A session as PROTOCOL shows it.
  func sessionView(_ session: SessionSymbol) -> JSONObject {
    let row = state.sessions[session.number]
    let open = state.openRun(of: session)
    var view = JSONObject()
    view.members.reserveCapacity(17)
    view.add("key", .text(names.text(session)))
    view.add("agent", .text(names.text(row.agent)))
    view.add("provider", .text(names.text(row.provider)))
    view.add("generation", .count(row.generation.value))
    view.add(
      "status", .string(open != nil ? "running" : row.pending != 0 ? "queued" : "idle"))
    view.add("bound", binding(row))
    view.add("condemned", .array(condemned(row)))
    view.add("openRun", open.map { .position($0.run) } ?? .null)
    view.add("pending", .bool(row.pending != 0))
    view.add("notBefore", .time(row.notBefore, row.notBeforeOffset))
    view.add("cursor", .count(row.cursor))
    view.add("lastRun", lastRun(row))
    view.add("lastError", lastError(row))
    view.add(
      "counters",
      [
        "wakes": .count(row.wakes), "runs": .count(row.runs), "attempts": .count(row.attempts),
        "fallbacks": .count(row.fallbacks), "resets": .count(row.resets),
      ])
    view.add("head", .position(row.head))
    return view
  }

  /// What a key points to; null for nothing.
  func binding(_ row: SessionRow) -> JSONValue {
    guard row.bound.exists else { return .null }
    let identity = state.identities[row.bound.number]
    return [
      "sessionId": sessionId(row.bound),
      "displayId": .text(names.text(identity.display)),
      "params": params(identity.params),
      "workspace": workspace(identity.workspace, identity.workspaceKind),
      "generation": .count(row.boundGeneration.value),
      "provenBy": .word(row.boundProof),
      "since": .time(row.boundAt, row.boundOffset),
    ]
  }

  /// The condemned ids of a key, the first condemned first.
  private func condemned(_ row: SessionRow) -> [JSONValue] {
    var found: [JSONValue] = []
    var link = row.condemnations
    while link != 0 {
      let entry = state.condemnations[link]
      let identity = state.identities[entry.identity.number]
      if let cause = identity.condemned {
        found.append([
          "sessionId": sessionId(entry.identity),
          "because": .string(condemnation(cause, identity.condemnedFailure)),
          "at": .time(identity.condemnedAt, identity.condemnedOffset),
        ])
      }
      link = entry.next
    }
    return found.reversed()
  }

  /// Why an id is condemned: the failure, or that it was suspect too often.
  private func condemnation(_ cause: CondemnCause, _ failure: FailureKind?) -> String {
    switch cause {
    case .suspect: "suspect"
    case .failure, .transcript, .imported: failure?.name ?? cause.name
    }
  }

  private func lastRun(_ row: SessionRow) -> JSONValue {
    guard row.lastRun.exists else { return .null }
    return [
      "run": .position(row.lastRun), "outcome": .word(row.lastRunOutcome),
      "attempts": .count(row.lastRunAttempts), "via": .word(row.lastRunVia),
      "failure": .failure(row.lastRunFailure, because: names.text(row.lastRunBecause)),
    ]
  }

  private func lastError(_ row: SessionRow) -> JSONValue {
    guard let kind = row.lastErrorKind else { return .null }
    return [
      "kind": .string(kind.name), "family": .string(kind.family.name),
      "because": .text(names.text(row.lastErrorBecause)),
      "at": .time(row.lastErrorAt, row.lastErrorOffset),
    ]
  }

  /// An agent as PROTOCOL shows it.
  func agentView(_ agent: AgentSymbol) -> JSONObject {
    let row = state.agents[agent.number]
    let failing = row.agentFailures
    var view = JSONObject()
    view.add("agent", .text(names.text(agent)))
    view.add("status", .string(row.status))
    view.add("lastRunStatus", .word(row.lastRunOutcome))
    let error: JSONValue =
      row.lastErrorKind.map { kind in
        [
          "kind": .string(kind.name), "family": .string(kind.family.name),
          "because": .text(names.text(row.lastErrorBecause)),
          "at": .time(row.lastErrorAt, row.lastErrorOffset),
        ]
      } ?? .null
    view.add("lastError", error)
    view.add(
      "failures",
      [
        "agent": .count(failing), "infrastructure": .count(row.infrastructureFailures),
        "session": .count(row.sessionFailures),
        "configuration": .count(row.configurationFailures),
      ])
    view.add("replaceable", .bool(row.isReplaceable))
    view.add("because", .string(row.reasonReplaceable))
    view.add("sessions", .count(row.sessions))
    return view
  }
}

extension AgentRow {
  /// The word for how the agent stands.
  var status: String {
    if isPaused { return "paused" }
    if openRuns > 0 { return "running" }
    return agentFailures > 0 ? "failing" : "idle"
  }

  /// Whether it failed three times in a row by its own fault, and runs nothing now.
  var isReplaceable: Bool { agentFailures >= 3 && openRuns == 0 }

  /// Why it may or may not be replaced.
  var reasonReplaceable: String {
    if isReplaceable { return "\(agentFailures) runs in a row failed by the agent's own fault" }
    if agentFailures >= 3 { return "a run is open; its end decides" }
    if agentFailures > 0 { return "\(agentFailures) of 3 failures by the agent's own fault" }
    let others = infrastructureFailures + sessionFailures + configurationFailures
    if others > 0 { return "the failures in a row are not the agent's" }
    return "nothing speaks against it"
  }
}

extension JSONObject {
  /// Appends a member whose name is new.
  mutating func add(_ name: String, _ value: JSONValue) {
    members.append(Member(name: name, value: value))
  }
}
