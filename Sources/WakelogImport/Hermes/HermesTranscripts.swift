import Wakelog
import WakelogModel

/// Transcripts of the time before `state.db`: `sessions/<id>.jsonl`, a message on each line.
struct HermesTranscripts {
  private let gathering: Gathering
  private let sessions: Folder
  private let routes: HermesRoutes

  init(_ gathering: Gathering, _ sessions: Folder, _ routes: HermesRoutes) {
    self.gathering = gathering
    self.sessions = sessions
    self.routes = routes
  }

  /// Reads every transcript whose session no table tells of.
  func read(except known: Set<String>) throws {
    for name in try sessions.names() where name.hasSuffix(".jsonl") {
      let id = String(name.dropLast(6))
      guard !known.contains(id) else { continue }
      let row = "sessions/\(name)"
      guard let file = sessions.file(name) else {
        gathering.skip(row, "is no regular file; it is not followed")
        continue
      }
      guard id.isSafeID else {
        gathering.skip(row, "its name is no session id")
        continue
      }
      try read(file, id, row)
    }
  }

  private func read(_ file: Lines, _ id: String, _ row: String) throws {
    let key = routes.keys[id]
    let transcript = HermesTurns.Transcript(
      id: id, lane: HermesStore.key(key ?? "hermes:session:\(id)"), row: row,
      source: id.hasPrefix("cron_") ? .cron : .message, isClosed: key == nil)
    var turns = HermesTurns(gathering, transcript)
    while let (message, place, offset) = gathering.nextRecord(of: file, row: row) {
      guard let role = message["role"]?.string, role != "session_meta" else { continue }
      guard let at = gathering.time.read(message["timestamp"]) else {
        gathering.skip(place, "is no time", field: "timestamp")
        continue
      }
      let calls = message["tool_calls"]?.array?.isEmpty == false
      try turns.take(
        HermesTurns.Message(
          id: String(offset), role: role, at: at, finishReason: message["finish_reason"]?.string,
          callsTools: calls, isObserved: message["observed"]?.bool == true))
    }
    try turns.finish()
    if let fault = file.fault { gathering.skip(row, fault) }
  }
}
