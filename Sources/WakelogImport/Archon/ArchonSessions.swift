import Wakelog
import WakelogModel

/// Archon's sessions and the turns of its conversations.
///
/// A session row says which provider session it points to now; what it pointed to before was
/// overwritten in place. Turns come from the conversation's messages.
struct ArchonSessions {
  let gathering: Gathering
  let rows: Rows
  let lanes: ArchonLanes
  let time: SourceTime

  /// Reasons for which the conversation begins anew; the reset policy names them.
  private static let demands: Set = [
    "plan-to-execute", "isolation-changed", "project-changed", "worktree-removed",
    "conversation-closed",
  ]

  init(_ gathering: Gathering, _ rows: Rows, _ lanes: ArchonLanes, _ time: SourceTime) {
    self.gathering = gathering
    self.rows = rows
    self.lanes = lanes
    self.time = time
  }

  /// A row of the sessions, as far as turns need it.
  struct Session {
    var id: String
    var lane: SourceKey
    var started: Instant
    var ended: Instant?
    var bound: String?
    var isActive: Bool
    var row: String { "remote_agent_sessions/\(id)" }
  }

  func read() throws {
    let table = "remote_agent_sessions"
    guard
      let statement = try rows.select(table, "ORDER BY conversation_id, started_at, place")
    else { return }
    try statement.bind([])
    var conversation: String?
    var sessions: [Session] = []
    while try statement.step() {
      gathering.count()
      let row = rows.row(statement, of: table)
      let id = row.text("id") ?? ""
      guard let owner = row.text("conversation_id") else {
        gathering.skip("\(table)/\(id)", "names no conversation", field: "conversation_id")
        continue
      }
      if owner != conversation {
        try tell(sessions, of: conversation)
        (conversation, sessions) = (owner, [])
      }
      guard let started = time.read(row.value("started_at")) else {
        gathering.skip("\(table)/\(id)", "is no time", field: "started_at")
        continue
      }
      let lane = try lanes.lane(owner, provider: row.text("ai_assistant_type"))
      let session = Session(
        id: id, lane: lane, started: started, ended: time.read(row.value("ended_at")),
        bound: row.text("assistant_session_id"), isActive: row.truth("active") ?? true)
      try checkParents(of: session, row.text("parent_session_id"))
      try tell(endOf: session, row.text("ended_reason"))
      sessions.append(session)
    }
    try tell(sessions, of: conversation)
  }

  /// A chain of parents must end.
  private func checkParents(of session: Session, _ parent: String?) throws {
    var seen: Set = [session.id]
    var next = parent
    while let id = next {
      guard seen.insert(id).inserted, seen.count < 1_000 else {
        return gathering.skip(
          session.row, "its chain of parents has a cycle", field: "parent_session_id")
      }
      guard let parents = try rows.select("remote_agent_sessions", "WHERE id = ?1") else { return }
      try parents.bind([.text(id)])
      guard try parents.step() else { return }
      next = rows.row(parents, of: "remote_agent_sessions").text("parent_session_id")
    }
  }

  private func tell(endOf session: Session, _ reason: String?) throws {
    guard let ended = session.ended, !session.isActive else { return }
    var reset = Fact(.reset, "ended", of: session.lane, row: session.row, at: ended)
    reset.because = reason ?? "the store does not say why"
    if let reason {
      reset.cause =
        reason == "reset-requested"
        ? ResetCause.asked.name : Self.demands.contains(reason) ? ResetCause.reason.name : nil
    }
    try gathering.add(reset)
  }

  /// Tells the turns of a conversation, and where its sessions point to.
  private func tell(_ sessions: [Session], of conversation: String?) throws {
    guard let conversation, let last = sessions.last else { return }
    let active = sessions.filter(\.isActive)
    for other in active.dropLast() {
      gathering.conflict(
        other.row, field: "active", taken: active.last?.row, other: other.row,
        because: "two sessions of the conversation are active; the later one is taken")
    }
    var turns = ArchonTurns(gathering, sessions)
    if let messages = try rows.select(
      "remote_agent_messages", "WHERE conversation_id = ?1 ORDER BY created_at, place")
    {
      try messages.bind([.text(conversation)])
      while try messages.step() {
        gathering.count()
        let row = rows.row(messages, of: "remote_agent_messages")
        let name = "remote_agent_messages/\(row.text("id") ?? "")"
        guard let at = time.read(row.value("created_at")) else {
          gathering.skip(name, "is no time", field: "created_at")
          continue
        }
        try turns.take(row, name, at)
      }
    }
    try turns.finish()
    for session in sessions {
      // A closed session points nowhere: only its last turn can tell what it pointed to.
      guard session.isActive, session.id == last.id || session.id == active.last?.id else {
        continue
      }
      let seen = turns.lastTime(of: session) ?? session.started
      var observed = Fact(
        .observed, "observed \(session.bound ?? "") \(seen.nanoseconds)", of: session.lane,
        row: session.row, at: seen)
      observed.identity = session.bound
      try gathering.add(observed)
      try gathering.claim(.binding, session.lane.session, session.bound, row: session.row)
    }
  }
}
