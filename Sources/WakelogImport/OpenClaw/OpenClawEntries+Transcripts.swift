import Wakelog
import WakelogModel

// The transcripts that later versions keep in the database.

extension OpenClawEntries {
  /// The transcripts' records, of which some are compressed.
  func readTranscripts(_ rows: Rows) throws {
    let table = "transcript_events"
    guard let events = try rows.select(table, "ORDER BY session_id, seq") else { return }
    try events.bind([])
    var current: (id: String, turns: OpenClawTurns?)?
    while try events.step() {
      gathering.count()
      let row = rows.row(events, of: table)
      let id = row.text("session_id") ?? ""
      if current?.id != id {
        try current?.turns?.finish()
        if keys[id] == nil { gathering.skip("\(table)/\(id)", "no entry names this session") }
        current = (id, keys[id].map { OpenClawTurns(gathering, id, lane($0)) })
      }
      let name = "\(table)/\(id)/\(row.integer("seq") ?? 0)"
      guard let text = text(of: row, name),
        let record = gathering.json(text, row: name, field: "event_json")
      else { continue }
      try current?.turns?.take(record, name)
    }
    try current?.turns?.finish()
  }

  /// A record's text, unpacked if it has to be; nil, and said so, where there is none.
  private func text(of row: Rows.Row, _ name: String) -> String? {
    if let text = row.text("event_json") { return text }
    guard let packed = row.bytes("event_zstd", atMost: Lines.longest) else {
      gathering.skip(name, "has no text, or more than 16 MiB of it", field: "event_zstd")
      return nil
    }
    do throws(ImportError) {
      return String(
        decoding: try Unpacked.all(of: packed, atMost: Lines.longest), as: UTF8.self)
    } catch {
      gathering.skip(name, error.message, field: "event_zstd")
      return nil
    }
  }
}
