import Wakelog
import WakelogModel

/// Where each key of a Hermes store points to, by its routing table and by `sessions.json`.
struct HermesRoutes {
  /// One entry, the same in both places.
  struct Route {
    var row: String
    var id: String
    var createdAt: Instant?
    var updatedAt: Instant?
    /// Why this id follows another, where the entry says so.
    var cause: ResetCause?
    var isSuspended = false
    var resumeReason: String?
    var resumeMarkedAt: Instant?
    var isRunning = false
  }

  private let gathering: Gathering
  private(set) var routes: [String: Route] = [:]
  /// The key that points to an id.
  private(set) var keys: [String: String] = [:]

  init(_ gathering: Gathering) { self.gathering = gathering }

  /// Reads the routing table, which older versions do not have.
  mutating func read(_ database: SQLite) throws {
    let columns = try database.columns(of: "gateway_routing")
    guard columns.contains("entry_json"), columns.contains("session_key") else { return }
    let rows = try database.prepare(
      "SELECT session_key, entry_json FROM gateway_routing ORDER BY session_key, updated_at")
    try rows.bind([])
    while try rows.step() {
      let key = rows.text(0) ?? ""
      let row = "gateway_routing/\(key)"
      gathering.count()
      guard let entry = gathering.json(rows.text(1), row: row, field: "entry_json") else {
        continue
      }
      take(entry, key: key, row: row)
    }
  }

  /// Reads `sessions.json`, which mirrors the table, or precedes it.
  mutating func read(_ sessions: Folder) throws {
    for entry in gathering.sessionEntries(in: sessions) where !entry.key.hasPrefix("_") {
      gathering.count()
      take(entry.value, key: entry.key, row: entry.row)
    }
  }

  private mutating func take(_ entry: JSONValue, key: String, row: String) {
    guard let id = entry["session_id"]?.string, !id.isEmpty else {
      return gathering.skip(row, "has no session_id", field: "session_id")
    }
    guard id.isSafeID else {
      return gathering.skip(row, "session_id could name a path", field: "session_id")
    }
    if let known = routes[key] {
      if known.id != id {
        gathering.conflict(
          row, field: "session_id", taken: known.id, other: id,
          because: "\(known.row) says otherwise, and is believed")
      }
      return
    }
    var route = Route(row: row, id: id)
    route.createdAt = time(entry, "created_at", row)
    route.updatedAt = time(entry, "updated_at", row)
    if entry["is_fresh_reset"]?.bool == true { route.cause = .asked }
    if entry["was_auto_reset"]?.bool == true {
      route.cause = entry["auto_reset_reason"]?.string.flatMap { ResetCause(name: $0) }
    }
    route.isSuspended = entry["suspended"]?.bool == true
    if entry["resume_pending"]?.bool == true {
      route.resumeReason = entry["resume_reason"]?.string ?? ""
      route.resumeMarkedAt = time(entry, "last_resume_marked_at", row) ?? route.updatedAt
    }
    route.isRunning = entry["active_turn_token"]?.string != nil
    routes[key] = route
    keys[id] = key
  }

  private func time(_ entry: JSONValue, _ field: String, _ row: String) -> Instant? {
    guard let value = entry[field], !value.isNull else { return nil }
    guard let instant = gathering.time.read(value) else {
      gathering.skip(row, "is no time; the row is taken without it", field: field)
      return nil
    }
    return instant
  }

  /// Tells where the keys point to.
  func tell() throws {
    for (key, route) in routes.sorted(by: { $0.key < $1.key }) {
      let lane = HermesStore.key(key)
      if let at = route.updatedAt ?? route.createdAt {
        let stamp = "observed \(route.id) \(at.nanoseconds)"
        var observed = Fact(.observed, stamp, of: lane, row: route.row, at: at)
        observed.identity = route.id
        try gathering.add(observed)
        try gathering.claim(.binding, key, route.id, row: route.row)
      }
      if let reason = route.resumeReason, let at = route.resumeMarkedAt {
        let stamp = "resume \(at.nanoseconds)"
        var wake = Fact(.waked, stamp, of: lane, row: route.row, at: at)
        wake.source = Source.recovery.name
        wake.reason = reason.isEmpty ? nil : reason
        try gathering.add(wake, phase: 7)
      }
      if route.isSuspended {
        try gathering.claim(
          .unsupported, key, "suspended", row: route.row,
          because: "a reset at the next wake is announced; no event says so before it happens")
      }
      if route.isRunning { try gathering.claim(.status, key, "running", row: route.row) }
    }
  }
}
