import Wakelog
import WakelogModel

/// The rows of `sessions` and `messages` in a Hermes `state.db`, of whichever version.
struct HermesSessions {
  private let gathering: Gathering
  private let database: SQLite
  private let routes: HermesRoutes

  /// How deep a chain of parents may be.
  private static let longestChain = 1_000

  /// Reasons after which the key begins anew.
  private static let boundaries: Set = [
    "session_reset", "idle", "daily", "suspended", "resume_pending_expired", "new_session",
  ]
  /// Reasons that leave the binding as it is, or say nothing of it.
  private static let harmless: Set = [
    "compression", "branched", "orphaned_compression", "cli_close", "cron_complete", "tui_close",
    "agent_close", "ws_orphan_reap", "superseded_by_resume", "startup_orphan_reap",
    "tui_shutdown", "ws_disconnect", "idle_timeout", "lru_evict", "resumed_other",
  ]

  init(_ gathering: Gathering, _ database: SQLite, _ routes: HermesRoutes) {
    self.gathering = gathering
    self.database = database
    self.routes = routes
  }

  /// A row of `sessions`.
  private struct Row {
    var id: String
    var source: String
    var key: String?
    var parent: String?
    var started: Instant
    var ended: Instant?
    var reason: String?
    var workspace: String?
    var profile: String?
    /// The next session of the key, and when it began.
    var next: String?
    var nextStarted: Instant?
    /// The session of the key before it, and how that one ended.
    var hasPrevious = false
    var previousEnded: Instant?
    var previousReason: String?

    var name: String { "sessions/\(id)" }
  }

  /// Reads everything; gives the ids it has told of.
  func read() throws -> Set<String> {
    let columns = Set(try database.columns(of: "sessions"))
    guard columns.contains("id"), columns.contains("started_at") else {
      gathering.skip("state.db", "has no table of sessions that is known here")
      return []
    }
    func column(_ name: String) -> String { columns.contains(name) ? name : "NULL" }
    let key = column("session_key")
    // What a parent is to its child stands in its end reason.
    let parent = columns.contains("end_reason") ? column("parent_session_id") : "NULL"
    let rows = try database.prepare(
      """
      SELECT id, \(column("source")), \(key), \(parent), started_at,
        \(column("ended_at")), \(column("end_reason")), \(column("cwd")), \(column("profile_name")),
        LEAD(id) OVER lane, LEAD(started_at) OVER lane, LAG(id) OVER lane,
        LAG(\(column("ended_at"))) OVER lane, LAG(\(column("end_reason"))) OVER lane
      FROM sessions WINDOW lane AS (PARTITION BY \(key) ORDER BY started_at, id)
      """)
    try rows.bind([])
    let messages = try messageStatement()
    var told: Set<String> = []
    while try rows.step() {
      gathering.count()
      guard let row = row(rows) else { continue }
      told.insert(row.id)
      let lane = try lane(row)
      try tell(row, lane)
      if let messages { try tell(messagesOf: row, lane, messages) }
    }
    return told
  }

  private func row(_ rows: SQLite.Statement) -> Row? {
    let id = rows.text(0) ?? ""
    guard id.isSafeID else {
      gathering.skip("sessions/\(id)", "id is empty or could name a path", field: "id")
      return nil
    }
    func time(_ column: Int32) -> Instant? { gathering.time.read(rows.value(column)) }
    guard let started = time(4) else {
      gathering.skip("sessions/\(id)", "is no time", field: "started_at")
      return nil
    }
    func text(_ column: Int32) -> String? {
      rows.text(column).flatMap { $0.isEmpty ? nil : $0 }
    }
    var row = Row(
      id: id, source: rows.text(1) ?? "", key: text(2), parent: text(3), started: started,
      ended: time(5), reason: text(6), workspace: text(7), profile: text(8))
    if row.key != nil {
      row.next = text(9)
      row.nextStarted = time(10)
      row.hasPrevious = text(11) != nil
      row.previousEnded = time(12)
      row.previousReason = text(13)
    }
    return row
  }

  /// The lane of a session: its routing key, else its schedule, else that of the session it
  /// continues, else its own.
  private func lane(_ row: Row) throws -> SourceKey {
    if let key = row.key ?? routes.keys[row.id] {
      return HermesStore.key(key, profile: row.profile)
    }
    if row.source == "cron" {
      // cron_<job>_<date>_<time>
      let parts = row.id.split(separator: "_")
      if parts.count >= 4, parts[0] == "cron" {
        let job = parts[1..<(parts.count - 2)].joined(separator: "_")
        return HermesStore.key("hermes:cron:\(job)", profile: row.profile)
      }
    }
    let root = try ancestor(row)
    return HermesStore.key(root, profile: row.profile)
  }

  /// The key or lane of the first of the sessions that compression made of one another.
  private func ancestor(_ row: Row) throws -> String {
    var seen: Set = [row.id]
    var first = row.id
    var parent = row.parent
    // Versions without chains lack the columns.
    let parents = try parent.map { _ in
      try database.prepare("SELECT id, parent_session_id, end_reason FROM sessions WHERE id = ?1")
    }
    while let id = parent, let parents {
      guard seen.insert(id).inserted, seen.count < Self.longestChain else {
        gathering.skip(row.name, "its chain of parents has a cycle", field: "parent_session_id")
        break
      }
      try parents.bind([.text(id)])
      guard try parents.step(), parents.text(2) == "compression" else { break }
      first = id
      parent = parents.text(1)
    }
    return "hermes:\(row.source.isEmpty ? "session" : row.source):\(first)"
  }

