import Wakelog
import WakelogModel

/// Paperclip's runs. A row is one run; an attempt that an adapter gave up within it left no more
/// than a line of its log.
struct PaperclipRuns {
  let gathering: Gathering
  let rows: Rows
  let lanes: PaperclipLanes

  private static let table = "heartbeat_runs"

  /// What an adapter prints when it gives up a session and starts again.
  private static let fallback = "retrying with a fresh session"

  /// Reasons for which some versions began anew and others did not.
  private static let demands: Set = [
    "issue_assigned", "execution_review_requested", "execution_approval_requested",
    "execution_changes_requested", "execution_review_participant_recovery", "heartbeat_timer",
  ]

  init(_ gathering: Gathering, _ rows: Rows, _ lanes: PaperclipLanes) {
    self.gathering = gathering
    self.rows = rows
    self.lanes = lanes
  }

  func read() throws {
    guard let statement = try rows.select(Self.table, "ORDER BY created_at, id") else { return }
    try statement.bind([])
    while try statement.step() {
      gathering.count()
      let row = rows.row(statement, of: Self.table)
      guard let id = row.text("id"), let agent = row.text("agent_id") else {
        gathering.skip(Self.table, "a row has no id or no agent_id", field: "id")
        continue
      }
      try tell(Run(row: row, id: id, agent: agent, name: "\(Self.table)/\(id)"))
    }
  }

  private struct Run {
    var row: Rows.Row
    var id: String
    var agent: String
    var name: String
    var before: String? { row.text("session_id_before") }
    var after: String? { row.text("session_id_after") }
  }

  private func tell(_ run: Run) throws {
    let row = run.row
    func json(_ column: String) -> JSONValue? {
      gathering.json(row.text(column), row: run.name, field: column)
    }
    let context = json("context_snapshot")
    let reason = context?["wakeReason"]?.string
    let isTimer =
      context?["wakeSource"]?.string == "timer" || row.text("invocation_source") == "timer"
    let lane = try lanes.lane(
      company: row.text("company_id"), agent: run.agent,
      task: PaperclipLanes.task(context, nil, isTimer: isTimer))
    let times = gathering.time
    guard
      let began = times.read(row.value("started_at")) ?? times.read(row.value("created_at"))
    else {
      return gathering.skip(run.name, "has no time that can be read", field: "started_at")
    }
    try checkRetries(run)
    let status = row.text("status") ?? ""
    var wake = Fact(.started, "started", of: lane, row: run.name, at: began)
    wake.run = run.name
    wake.source = PaperclipLanes.source(row.text("invocation_source"), reason: reason)
    wake.reason = reason
    wake.scope = context?["issueId"]?.string ?? context?["taskId"]?.string
    (wake.workspace, wake.workspaceKind) = Self.workspace(context)
    if status == "queued" || status == "scheduled_retry" {
      wake.kind = .waked
      wake.name = "\(run.name)#queued"
      return try gathering.add(wake)
    }
    let usage = json("usage_json")
    if context?["forceFreshSession"]?.bool == true {
      wake.forceFresh = true
      var reset = Fact(.reset, "reset", of: lane, row: run.name, at: began)
      reset.cause = ResetCause.forceFresh.name
      try gathering.add(reset)
    }
    wake.mode = mode(run, usage, reason: reason, isForced: wake.forceFresh == true)
    wake.asked = wake.mode == Mode.resume.name ? run.before : nil
    try gathering.add(wake)
    try tell(endOf: run, wake, status, usage, json("result_json"))
  }

  /// Whether the run resumed. What it was to resume is computed before the wake's own rules are
  /// applied, so that it says nothing where those may have demanded a fresh session.
  private func mode(
    _ run: Run, _ usage: JSONValue?, reason: String?, isForced: Bool
  ) -> String? {
    if isForced || usage?["freshSession"]?.bool == true || run.before == nil {
      return Mode.fresh.name
    }
    if usage?["sessionRotated"]?.bool == true { return Mode.fresh.name }
    if usage?["sessionReused"]?.bool == true { return Mode.resume.name }
    return reason.map { Self.demands.contains($0) } == true ? nil : Mode.resume.name
  }

