import Wakelog
import WakelogModel

/// What Paperclip's own rows say that is saved and was last: the task sessions, and the state of
/// each agent.
struct PaperclipSessions {
  let gathering: Gathering
  let rows: Rows
  let lanes: PaperclipLanes

  init(_ gathering: Gathering, _ rows: Rows, _ lanes: PaperclipLanes) {
    self.gathering = gathering
    self.rows = rows
    self.lanes = lanes
  }

  func read() throws {
    try readTasks()
    try readAgents()
  }

  private func readTasks() throws {
    let table = "agent_task_sessions"
    guard let statement = try rows.select(table, "ORDER BY agent_id, task_key, id") else { return }
    try statement.bind([])
    while try statement.step() {
      gathering.count()
      let row = rows.row(statement, of: table)
      let name = "\(table)/\(row.text("id") ?? "")"
      guard let agent = row.text("agent_id"), let task = row.text("task_key"),
        let at = gathering.time.read(row.value("updated_at"))
      else {
        gathering.skip(name, "has no agent_id, no task_key or no time that can be read")
        continue
      }
      let lane = try lanes.lane(
        company: row.text("company_id"), agent: agent, adapter: row.text("adapter_type"),
        task: task)
      let params = gathering.json(
        row.text("session_params_json"), row: name, field: "session_params_json")
      let display = row.text("session_display_id")
      let id = params?["sessionId"]?.string ?? display
      var observed = Fact(
        .observed, "observed \(id ?? "") \(at.nanoseconds)", of: lane, row: name, at: at)
      observed.identity = id
      observed.display = display
      observed.params = Self.own(params)
      if let path = params?["cwd"]?.string, !path.isEmpty {
        observed.workspace = path
        observed.workspaceKind = WorkspaceKind.other.name
      }
      try gathering.add(observed)
      try gathering.claim(.binding, lane.session, id, row: name)
    }
  }

  /// The adapter's parameters, without what the host keeps among them for itself.
  private static func own(_ params: JSONValue?) -> String? {
    guard var object = params?.object else { return nil }
    object.members.removeAll { $0.name.hasPrefix("__paperclip") }
    let text = JSONValue.object(object).text
    return object.members.isEmpty || text.utf8.count > 16 << 10 ? nil : text
  }

  private func readAgents() throws {
    let table = "agent_runtime_state"
    guard let statement = try rows.select(table, "ORDER BY agent_id") else { return }
    try statement.bind([])
    let outcomes: [String: Outcome] = [
      "succeeded": .succeeded, "failed": .failed, "timed_out": .timedOut,
      "cancelled": .cancelled, "interrupted": .interrupted,
    ]
    while try statement.step() {
      gathering.count()
      let row = rows.row(statement, of: table)
      guard let agent = row.text("agent_id") else {
        gathering.skip(table, "a row has no agent_id", field: "agent_id")
        continue
      }
      let name = "\(table)/\(agent)"
      let lane = try lanes.lane(
        company: row.text("company_id"), agent: agent, adapter: row.text("adapter_type"),
        task: nil)
      if let id = row.text("session_id"), let at = gathering.time.read(row.value("updated_at")) {
        var observed = Fact(
          .observed, "observed \(id) \(at.nanoseconds)", of: lane, row: name, at: at)
        observed.identity = id
        try gathering.add(observed)
        try gathering.claim(.binding, lane.session, id, row: name)
      }
      if let word = row.text("last_run_status") {
        try gathering.claim(
          .agentLastOutcome, agent, outcomes[word]?.name ?? word, row: name)
      }
    }
  }
}