  /// How far apart the end of one session and the beginning of the next may be written: the new
  /// route may be saved before the old session is closed.
  private static let grace: Int64 = 60

  /// Whether a key got a new session although nothing closed the one before: it was closed, and
  /// opened again since.
  private func hasForgottenReset(_ row: Row) -> Bool {
    guard row.hasPrevious, row.parent == nil else { return false }
    guard let ended = row.previousEnded, let reason = row.previousReason else { return true }
    if ended > row.started.adding(seconds: Self.grace) { return true }
    return !Self.boundaries.contains(reason) && reason != "session_switch"
  }

  private func tell(_ row: Row, _ lane: SourceKey) throws {
    if hasForgottenReset(row) {
      var reset = Fact(.reset, "began", of: lane, row: row.name, at: row.started)
      reset.because = "the key got a new session; the store does not say why"
      try gathering.add(reset)
    }
    // The gateway mints an id before anything is in it: its first answered turn binds it. One that
    // continues another session has that one's memory from the beginning.
    if row.parent != nil {
      var bound = Fact(.bound, "bound", of: lane, row: row.name, at: row.started)
      bound.identity = row.id
      bound.proof = Proof.imported.name
      try gathering.add(bound)
    }
    guard let ended = row.ended, let reason = row.reason else { return }
    if reason == "session_switch" { return try tell(switchFrom: row, lane, at: ended) }
    guard Self.boundaries.contains(reason) else {
      if !Self.harmless.contains(reason) {
        try gathering.claim(
          .unsupported, lane.session, reason, row: row.name,
          because: "this end reason is unknown here; it was not taken for a reset")
      }
      return
    }
    var at = ended
    if let next = row.nextStarted, next < ended, next.adding(seconds: Self.grace) >= ended {
      at = next
    }
    var reset = Fact(.reset, "ended \(reason)", of: lane, row: row.name, at: at)
    reset.because = reason
    reset.cause = ResetCause(name: reason)?.name
    if reset.cause == nil, let route = routes.routes[lane.session], route.id == row.next {
      reset.cause = route.cause?.name
    }
    try gathering.add(reset)
  }

  /// Somebody pointed the key to another session that was there already. Which one, no row says:
  /// it is the one that is open again.
  private func tell(switchFrom row: Row, _ lane: SourceKey, at: Instant) throws {
    let others = try database.prepare(
      """
      SELECT id FROM sessions WHERE session_key = ?1 AND id <> ?2 AND started_at < ?3
        AND (ended_at IS NULL OR ended_at > ?3) LIMIT 2
      """)
    let seconds = String(Double(at.nanoseconds) / 1e9)
    try others.bind([.text(row.key ?? ""), .text(row.id), .text(seconds)])
    var targets: [String] = []
    while try others.step() { targets.append(others.text(0) ?? "") }
    if let route = routes.routes[lane.session], targets.count > 1, targets.contains(route.id) {
      targets = [route.id]
    }
    guard targets.count == 1 else {
      try gathering.add(Fact(.cleared, "switched", of: lane, row: row.name, at: at))
      return try gathering.claim(
        .unsupported, lane.session, "session_switch", row: row.name,
        because: "the store does not say which session the key was switched to")
    }
    var bound = Fact(.bound, "switched", of: lane, row: row.name, at: at)
    bound.identity = targets[0]
    bound.proof = Proof.caller.name
    try gathering.add(bound)
  }

  private func messageStatement() throws -> SQLite.Statement? {
    let columns = Set(try database.columns(of: "messages"))
    guard columns.isSuperset(of: ["id", "session_id", "role", "timestamp"]) else { return nil }
    func column(_ name: String) -> String { columns.contains(name) ? name : "NULL" }
    return try database.prepare(
      """
      SELECT id, role, timestamp, \(column("finish_reason")),
        \(column("tool_calls")) IS NOT NULL, \(column("observed"))
      FROM messages WHERE session_id = ?1 ORDER BY id
      """)
  }

  private func tell(
    messagesOf row: Row, _ lane: SourceKey, _ messages: SQLite.Statement
  ) throws {
    let isOver = row.reason.map { Self.boundaries.contains($0) } ?? false
    var transcript = HermesTurns.Transcript(
      id: row.id, lane: lane, row: row.name, source: row.source == "cron" ? .cron : .message,
      isClosed: row.ended != nil)
    transcript.wall = isOver ? row.ended : nil
    transcript.workspace = row.workspace
    if let route = routes.routes[lane.session], route.id == row.id {
      transcript.interruptedAt = route.resumeMarkedAt
    }
    var turns = HermesTurns(gathering, transcript)
    try messages.bind([.text(row.id)])
    while try messages.step() {
      gathering.count()
      let id = messages.text(0) ?? ""
      guard let at = gathering.time.read(messages.value(2)) else {
        gathering.skip("\(row.name)/messages/\(id)", "is no time", field: "timestamp")
        continue
      }
      try turns.take(
        HermesTurns.Message(
          id: id, role: messages.text(1) ?? "", at: at, finishReason: messages.text(3),
          callsTools: messages.integer(4) == 1, isObserved: messages.integer(5) == 1))
    }
    try turns.finish()
  }
}
