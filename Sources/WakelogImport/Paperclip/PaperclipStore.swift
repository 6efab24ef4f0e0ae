import Wakelog
import WakelogModel

/// Paperclip's tables: rows exported as JSON lines or CSV, a file per table in a directory, or read
/// straight from its PostgreSQL database.
struct PaperclipStore: HostStore {
  static let shapes = [
    Rows.Shape(
      table: "heartbeat_runs",
      columns: [
        "id", "company_id", "agent_id", "invocation_source", "status", "started_at", "finished_at",
        "error", "wakeup_request_id", "exit_code", "signal", "usage_json", "result_json",
        "session_id_before", "session_id_after", "stdout_excerpt", "stderr_excerpt", "error_code",
        "retry_of_run_id", "context_snapshot", "created_at",
      ], keys: ["id"]),
    Rows.Shape(
      table: "agent_runtime_state",
      columns: [
        "agent_id", "company_id", "adapter_type", "session_id", "last_run_id", "last_run_status",
        "last_error", "updated_at",
      ], keys: ["agent_id"]),
    Rows.Shape(
      table: "agent_task_sessions",
      columns: [
        "id", "company_id", "agent_id", "adapter_type", "task_key", "session_params_json",
        "session_display_id", "last_run_id", "last_error", "updated_at",
      ]),
    Rows.Shape(
      table: "agent_wakeup_requests",
      columns: [
        "id", "company_id", "agent_id", "source", "reason", "payload", "status", "run_id",
        "requested_at", "finished_at", "created_at",
      ]),
    Rows.Shape(
      table: "heartbeat_run_events",
      columns: ["id", "run_id", "event_type", "message", "created_at"], keys: ["run_id"]),
  ]

  /// Where the rows come from.
  enum Origin {
    case files(Folder)
    case database(PostgreSQL)
  }

  let origin: Origin

  init(folder path: String) throws(ImportError) {
    let folder = try Folder.open(path)
    guard Self.shapes.contains(where: { ExportedRows.name(of: $0.table, in: folder) != nil }) else {
      throw ImportError(
        "\(path): has no file such as heartbeat_runs.jsonl or heartbeat_runs.csv")
    }
    origin = .files(folder)
  }

  init(database address: String) throws(ImportError) {
    origin = .database(try PostgreSQL(address))
  }

  func gather(into gathering: Gathering) throws {
    let rows: Rows
    switch origin {
    case .files(let folder):
      rows = try ExportedRows(folder: folder, gathering: gathering).load(Self.shapes)
    case .database(let database):
      rows = try Rows.loading(Self.shapes) { try database.load(Self.shapes, $0, gathering) }
    }
    let lanes = try PaperclipLanes(rows)
    try PaperclipRuns(gathering, rows, lanes).read()
    try PaperclipWakes(gathering, rows, lanes).read()
    try PaperclipSessions(gathering, rows, lanes).read()
  }
}

/// The lanes of Paperclip: company, agent, adapter and task.
struct PaperclipLanes {
  private let rows: Rows
  private let adapters: SQLite.Statement?

  init(_ rows: Rows) throws(ImportError) {
    self.rows = rows
    adapters = try rows.select("agent_runtime_state", "WHERE agent_id = ?1")
  }

  /// The lane of an agent and a task; without a task it is the agent's own.
  func lane(
    company: String?, agent: String, adapter: String? = nil, task: String?
  ) throws(ImportError) -> SourceKey {
    var adapter = adapter
    if adapter == nil, let adapters {
      try adapters.bind([.text(agent)])
      if try adapters.step() {
        adapter = rows.row(adapters, of: "agent_runtime_state").text("adapter_type")
      }
    }
    let provider = adapter ?? "unknown"
    var parts = [company ?? "", agent, provider]
    if let task { parts.append(task) }
    return SourceKey(session: parts.joined(separator: "/"), agent: agent, provider: provider)
  }

  /// The task that a wake is about: the first that is not blank, as it is.
  static func task(_ context: JSONValue?, _ payload: JSONValue?, isTimer: Bool) -> String? {
    for source in [context, payload] {
      for name in ["taskKey", "taskId", "issueId"] {
        if let value = source?[name]?.string, value.contains(where: { !$0.isWhitespace }) {
          return value
        }
      }
    }
    return isTimer ? "__heartbeat__" : nil
  }

  /// The words of Paperclip's invocation sources.
  static func source(_ word: String?, reason: String?) -> String? {
    if reason?.hasSuffix("_retry") == true { return Source.recovery.name }
    return switch word {
    case "timer": Source.timer.name
    case "assignment": Source.assignment.name
    case "on_demand": Source.manual.name
    case "automation": Source.event.name
    default: nil
    }
  }
}
