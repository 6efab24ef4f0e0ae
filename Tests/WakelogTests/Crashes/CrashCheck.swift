import Foundation
import WakelogModel
import WakelogStore

@testable import Wakelog

/// Opens what a loss of power left, and looks for everything that was answered.
struct CrashCheck {
  /// The folder with the image.
  let folder: String
  /// The digest of each event in the log that was recorded; several where it was forgotten.
  let truth: [UInt64: Set<String>]
  /// Whether the log may be refused as damaged: a sector that is itself torn cannot be told from one
  /// whose bits have flipped.
  var mayBeRefused = false

  private var log: String { folder + "/log" }

  /// Throws what is not well.
  func run() throws {
    let lines = try answers()
    let count: UInt64
    do {
      count = try sound(log)
    } catch let error as StoreError where mayBeRefused && error.code == .corrupt {
      return
    }
    let engine = try Engine.open(log, options: CrashLoad.options)
    let seen = try lookAtState(engine, count)
    try lookAtForgotten(lines, engine)
    for line in lines {
      let needed = line["count"].map { UInt64(clamping: $0.integer ?? 0) } ?? 0
      if line["what"] == "copy" {
        try lookAtCopy(line["name"]?.string ?? "", needed)
      } else {
        try Finding.unless(
          count >= needed, "\(count) events are left of what was answered: \(line.text)")
      }
    }
    try lookAtEvidence(lines, engine)
    try askAgain(lines, engine)
    // Of an agent of its own, which nobody has paused.
    let wake = try engine.ask("wake", CallerTests.wake("afterwards").with(["agent": "zoe"]))
    let end: JSONValue = [
      "attempt": wake["attempt"]!, "fence": wake["fence"]!, "turns": 1, "stdout": "it goes on",
    ]
    try Finding.unless(
      try engine.ask("finish", end)["settled"] == true, "the log does not take a run")
    let after = try engine.verify()
    try Finding.unless(after["ok"] == true, "after another run: \(after.text)")
    let trimmed = try trimOn(engine)
    engine.close()
    if let trimmed { try lookAtWhole(trimmed) }
    try Finding.unless(seen == count, "the engine sees \(seen) events, the store \(count)")
    try lookAtCopies(lines)
  }

  private func answers() throws -> [JSONValue] {
    let path = folder + "/" + Journal.answers
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    let text = try String(contentsOfFile: path, encoding: .utf8)
    return try text.split(separator: "\n").map { try JSONParser.parse(String($0)) }
  }

  /// Checks a log by itself: it verifies, and its events are the first of those recorded.
  private func sound(_ path: String) throws -> UInt64 {
    let log = try Log.open(path)
    defer { log.close() }
    let found = try log.verify()
    try Finding.unless(found.ok, "\(path.suffix(8)): \(found)")
    return try count(log, found)
  }

  /// The last event of a log that verifies: its events are among those recorded.
  private func count(_ log: Log, _ found: Verification) throws -> UInt64 {
    let digests = try Self.digests(log)
    let last = digests.last?.event ?? found.events
    try Finding.unless(last == found.events, "\(last) events, of which verify saw \(found.events)")
    for (event, digest) in digests {
      try Finding.unless(truth[event]?.contains(digest) == true, "event \(event) is another")
    }
    return try log.read { try $0.lastSequence }
  }

  /// The digest of each event of a log.
  static func digests(_ log: Log) throws -> [(event: UInt64, digest: String)] {
    try log.read { transaction in
      var digests: [(event: UInt64, digest: String)] = []
      try transaction.forEachRecord { sequence, record in
        let digest = Digest.short(record.withUnsafeBytes { Array($0) })
        digests.append((sequence, hexadecimal(digest)))
        return true
      }
      return digests
    }
  }

  /// Adds the events of a log to what is known of it, in a file beside the disk that is recorded.
  static func note(_ log: Log, beside disk: String) throws {
    let lines = try digests(log).map { "\($0.event) \($0.digest)\n" }.joined()
    let path = disk + ".truth"
    let known = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    try (known + lines).write(toFile: path, atomically: true, encoding: .utf8)
  }

  /// What was noted.
  static func truth(beside disk: String) throws -> [UInt64: Set<String>] {
    var truth: [UInt64: Set<String>] = [:]
    for line in try String(contentsOfFile: disk + ".truth", encoding: .utf8).split(separator: "\n")
    {
      let parts = line.split(separator: " ")
      truth[UInt64(parts[0]) ?? 0, default: []].insert(String(parts[1]))
    }
    return truth
  }

