import WakelogModel

/// An agent as PROTOCOL shows it.
struct AgentView: ObjectResult {
  let core: Core
  let agent: AgentSymbol

  init(_ core: Core, _ agent: AgentSymbol) {
    self.core = core
    self.agent = agent
  }

  func show<Sink: Members>(in view: inout Sink) {
    let row = core.state.agents[agent.number]
    view.add("agent", core.names.text(agent))
    view.add("status", row.status)
    view.add("lastRunStatus", row.lastRunOutcome)
    view.add(
      "lastError", row.lastErrorKind, because: core.names.text(row.lastErrorBecause),
      time: row.lastErrorAt, row.lastErrorOffset)
    view.add("failures") { failures in
      failures.add("agent", row.agentFailures)
      failures.add("infrastructure", row.infrastructureFailures)
      failures.add("session", row.sessionFailures)
      failures.add("configuration", row.configurationFailures)
    }
    view.add("replaceable", row.isReplaceable)
    view.add("because", row.reasonReplaceable)
    view.add("sessions", row.sessions)
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