  private func tell(
    endOf run: Run, _ started: Fact, _ status: String, _ usage: JSONValue?, _ result: JSONValue?
  ) throws {
    let outcomes: [String: Outcome] = [
      "succeeded": .succeeded, "failed": .failed, "timed_out": .timedOut,
      "cancelled": .cancelled, "interrupted": .interrupted,
    ]
    guard let outcome = outcomes[status] else {
      if status != "running" {
        gathering.skip(run.name, "'\(status)' is no status that is known here", field: "status")
      }
      return
    }
    let row = run.row
    let at = max(gathering.time.read(row.value("finished_at")) ?? started.at, started.at)
    let lane = SourceKey(
      session: started.session, agent: started.agent, provider: started.provider)
    let line = try fallbackLine(run)
    if let line {
      var retried = Fact(.retried, "retried", of: lane, row: run.name, at: line.at ?? at)
      retried.run = run.name
      retried.outcome = Outcome.failed.name
      retried.message = line.text
      retried.workspace = started.workspace
      retried.workspaceKind = started.workspaceKind
      retried.mode = Mode.fresh.name
      try gathering.add(retried, phase: retried.at == at ? 5 : nil)
    }
    var ended = Fact(.ended, "ended", of: lane, row: run.name, at: at)
    ended.run = run.name
    ended.outcome = outcome.name
    ended.exitCode = row.integer("exit_code")
    ended.signal = row.integer("signal")
    ended.turns = result?["num_turns"]?.integer ?? result?["numTurns"]?.integer
    ended.inputTokens = usage?["inputTokens"]?.integer
    ended.outputTokens = usage?["outputTokens"]?.integer
    if outcome != .succeeded {
      ended.message = row.text("error")
      ended.stderr = row.text("stderr_excerpt")
      ended.stdout = row.text("stdout_excerpt")
      ended.errorCode = row.text("error_code")
    }
    ended.entered =
      outcome == .succeeded && ended.turns != 0 || ended.outputTokens ?? 0 > 0 ? true : nil
    // What a failed run, or one that started anew within, leaves as it was, it did not report.
    if run.after != run.before || outcome == .succeeded && line == nil {
      ended.identity = run.after
    }
    // A row without an id says that nothing is known of it, save where an adapter started again:
    // then nothing is left of the session that it gave up.
    ended.stores = run.after ?? (line == nil ? nil : "")
    ended.workspace = started.workspace
    ended.workspaceKind = started.workspaceKind
    try gathering.add(ended, phase: at == started.at || line != nil ? 6 : nil)
  }

  /// The line in which an adapter said that it gave up a session, with its time where an event of
  /// the run has it.
  private func fallbackLine(_ run: Run) throws -> (text: String, at: Instant?)? {
    if let events = try rows.select(
      "heartbeat_run_events", "WHERE run_id = ?1 AND message LIKE '%\(Self.fallback)%' LIMIT 1")
    {
      try events.bind([.text(run.id)])
      if try events.step() {
        let event = rows.row(events, of: "heartbeat_run_events")
        return (event.text("message") ?? "", gathering.time.read(event.value("created_at")))
      }
    }
    for column in ["stderr_excerpt", "stdout_excerpt"] {
      let lines = run.row.text(column)?.split(separator: "\n") ?? []
      if let line = lines.first(where: { $0.contains(Self.fallback) }) {
        return (String(line), nil)
      }
    }
    return nil
  }

  /// A chain of retries must end.
  private func checkRetries(_ run: Run) throws {
    var seen: Set = [run.id]
    var next = run.row.text("retry_of_run_id")
    while let id = next {
      guard seen.insert(id).inserted, seen.count < 1_000 else {
        return gathering.skip(
          run.name, "its chain of retries has a cycle", field: "retry_of_run_id")
      }
      guard let runs = try rows.select(Self.table, "WHERE id = ?1") else { return }
      try runs.bind([.text(id)])
      guard try runs.step() else { return }
      next = rows.row(runs, of: Self.table).text("retry_of_run_id")
    }
  }

  /// Where the run ran: the workspace that was resolved for it.
  static func workspace(_ context: JSONValue?) -> (path: String?, kind: String?) {
    guard let workspace = context?["paperclipWorkspace"], let path = workspace["cwd"]?.string,
      !path.isEmpty
    else { return (nil, nil) }
    let kind: WorkspaceKind =
      switch workspace["source"]?.string {
      case "project_primary": .project
      case "agent_home": .home
      default: .other
      }
    return (path, kind.name)
  }
}
