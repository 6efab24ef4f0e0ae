import Wakelog
import WakelogModel

/// OpenClaw's state: `sessions.json` with transcripts, archives and trajectories (until 2026.7), and
/// `openclaw-agent.sqlite` (since 2026.8), for one agent or for all of them.
///
/// The path is the state directory (`~/.openclaw`), or that of one agent.
struct OpenClawStore: HostStore {
  /// What OpenClaw's own session ids are valid for, where no CLI holds the session.
  static let provider = "openclaw"

  let root: Folder

  init(_ path: String) throws(ImportError) {
    root = try Folder.open(path)
    guard root.folder("agents") != nil || Self.isAgent(root) else {
      throw ImportError(
        "\(path): has neither agents/ nor sessions/sessions.json; give ~/.openclaw or an agent's "
          + "directory in it")
    }
  }

  private static func isAgent(_ folder: Folder) -> Bool {
    folder.folder("sessions") != nil || folder.folder("agent") != nil
  }

  func gather(into gathering: Gathering) throws {
    guard let agents = root.folder("agents") else {
      let name = root.path.split(separator: "/").last.map { String($0) } ?? "main"
      return try gather(root, agent: name, into: gathering)
    }
    for name in try agents.names() {
      guard let folder = agents.folder(name) else {
        gathering.skip("agents/\(name)", "is no directory; it is not followed")
        continue
      }
      try gather(folder, agent: name, into: gathering)
    }
  }

  private func gather(_ folder: Folder, agent: String, into gathering: Gathering) throws {
    var entries = OpenClawEntries(gathering, agent: agent)
    if let inner = folder.folder("agent"), inner.hasFile("openclaw-agent.sqlite") {
      let database = try gathering.database("openclaw-agent.sqlite", in: inner)
      try entries.read(try Rows.reading(database, OpenClawEntries.shapes))
    }
    if let sessions = folder.folder("sessions") {
      try entries.read(sessions)
      try OpenClawFiles(gathering, sessions, entries, agent: agent).read()
      try entries.tell(sessions)
    } else {
      try entries.tell(nil)
    }
  }
}
