import Wakelog
import WakelogModel

/// Wakes that led to no run of their own.
struct PaperclipWakes {
  let gathering: Gathering
  let rows: Rows
  let lanes: PaperclipLanes

  private static let table = "agent_wakeup_requests"

  init(_ gathering: Gathering, _ rows: Rows, _ lanes: PaperclipLanes) {
    self.gathering = gathering
    self.rows = rows
    self.lanes = lanes
  }

  func read() throws {
    guard let statement = try rows.select(Self.table, "ORDER BY requested_at, id") else { return }
    try statement.bind([])
    let dispositions = [
      "coalesced": "coalesced", "skipped": "refused", "deferred_issue_execution": "deferred",
      "cancelled": "cancelled",
    ]
    while try statement.step() {
      gathering.count()
      let row = rows.row(statement, of: Self.table)
      let name = "\(Self.table)/\(row.text("id") ?? "")"
      // All others are told by their run.
      guard let disposition = dispositions[row.text("status") ?? ""],
        disposition == "coalesced" || row.text("run_id") == nil
      else { continue }
      guard let agent = row.text("agent_id"), let at = time(row) else {
        gathering.skip(name, "has no agent_id, or no time that can be read")
        continue
      }
      let payload = gathering.json(row.text("payload"), row: name, field: "payload")
      let source = row.text("source")
      let lane = try lanes.lane(
        company: row.text("company_id"), agent: agent,
        task: PaperclipLanes.task(payload, nil, isTimer: source == "timer"))
      var wake = Fact(.waked, disposition, of: lane, row: name, at: at)
      wake.source = PaperclipLanes.source(source, reason: row.text("reason"))
      wake.reason = row.text("reason")
      wake.scope = payload?["issueId"]?.string ?? payload?["taskId"]?.string
      wake.disposition = disposition
      try gathering.add(wake)
    }
  }

  private func time(_ row: Rows.Row) -> Instant? {
    gathering.time.read(row.value("requested_at"))
      ?? gathering.time.read(row.value("created_at"))
  }
}
