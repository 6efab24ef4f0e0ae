import Wakelog
import WakelogModel

/// Makes runs of a conversation's messages: a person's message, and what was answered until the
/// next one.
struct ArchonTurns {
  private let gathering: Gathering
  private let sessions: [ArchonSessions.Session]
  /// The turn that is being read, and the one before it, which waits for what this one asked for.
  private var turn: Turn?
  private var waiting: Turn?
  private var lastTimes: [String: Instant] = [:]

  private struct Turn {
    var session: ArchonSessions.Session
    var row: String
    var began: Instant
    var ended: Instant
    var hasAnswer = false
    var error: String?
    /// The id that the provider says it was asked for.
    var asked: String?
    /// The id that the row pointed to afterwards, where that can be known.
    var stores: String?

    /// The turn with what it left in its session's row, by the next turn of the conversation.
    ///
    /// What the next turn was asked for is what this one left. The last turn of a session left what
    /// the row has, if it succeeded, or if it was asked for something else, since nothing was asked
    /// in between.
    func left(by next: Turn?) -> Turn {
      var turn = self
      if let next, next.session.id == session.id {
        turn.stores = next.asked
      } else if hasAnswer, error == nil || asked != nil {
        turn.stores = session.bound
      }
      return turn
    }
  }

  /// How the provider names the id that it was asked for and does not know.
  private static let unknown = "No conversation found with session ID: "

  init(_ gathering: Gathering, _ sessions: [ArchonSessions.Session]) {
    self.gathering = gathering
    self.sessions = sessions
  }

  /// When a session's last turn ended.
  func lastTime(of session: ArchonSessions.Session) -> Instant? { lastTimes[session.id] }

  /// Takes the next message.
  mutating func take(_ row: Rows.Row, _ name: String, _ at: Instant) throws {
    guard row.text("role") == "user" else {
      guard var now = turn else { return }
      let metadata = gathering.json(row.text("metadata"), row: name, field: "metadata")
      let error = metadata.flatMap { Self.error($0) } ?? Self.error(row.text("content") ?? "")
      now.ended = max(now.ended, at)
      now.hasAnswer = true
      now.error = error
      if let error { now.asked = Self.asked(error) ?? now.asked }
      turn = now
      return
    }
    try next()
    let session = sessions.last { $0.started <= at } ?? sessions[0]
    turn = Turn(session: session, row: name, began: at, ended: at)
  }

  /// Ends the conversation.
  mutating func finish() throws {
    try next()
    guard let last = waiting else { return }
    waiting = nil
    try tell(last.left(by: nil))
  }

  private mutating func next() throws {
    guard let now = turn else { return }
    turn = nil
    if let before = waiting { try tell(before.left(by: now)) }
    waiting = now
  }

  private mutating func tell(_ turn: Turn) throws {
    lastTimes[turn.session.id] = turn.ended
    let lane = turn.session.lane
    var started = Fact(.started, "started", of: lane, row: turn.row, at: turn.began)
    started.run = turn.row
    started.source = Source.message.name
    started.asked = turn.asked
    started.mode = turn.asked == nil ? nil : Mode.resume.name
    try gathering.add(started)
    // An unanswered message may be answered later, as long as its session is open.
    guard turn.hasAnswer || !turn.session.isActive else { return }
    var ended = Fact(.ended, "ended", of: lane, row: turn.row, at: turn.ended)
    ended.run = turn.row
    ended.message = turn.error
    if turn.hasAnswer {
      ended.outcome = turn.error == nil ? Outcome.succeeded.name : Outcome.failed.name
    }
    if turn.stores != turn.asked || turn.error == nil {
      ended.identity = turn.stores
      ended.stores = turn.stores
    }
    ended.entered = turn.hasAnswer && turn.error == nil ? true : nil
    try gathering.add(ended, phase: turn.ended == turn.began ? 6 : nil)
  }

  private static func error(_ metadata: JSONValue) -> String? {
    metadata["error"]?.string ?? metadata["error"]?["message"]?.string
  }

  /// What Archon puts before its own words about a failure.
  private static func error(_ content: String) -> String? {
    let isOwn = ["❌", "⚠️"].contains { content.hasPrefix($0) }
    return isOwn && content.utf8.count <= 4_096 ? content : nil
  }

  private static func asked(_ error: String) -> String? {
    let parts = error.split(separator: unknown, maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    let id = String(
      parts[1].prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
    return id.isEmpty ? nil : id
  }
}