  /// Compares the state from the checkpoint with that from the events; gives how many there are.
  private func lookAtState(_ engine: Engine, _ count: UInt64) throws -> UInt64 {
    let live = try engine.stateHash()
    let replayed = try engine.log.read { transaction in
      var state = try LogView(snapshot: transaction.snapshot).origin()
      try transaction.replay(into: &state, from: state.position.value + 1)
      return StateHash.of(&state)
    }
    try Finding.unless(
      live == replayed, "the state of \(count) events is another than their replay's")
    return try engine.count
  }

  /// A key that was forgotten is gone, and from the file's bytes too once they were overwritten.
  private func lookAtForgotten(_ lines: [JSONValue], _ engine: Engine) throws {
    guard lines.contains(where: { $0["what"] == "forgotten" }) else { return }
    let refusal = engine.refusal("session", ["session": .string(CrashLoad.forgotten)])
    try Finding.unless(refusal?.code == .notFound, "the key that was forgotten is back")
    guard lines.contains(where: { $0["what"] == "overwritten" }) else { return }
    let bytes = try Data(contentsOf: URL(fileURLWithPath: log + "/data.mdb"))
    try Finding.unless(
      bytes.range(of: Data(CrashLoad.forgotten.utf8)) == nil, "the file tells who was forgotten")
  }

  /// A trim that was under way goes on; gives the state's hash, or nil where nothing was archived.
  private func trimOn(_ engine: Engine) throws -> String? {
    guard FileManager.default.fileExists(atPath: folder + "/" + CrashLoad.archive) else {
      return nil
    }
    let last = try engine.count
    _ = try engine.trim(
      before: .event(last), archive: folder + "/" + CrashLoad.archive, by: "ops")
    let found = try engine.verify()
    try Finding.unless(found["ok"] == true, "after another trim: \(found.text)")
    return try engine.stateHash()
  }

  /// Archive and log together are the log that was never trimmed.
  private func lookAtWhole(_ hash: String) throws {
    let whole = folder + "/whole"
    _ = try Engine.rebuild(archive: folder + "/" + CrashLoad.archive, with: log, to: whole)
    let rebuilt = try Engine.open(whole, options: CrashLoad.options)
    defer { rebuilt.close() }
    try Finding.unless(
      try rebuilt.stateHash() == hash, "log and archive give another state than the log alone")
  }

  private func lookAtEvidence(_ lines: [JSONValue], _ engine: Engine) throws {
    var texts: [UInt64: JSONValue] = [:]
    var redactions: [UInt64: String] = [:]
    for line in lines {
      switch line["what"]?.string {
      case "evidence": texts[line["seq"].count] = line["stdout"]
      case "redacting", "redacted": redactions[line["seq"].count] = line["what"]?.string
      default: break
      }
    }
    for (event, text) in texts {
      let found = try engine.evidence(of: event)
      let isWhole = found["stdout"] == text
      let isRedacted = found == "redacted"
      switch redactions[event] {
      case nil: try Finding.unless(isWhole, "the evidence of event \(event) is gone")
      case "redacted": try Finding.unless(isRedacted, "the evidence of event \(event) is back")
      default:
        try Finding.unless(isWhole || isRedacted, "the evidence of event \(event) is half there")
      }
    }
  }

  /// Asks the latest calls with a key again, and some of the others.
  private func askAgain(_ lines: [JSONValue], _ engine: Engine) throws {
    let keyed = lines.filter { $0["params"]?["key"] != nil }
    let some = keyed.enumerated().filter { $0.offset >= keyed.count - 12 || $0.offset % 9 == 0 }
    for (_, line) in some {
      let again = try engine.ask(line["method"]?.string ?? "", line["params"] ?? [:])
      try Finding.unless(
        again["duplicate"] == true, "asked again, it was carried out anew: \(line.text)")
      try Finding.unless(
        (again["run"] ?? .null) == line["run"], "\(line.text) answers \(again.text)")
    }
  }

  private func lookAtCopy(_ name: String, _ needed: UInt64) throws {
    let count = try sound(folder + "/" + name)
    try Finding.unless(count >= needed, "\(name) holds \(count) events of \(needed)")
  }

  /// A copy that was under way is no log, or damaged and says so, or whole.
  private func lookAtCopies(_ lines: [JSONValue]) throws {
    let finished = Set(lines.filter { $0["what"] == "copy" }.compactMap { $0["name"]?.string })
    for name in try FileManager.default.contentsOfDirectory(atPath: folder)
    where name.hasPrefix("copy") && !finished.contains(name) {
      guard let log = try? Log.open("\(folder)/\(name)", options: LogOptions(readOnly: true))
      else { continue }
      defer { log.close() }
      let found = try log.verify()
      if found.ok { _ = try count(log, found) }
    }
  }
}
