import Wakelog
import WakelogModel

/// What an OpenClaw agent's store says of each session key, in whichever place.
struct OpenClawEntries {
  static let shapes = [
    Rows.Shape(
      table: "session_nodes",
      columns: ["session_key", "current_session_id", "entry_json", "updated_at", "status"]),
    Rows.Shape(
      table: "session_windows",
      columns: [
        "session_id", "session_key", "previous_session_id", "reason", "started_at", "ended_at",
      ]),
    Rows.Shape(
      table: "transcript_events", columns: ["session_id", "seq", "event_json", "event_zstd"]),
  ]

  /// One key's entry.
  struct Entry {
    var row: String
    var id: String
    /// The CLI that holds the session, and its id there.
    var cli: (provider: String, id: String)?
    var status: String?
    var updated: Instant?
    var started: Instant?
  }

  let gathering: Gathering
  private let agent: String
  private(set) var entries: [String: Entry] = [:]
  /// The key of an OpenClaw session id.
  private(set) var keys: [String: String] = [:]

  init(_ gathering: Gathering, agent: String) {
    self.gathering = gathering
    self.agent = agent
  }

  /// A key's lane: with the CLI that holds its session, or the one that a run names.
  func lane(_ key: String, provider: String? = nil) -> SourceKey {
    SourceKey(
      session: key, agent: agent,
      provider: provider ?? entries[key]?.cli?.provider ?? OpenClawStore.provider)
  }

  /// Reads the database of the later versions.
  mutating func read(_ rows: Rows) throws {
    if let nodes = try rows.select("session_nodes", "ORDER BY session_key") {
      try nodes.bind([])
      while try nodes.step() {
        gathering.count()
        let row = rows.row(nodes, of: "session_nodes")
        let key = row.text("session_key") ?? ""
        let name = "session_nodes/\(key)"
        var entry =
          gathering.json(row.text("entry_json"), row: name, field: "entry_json")?.object
          ?? JSONObject()
        if let id = row.text("current_session_id") { entry["sessionId"] = .string(id) }
        if entry["updatedAt"] == nil { entry["updatedAt"] = row.value("updated_at") }
        if entry["status"] == nil { entry["status"] = row.value("status") }
        take(.object(entry), key: key, row: name)
      }
    }
    try readWindows(rows)
    try readTranscripts(rows)
  }

  /// Every incarnation of a key has a row with its reason.
  private mutating func readWindows(_ rows: Rows) throws {
    let table = "session_windows"
    guard let windows = try rows.select(table, "ORDER BY session_key, started_at") else { return }
    try windows.bind([])
    let causes: [String: ResetCause] = ["reset": .asked]
    while try windows.step() {
      gathering.count()
      let row = rows.row(windows, of: table)
      let (id, key) = (row.text("session_id") ?? "", row.text("session_key") ?? "")
      let name = "\(table)/\(id)"
      guard let at = gathering.time.read(row.value("started_at")), !key.isEmpty else {
        gathering.skip(name, "has no session_key, or no time that can be read")
        continue
      }
      keys[id] = key
      let reason = row.text("reason") ?? ""
      switch reason {
      case "initial", "compaction", "recovery", "fork": break
      case "reset", "rollover", "switch", "rewind":
        var reset = Fact(.reset, "reset", of: lane(key), row: name, at: at)
        reset.cause = causes[reason]?.name
        reset.because = reason
        try gathering.add(reset)
      default:
        try gathering.claim(
          .unsupported, key, reason, row: name,
          because: "this reason is unknown here; it was not taken for a reset")
      }
    }
  }

  /// Reads `sessions.json`.
  mutating func read(_ sessions: Folder) throws {
    for entry in gathering.sessionEntries(in: sessions) {
      gathering.count()
      take(entry.value, key: entry.key, row: entry.row)
    }
  }

  private mutating func take(_ value: JSONValue, key: String, row: String) {
    guard let id = value["sessionId"]?.string, id.isSafeID else {
      return gathering.skip(
        row, "has no sessionId, or one that could name a path", field: "sessionId")
    }
    if let known = entries[key] {
      if known.id != id {
        gathering.conflict(
          row, field: "sessionId", taken: known.id, other: id,
          because: "\(known.row) says otherwise, and is believed")
      }
      return
    }
    var entry = Entry(row: row, id: id)
    entry.cli = binding(value, row)
    entry.status = value["status"]?.string
    entry.updated = gathering.time.read(value["updatedAt"])
    entry.started = gathering.time.read(value["sessionStartedAt"])
    entries[key] = entry
    keys[id] = key
    // Those that the key pointed to before, as far as it says.
    let former =
      (value["usageFamilySessionIds"]?.array ?? []) + [value["previousSessionId"] ?? .null]
    for id in former.compactMap(\.string) where id.isSafeID && keys[id] == nil {
      keys[id] = key
    }
  }

  /// The CLI's id, of which there are up to three copies: the newest form is believed.
  private func binding(_ value: JSONValue, _ row: String) -> (provider: String, id: String)? {
    var copies: [(field: String, provider: String, id: String)] = []
    for (provider, copy) in value["cliSessionBindings"]?.object?.members.map({ ($0.name, $0.value) }
    )
      ?? []
    {
      if let id = copy["sessionId"]?.string { copies.append(("cliSessionBindings", provider, id)) }
    }
    for member in value["cliSessionIds"]?.object?.members ?? [] {
      if let id = member.value.string { copies.append(("cliSessionIds", member.name, id)) }
    }
    if let id = value["claudeCliSessionId"]?.string {
      copies.append(("claudeCliSessionId", "claude-cli", id))
    }
    let current = value["modelProvider"]?.string
    guard let taken = copies.first(where: { $0.provider == current }) ?? copies.first else {
      return nil
    }
    for other in copies where other.provider == taken.provider && other.id != taken.id {
      gathering.conflict(
        row, field: other.field, taken: taken.id, other: other.id,
        because: "\(taken.field) says otherwise, and is believed")
    }
    for other in copies where other.provider != taken.provider && other.field == taken.field {
      gathering.conflict(
        row, field: "\(other.field).\(other.provider)", taken: taken.id, other: other.id,
        because: "a key has one binding here; that of \(taken.provider) is taken")
    }
    return (taken.provider, taken.id)
  }

  /// Tells what the keys point to, and whether its transcript is there.
  func tell(_ sessions: Folder?) throws {
    for (key, entry) in entries.sorted(by: { $0.key < $1.key }) {
      guard let at = entry.updated ?? entry.started else {
        gathering.skip(entry.row, "has no time that can be read", field: "updatedAt")
        continue
      }
      let lane = lane(key)
      let id = entry.cli?.id ?? entry.id
      var observed = Fact(
        .observed, "observed \(id) \(at.nanoseconds)", of: lane, row: entry.row, at: at)
      observed.identity = id
      try gathering.add(observed)
      try gathering.claim(.binding, key, id, row: entry.row)
      if entry.status == "running" {
        try gathering.claim(.status, key, "running", row: entry.row)
      }
      guard let sessions else { continue }
      let has = [entry.id + ".jsonl"].contains { name in
        if case .file(let bytes) = sessions.kind(of: name) { bytes > 0 } else { false }
      }
      // Slash routing never has a transcript, nor has what lives in the database.
      guard !has, !key.contains(":slash:"), !entry.row.hasPrefix("session_nodes") else { continue }
      try gathering.claim(
        .unsupported, key, entry.id, row: entry.row,
        because: "its transcript \(entry.id).jsonl is not beside it; ask 'wakelog doctor'")
    }
  }
}
