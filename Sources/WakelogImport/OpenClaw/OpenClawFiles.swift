import Wakelog
import WakelogModel

/// The files beside an OpenClaw agent's `sessions.json`: archives say when a key was reset,
/// trajectories hold its runs, and transcripts the turns of those that have no trajectory.
struct OpenClawFiles {
  private let gathering: Gathering
  private let sessions: Folder
  private let entries: OpenClawEntries
  private let agent: String

  init(_ gathering: Gathering, _ sessions: Folder, _ entries: OpenClawEntries, agent: String) {
    self.gathering = gathering
    self.sessions = sessions
    self.entries = entries
    self.agent = agent
  }

  func read() throws {
    let names = try sessions.names()
    let traced = Set(
      names.filter { $0.hasSuffix(Self.trajectory) }.map {
        String($0.dropLast(Self.trajectory.count))
      })
    for name in names {
      let row = "sessions/\(name)"
      if name.hasSuffix(Self.trajectory) {
        guard let file = open(name, row) else { continue }
        try OpenClawTrajectory(gathering, entries, row: row).read(file)
      } else if let archive = Archive(name) {
        try tell(archive, row)
        if !traced.contains(archive.id), let file = open(name, row, archive.isCompressed) {
          try turns(file, archive.id, row)
        }
      } else if name.hasSuffix(".jsonl"), !name.contains(".checkpoint.") {
        let id = String(name.dropLast(6))
        if !traced.contains(id), let file = open(name, row) {
          try turns(file, id, row)
        }
      }
    }
  }

  private static let trajectory = ".trajectory.jsonl"

  private func open(_ name: String, _ row: String, _ isPacked: Bool = false) -> Lines? {
    if let file = sessions.file(name, isPacked: isPacked) { return file }
    gathering.skip(row, "is no regular file; it is not followed")
    return nil
  }

  /// `<id>.jsonl.reset.<time>`, the time with dashes in place of colons, and `.zst` behind it.
  private struct Archive {
    var id: String
    var time: String
    var isCompressed: Bool

    init?(_ name: String) {
      let parts = name.split(separator: ".jsonl.reset.", omittingEmptySubsequences: false)
      guard parts.count == 2 else { return nil }
      id = String(parts[0])
      isCompressed = name.hasSuffix(".zst")
      var bytes = Array(parts[1].utf8.dropLast(isCompressed ? 4 : 0))
      guard bytes.count >= 19, id.isSafeID else { return nil }
      bytes[13] = UInt8(ascii: ":")
      bytes[16] = UInt8(ascii: ":")
      time = String(decoding: bytes, as: UTF8.self)
    }
  }

  private func tell(_ archive: Archive, _ row: String) throws {
    guard let at = gathering.time.read(archive.time) else {
      return gathering.skip(row, "its name has no time that can be read")
    }
    guard let key = try key(of: archive.id, row) else {
      return gathering.skip(row, "no entry or trajectory says which key it belonged to")
    }
    // It is compressed some time later: that is no other reset.
    let name = archive.isCompressed ? String(row.dropLast(4)) : row
    var reset = Fact(.reset, "reset", of: entries.lane(key), row: name, at: at)
    reset.because = "reset"
    try gathering.add(reset)
  }

  /// The key of an id that no entry has any more: its trajectory names it.
  private func key(of id: String, _ row: String) throws -> String? {
    if let key = entries.keys[id] { return key }
    guard let file = sessions.file(id + Self.trajectory),
      case .bytes(let bytes, _)? = file.next()
    else { return nil }
    let line = try? unsafe bytes.withUnsafeBytes { unsafe try JSONParser.parse($0) }
    return line?["sessionKey"]?.string
  }

  /// The turns of a transcript.
  private func turns(_ file: Lines, _ id: String, _ row: String) throws {
    guard id.isSafeID, let key = entries.keys[id] else {
      return gathering.skip(row, "no entry or trajectory says which key it belonged to")
    }
    var turns = OpenClawTurns(gathering, id, entries.lane(key))
    while let (record, place, _) = gathering.nextRecord(of: file, row: row) {
      guard turns.isOwn(record) else {
        return gathering.skip(row, "its header names another session; it is not taken")
      }
      try turns.take(record, place)
    }
    try turns.finish()
    if let fault = file.fault { gathering.skip(row, fault) }
  }
}
