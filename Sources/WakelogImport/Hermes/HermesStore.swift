import Wakelog
import WakelogModel

/// Hermes' home directory: `state.db`, and beside it or before it `sessions/sessions.json` with one
/// transcript per session.
///
/// In Hermes a routing key points to a session id, which is one incarnation of a transcript; that
/// is what here is a binding. `state.db` says more and newer things than `sessions.json`: where they
/// disagree it is believed, and the conflict reported.
struct HermesStore: HostStore {
  /// What Hermes' ids are valid for.
  static let provider = "hermes"

  let home: Folder

  func gather(into gathering: Gathering) throws {
    var routes = HermesRoutes(gathering)
    let sessions = home.folder("sessions")
    var database: SQLite?
    switch home.kind(of: "state.db") {
    case .file: database = try gathering.database("state.db", in: home)
    case .none: break
    default: gathering.skip("state.db", "is no regular file; it is not followed")
    }
    guard database != nil || sessions != nil else {
      throw ImportError(
        "\(home.path): has neither state.db nor sessions/; give the path of HERMES_HOME")
    }
    if let database { try routes.read(database) }
    if let sessions { try routes.read(sessions) }
    var known: Set<String> = []
    if let database {
      let rows = HermesSessions(gathering, database, routes)
      known = try rows.read()
    }
    try routes.tell()
    if let sessions { try HermesTranscripts(gathering, sessions, routes).read(except: known) }
  }

  /// The lane of a session that has a routing key, or of one that has none.
  static func key(_ session: String, profile: String? = nil) -> SourceKey {
    let parts = session.split(separator: ":", maxSplits: 2)
    let isNamed = parts.count > 1 && parts[0] == "agent" && !parts[1].isEmpty
    return SourceKey(
      session: session, agent: isNamed ? String(parts[1]) : profile ?? "main", provider: provider)
  }
}
