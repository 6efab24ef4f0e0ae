import Foundation
import WakelogModel
import WakelogStore

@testable import Wakelog

/// Opens what a loss of power left, and looks for everything that was answered.
struct CrashCheck {
  /// The folder with the image.
  let folder: String
  /// The digest of all events up to each, from none on, in the log that was recorded.
  let truth: [String]
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
    engine.close()
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

  /// How many events there are in a log that verifies: the first of those recorded.
  private func count(_ log: Log, _ found: Verification) throws -> UInt64 {
    let digests = try Self.digests(log)
    let last = digests.count - 1
    try Finding.unless(
      UInt64(last) == found.events, "\(last) events, of which verify saw \(found.events)")
    try Finding.unless(
      last < truth.count && digests[last] == truth[last], "event \(last) is another")
    return found.events
  }

  /// The digest of all events up to each, from none on.
  static func digests(_ log: Log) throws -> [String] {
    try log.read { transaction in
      var digests = [""]
      var last: [UInt8] = []
      try transaction.forEachRecord { _, record in
        last = Digest.short(last + record.withUnsafeBytes { Array($0) })
        digests.append(hexadecimal(last))
        return true
      }
      return digests
    }
  }

  /// Compares the state from the checkpoint with that from the events; gives how many there are.
  private func lookAtState(_ engine: Engine, _ count: UInt64) throws -> UInt64 {
    let live = try engine.stateHash()
    let replayed = try replay(engine.log).last
    try Finding.unless(
      live == replayed, "the state of \(count) events is another than their replay's")
    return try engine.count
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
