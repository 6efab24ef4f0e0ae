import WakelogModel

/// Makes runs of the records of one OpenClaw transcript, from a file or a table.
///
/// A transcript is OpenClaw's own: which session of a CLI answered is not in it.
struct OpenClawTurns {
  private let gathering: Gathering
  private let id: String
  private let lane: SourceKey
  private var began: Fact?
  private var replies: Int64 = 0
  private var last: (at: Instant, error: String?)?

  init(_ gathering: Gathering, _ id: String, _ lane: SourceKey) {
    self.gathering = gathering
    self.id = id
    self.lane = lane
  }

  /// Whether a record can stand in this transcript: a header must name it.
  func isOwn(_ record: JSONValue) -> Bool {
    guard record["type"]?.string == "session", let given = record["id"]?.string else { return true }
    return given == id
  }

  /// Takes the next record.
  mutating func take(_ record: JSONValue, _ place: String) throws(ImportError) {
    let message = record["message"] ?? record
    guard let role = message["role"]?.string,
      let at = gathering.time.read(record["timestamp"])
        ?? gathering.time.read(message["timestamp"])
    else { return }
    if role == "user" {
      try finish()
      let name = name(of: record, at, place)
      var started = Fact(.started, "started", of: lane, row: place, at: at)
      started.name = "\(name)#started"
      started.run = name
      started.source = Source.message.name
      (began, replies, last) = (started, 0, nil)
    } else if role == "assistant", began != nil {
      replies += 1
      let failed = ["error", "aborted"].contains(message["stopReason"]?.string ?? "")
      last = (at, failed ? message["errorMessage"]?.string ?? "" : nil)
    }
  }

  /// The name of a turn, by its record's own: the host renames, compresses and moves transcripts.
  private func name(of record: JSONValue, _ at: Instant, _ place: String) -> String {
    guard let own = record["id"]?.string, !own.isEmpty else { return place }
    return "transcript/\(id)/\(own)@\(at.nanoseconds)"
  }

  /// Ends the turn that is being read; one that nobody answered stays open.
  mutating func finish() throws(ImportError) {
    guard let started = began else { return }
    began = nil
    try gathering.add(started)
    guard let last else { return }
    let at = max(last.at, started.at)
    var ended = Fact(.ended, "ended", of: lane, row: started.row, at: at)
    ended.run = started.run
    ended.name = "\(started.run ?? started.row)#ended"
    ended.turns = last.error == nil ? replies : nil
    ended.outcome = last.error == nil ? Outcome.succeeded.name : Outcome.failed.name
    ended.message = last.error
    try gathering.add(ended, phase: at == started.at ? 6 : nil)
  }
}
