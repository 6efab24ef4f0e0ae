import Wakelog
import WakelogModel

/// Archon's workflow runs: a lane of their own for each workflow of a conversation; every time that
/// a run was resumed is an attempt.
struct ArchonWorkflows {
  let gathering: Gathering
  let rows: Rows
  let lanes: ArchonLanes
  let time: SourceTime

  private static let table = "remote_agent_workflow_runs"

  init(_ gathering: Gathering, _ rows: Rows, _ lanes: ArchonLanes, _ time: SourceTime) {
    self.gathering = gathering
    self.rows = rows
    self.lanes = lanes
    self.time = time
  }

  func read() throws {
    guard let statement = try rows.select(Self.table, "ORDER BY started_at, place") else { return }
    try statement.bind([])
    var last: [String: (row: String, outcome: String?)] = [:]
    while try statement.step() {
      gathering.count()
      let row = rows.row(statement, of: Self.table)
      let name = "\(Self.table)/\(row.text("id") ?? "")"
      guard let began = time.read(row.value("started_at")) else {
        gathering.skip(name, "is no time", field: "started_at")
        continue
      }
      var lane = try lanes.lane(row.text("conversation_id") ?? "")
      lane.session += "/workflow:\(row.text("workflow_name") ?? "")"
      last[lane.session] = (name, try tell(row, name, lane, began))
    }
    for (session, end) in last.sorted(by: { $0.key < $1.key }) where end.outcome != nil {
      try gathering.claim(.lastOutcome, session, end.outcome, row: end.row)
    }
  }

  /// Tells a run; gives its outcome.
  private func tell(
    _ row: Rows.Row, _ name: String, _ lane: SourceKey, _ began: Instant
  ) throws -> String? {
    let events = try read(eventsOf: row.text("id") ?? "")
    // A resumed run's row says when it was resumed; its first event when it began.
    let first = min(began, events.map(\.at).min() ?? began)
    var started = Fact(.started, "started", of: lane, row: name, at: first)
    started.run = name
    started.workspace = row.text("working_path")
    started.workspaceKind = started.workspace == nil ? nil : WorkspaceKind.worktree.name
    try gathering.add(started)
    for (number, event) in events.filter({ $0.type == "workflow_resumed" }).enumerated() {
      var retried = Fact(.retried, "retried \(number)", of: lane, row: name, at: event.at)
      retried.run = name
      retried.outcome = Outcome.failed.name
      retried.message = event.error
      retried.workspace = started.workspace
      retried.workspaceKind = started.workspaceKind
      try gathering.add(retried)
    }
    let status = row.text("status") ?? ""
    let outcomes: [String: Outcome] = [
      "completed": .succeeded, "failed": .failed, "cancelled": .cancelled,
    ]
    guard let outcome = outcomes[status] else {
      if !["running", "pending", "paused"].contains(status) {
        gathering.skip(name, "'\(status)' is no status that is known here", field: "status")
      }
      return nil
    }
    let end = max(
      time.read(row.value("completed_at")) ?? time.read(row.value("last_activity_at")) ?? first,
      events.map(\.at).max() ?? first)
    var ended = Fact(.ended, "ended", of: lane, row: name, at: end)
    ended.run = name
    ended.outcome = outcome.name
    if outcome != .succeeded {
      let metadata = gathering.json(row.text("metadata"), row: name, field: "metadata")
      ended.message = metadata?["error"]?.string ?? events.last { $0.error != nil }?.error
    }
    try gathering.add(ended, phase: 6)
    return outcome.name
  }

  private struct Event {
    var type: String
    var at: Instant
    var error: String?
  }

  private func read(eventsOf run: String) throws -> [Event] {
    let table = "remote_agent_workflow_events"
    guard
      let statement = try rows.select(
        table,
        """
        WHERE workflow_run_id = ?1 AND event_type IN ('workflow_started', 'workflow_resumed',
          'workflow_failed', 'workflow_completed', 'workflow_cancelled', 'node_failed')
        ORDER BY created_at, COALESCE(event_order, 0), id LIMIT 10000
        """)
    else { return [] }
    try statement.bind([.text(run)])
    var events: [Event] = []
    while try statement.step() {
      let row = rows.row(statement, of: table)
      let name = "\(table)/\(row.text("id") ?? "")"
      guard let at = time.read(row.value("created_at")) else {
        gathering.skip(name, "is no time", field: "created_at")
        continue
      }
      let data = gathering.json(row.text("data"), row: name, field: "data")
      events.append(
        Event(type: row.text("event_type") ?? "", at: at, error: data?["error"]?.string))
    }
    return events
  }
}
