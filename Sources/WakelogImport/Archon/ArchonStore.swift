import Wakelog
import WakelogModel

/// Archon's database: the SQLite file itself, its directory, or a directory of rows exported from
/// PostgreSQL as JSON lines or CSV.
struct ArchonStore: HostStore {
  /// The agent that all of Archon's conversations belong to.
  static let agent = "archon"

  static let shapes = [
    Rows.Shape(
      table: "remote_agent_conversations",
      columns: [
        "id", "platform_type", "platform_conversation_id", "ai_assistant_type", "cwd",
      ], keys: ["id"]),
    Rows.Shape(
      table: "remote_agent_sessions",
      columns: [
        "id", "conversation_id", "ai_assistant_type", "assistant_session_id", "active",
        "parent_session_id", "transition_reason", "ended_reason", "started_at", "ended_at",
      ], keys: ["id"]),
    Rows.Shape(
      table: "remote_agent_messages",
      columns: ["id", "conversation_id", "role", "content", "metadata", "created_at"],
      keys: ["conversation_id"]),
    Rows.Shape(
      table: "remote_agent_workflow_runs",
      columns: [
        "id", "workflow_name", "conversation_id", "status", "metadata", "parent_run_id",
        "started_at", "completed_at", "last_activity_at", "working_path",
      ]),
    Rows.Shape(
      table: "remote_agent_workflow_events",
      columns: [
        "id", "workflow_run_id", "event_order", "event_type", "step_name", "data", "created_at",
      ], keys: ["workflow_run_id"]),
  ]

  let folder: Folder
  /// The database's name in the folder; nil for exported rows.
  let database: String?

  init(_ path: String) throws(ImportError) {
    var parts = path.split(separator: "/", omittingEmptySubsequences: false)
    if let folder = try? Folder.open(path) {
      self.folder = folder
      let names = ["archon.db", "remote-agent.db"]
      database = names.first { folder.hasFile($0) }
      let hasRows = Self.shapes.contains { ExportedRows.name(of: $0.table, in: folder) != nil }
      guard database != nil || hasRows else {
        throw ImportError(
          "\(path): has neither archon.db nor files such as remote_agent_sessions.jsonl")
      }
      return
    }
    let name = String(parts.popLast() ?? "")
    folder = try Folder.open(parts.isEmpty ? "." : parts.joined(separator: "/") + "/")
    guard folder.hasFile(name) else {
      throw ImportError("\(path): is no regular file; give the path of archon.db")
    }
    database = name
  }

  func gather(into gathering: Gathering) throws {
    let rows: Rows
    if let database {
      rows = try Rows.reading(try gathering.database(database, in: folder), Self.shapes)
      guard rows.has("remote_agent_sessions") || rows.has("remote_agent_conversations") else {
        throw ImportError("\(database): has none of Archon's tables; give the path of archon.db")
      }
    } else {
      rows = try ExportedRows(folder: folder, gathering: gathering).load(Self.shapes)
    }
    // Archon's SQLite writes UTC without saying so.
    let time = SourceTime(zone: database == nil ? gathering.time.zone : .utc)
    let lanes = try ArchonLanes(rows)
    try ArchonSessions(gathering, rows, lanes, time).read()
    try ArchonWorkflows(gathering, rows, lanes, time).read()
  }
}

/// The lanes of Archon's conversations.
struct ArchonLanes {
  private let statement: SQLite.Statement?
  private let rows: Rows

  init(_ rows: Rows) throws(ImportError) {
    self.rows = rows
    statement = try rows.select("remote_agent_conversations", "WHERE id = ?1")
  }

  /// The lane of a conversation, with the provider that one of its rows names, else its own.
  func lane(_ conversation: String, provider: String? = nil) throws(ImportError) -> SourceKey {
    var key = "archon:\(conversation)"
    var provider = provider
    if let statement {
      try statement.bind([.text(conversation)])
      if try statement.step() {
        let row = rows.row(statement, of: "remote_agent_conversations")
        if let platform = row.text("platform_type"), let id = row.text("platform_conversation_id") {
          key = "\(platform):\(id)"
        }
        provider = provider ?? row.text("ai_assistant_type")
      }
    }
    return SourceKey(session: key, agent: ArchonStore.agent, provider: provider ?? "claude")
  }
}
