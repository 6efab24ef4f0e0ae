import WakelogModel

/// Makes runs of the messages of one transcript, in order: a turn begins with what a person or a
/// schedule said, and holds what the agent wrote until the next one.
struct HermesTurns {
  /// What is known of the transcript.
  struct Transcript {
    var id: String
    var lane: SourceKey
    var row: String
    var source: Source
    /// When the session was closed for good; what is written afterwards came from a writer that
    /// did not know.
    var wall: Instant?
    /// Whether nothing more can be written.
    var isClosed: Bool
    /// When the host marked the session as interrupted.
    var interruptedAt: Instant?
    var workspace: String?
  }

  /// One message, its text left out.
  struct Message {
    var id: String
    var role: String
    var at: Instant
    var finishReason: String?
    var callsTools: Bool
    /// A message that was only looked at, in a group, and woke nobody.
    var isObserved: Bool
  }

  private let gathering: Gathering
  private let transcript: Transcript
  private var index: Int64 = 0
  private var turn: Turn?

  private struct Turn {
    var first: Message
    var last: Message
    var from: Int64
    var replies: Int64 = 0
  }

  init(_ gathering: Gathering, _ transcript: Transcript) {
    self.gathering = gathering
    self.transcript = transcript
  }

  /// Takes the next message.
  mutating func take(_ message: Message) throws(ImportError) {
    defer { index += 1 }
    if message.role == "user", !message.isObserved {
      try close(isLast: false)
      turn = Turn(first: message, last: message, from: index)
    } else if turn != nil, message.role != "system" {
      turn?.last = message
      if message.role == "assistant" { turn?.replies += 1 }
    }
  }

  /// Ends the transcript.
  mutating func finish() throws(ImportError) { try close(isLast: true) }

  private mutating func close(isLast: Bool) throws(ImportError) {
    guard let turn else { return }
    self.turn = nil
    let row = "\(transcript.row)/messages/\(turn.first.id)"
    let isLate = transcript.wall.map { turn.first.at > $0 } ?? false
    var started = Fact(.started, "started", of: transcript.lane, row: row, at: turn.first.at)
    started.run = row
    started.source = transcript.source.name
    started.workspace = transcript.workspace
    started.workspaceKind = transcript.workspace == nil ? nil : WorkspaceKind.other.name
    // A turn ran in the session that holds its messages, closed or not; the first one finds
    // nothing there.
    started.mode = turn.from == 0 ? Mode.fresh.name : Mode.resume.name
    started.asked = turn.from == 0 ? nil : transcript.id
    try gathering.add(started)
    let hasAnswered = turn.last.role == "assistant" && !turn.last.callsTools
    let interrupted = isLast && !hasAnswered ? transcript.interruptedAt : nil
    if isLast, !hasAnswered, !transcript.isClosed, interrupted == nil { return }
    let end = max(turn.last.at, interrupted ?? turn.last.at, turn.first.at)
    let phase: Int64? = end == turn.first.at ? 6 : nil
    var flushed = Fact(.flushed, "flushed", of: transcript.lane, row: row, at: end)
    flushed.run = row
    flushed.identity = transcript.id
    flushed.from = turn.from
    flushed.to = index
    try gathering.add(flushed, phase: phase.map { $0 - 1 } ?? -1)
    var ended = Fact(.ended, "ended", of: transcript.lane, row: row, at: end)
    ended.run = row
    ended.identity = transcript.id
    ended.turns = turn.replies
    // What came late went to a session that the key had left.
    if turn.replies > 0, !isLate { ended.stores = transcript.id }
    ended.outcome =
      interrupted != nil
      ? Outcome.interrupted.name : hasAnswered ? Outcome.succeeded.name : nil
    try gathering.add(ended, phase: phase)
  }
}
