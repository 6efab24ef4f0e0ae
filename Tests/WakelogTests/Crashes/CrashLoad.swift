import Foundation
import Synchronization
import WakelogModel
import WakelogStore

@testable import Wakelog

/// What hosts do while they are recorded. Each case is one function on a folder.
enum CrashLoad: String, CaseIterable, Sendable {
  /// Several callers at once: keys and none, evidence, redaction, resets, checkpoints.
  case callers
  /// The same in two processes.
  case processes
  /// One caller of every method, who closes and opens the log now and then.
  case methods
  /// Copies, plain and compact, beside a writer.
  case copies
  /// A log of format 1 is opened, which converts it, and used.
  case conversion
  /// An old log is trimmed into an archive while a host calls, twice.
  case trims
  /// A key is forgotten while hosts call.
  case forgetting

  var processCount: Int { self == .processes ? 2 : 1 }

  func run(_ folder: String, number: Int) throws {
    let witness = Witness(folder)
    switch self {
    case .callers: try Self.call(folder, number, threads: 3, rounds: 12, witness)
    case .processes: try Self.call(folder, number, threads: 2, rounds: 8, witness)
    case .methods: try Self.callEverything(folder, witness)
    case .copies: try Self.copy(folder, witness)
    case .conversion: try Self.call(folder, number, threads: 1, rounds: 6, witness)
    case .trims: try Self.trim(folder, witness)
    case .forgetting: try Self.forget(folder, witness)
    }
  }

  /// Puts on the disk what is there before anything is recorded.
  func prepare(_ folder: String) throws {
    switch self {
    case .conversion:
      try FileManager.default.createDirectory(
        atPath: folder + "/log", withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
      try FileManager.default.copyItem(atPath: Self.firstFormat, toPath: folder + "/log/data.mdb")
    case .trims:
      var driver = Driver(seed: 7)
      let engine = try Engine.open(folder + "/log", options: Self.options)
      for _ in 0..<250 { driver.step(engine) }
      try driver.abandonAll(engine)
      try CrashCheck.note(engine.log, beside: folder)
      engine.close()
    case .callers, .processes, .methods, .copies, .forgetting: break
    }
  }

  /// A log of format 1, as the release before this format wrote it.
  private static let firstFormat = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/logs/format-1/data.mdb").path

  /// Where the archive of a log lies.
  static let archive = "archive"

  /// A key that is forgotten; found nowhere else.
  static let forgotten = "telegram:bob@example.org"

  /// A map that has to grow, and a checkpoint every few calls.
  static var options: Engine.Options {
    .forTests {
      $0.mapSizeBytes = 1 << 16
      $0.checkpointEvents = 40
      $0.checkpointEventsAtClosing = 1
      $0.archiving.segmentEvents = 200
    }
  }

  private static func call(
    _ folder: String, _ number: Int, threads: Int, rounds: Int, _ witness: Witness
  ) throws {
    let engine = try Engine.open(folder + "/log", options: options)
    try atOnce(threads) { thread in
      let caller = Caller(engine: engine, name: "\(number) \(thread)", witness: witness)
      for round in 0..<rounds { try caller.turn(round) }
    }
    engine.close()
  }

  private static func callEverything(_ folder: String, _ witness: Witness) throws {
    var driver = Driver(seed: 51)
    for _ in 0..<5 {
      let engine = try Engine.open(folder + "/log", options: options)
      for _ in 0..<40 {
        driver.step(engine)
        // One caller alone: what there is now was answered.
        witness.note("events", ["count": .count(try engine.count)])
      }
      engine.close()
    }
  }

  private static func copy(_ folder: String, _ witness: Witness) throws {
    let engine = try Engine.open(folder + "/log", options: options)
    try atOnce(2) { thread in
      let caller = Caller(engine: engine, name: "\(thread)", witness: witness)
      for round in 0..<9 {
        guard thread == 1, round % 3 == 0 else {
          try caller.turn(round)
          continue
        }
        let count = try engine.count
        let name = "copy \(round)"
        try engine.copy(to: folder + "/" + name, compact: round == 3)
        witness.note("copy", ["name": .string(name), "count": .count(count)])
      }
    }
    engine.close()
  }

  private static func trim(_ folder: String, _ witness: Witness) throws {
    let engine = try Engine.open(folder + "/log", options: options)
    try atOnce(2) { thread in
      if thread == 0 {
        let caller = Caller(engine: engine, name: "beside", witness: witness)
        for round in 0..<8 { try caller.turn(round) }
        return
      }
      for part in [2, 1] {
        let last = try engine.count
        let result = try engine.trim(
          before: .event(last / UInt64(part)),
          archive: folder + "/" + archive, by: "ops")
        try Finding.unless(result["events"].count > 0, "nothing was trimmed: \(result.text)")
        witness.note("trimmed", ["count": .count(last)])
      }
    }
    engine.close()
  }

  private static func forget(_ folder: String, _ witness: Witness) throws {
    let engine = try Engine.open(folder + "/log", options: options)
    let wake = try engine.ask("wake", CallerTests.wake(forgotten))
    let held: JSONValue = ["attempt": wake["attempt"]!, "fence": wake["fence"]!]
    try engine.ask(
      "finish", held.with(["turns": 1, "sessionId": "id of bob", "stdout": .string(forgotten)]))
    try atOnce(2) { thread in
      let caller = Caller(engine: engine, name: "\(thread)", witness: witness)
      for round in 0..<8 {
        try caller.turn(round)
        guard thread == 0, round == 3 else { continue }
        try CrashCheck.note(engine.log, beside: folder)
        witness.note("forgetting", [:])
        try engine.ask(
          "forget", ["session": .string(forgotten), "by": "ops", "why": "asked for"])
        witness.note("forgotten", ["count": .count(try engine.count)])
      }
    }
    if try engine.overwriteRemoved() { witness.note("overwritten", [:]) }
    engine.close()
  }

  /// Runs a body on several threads; throws what the first of them throws.
  private static func atOnce(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) throws
  {
    let failures = Mutex<[any Error]>([])
    onThreads(count) { thread in
      do { try body(thread) } catch { failures.withLock { $0.append(error) } }
    }
    if let failure = failures.withLock({ $0.first }) { throw failure }
  }
}

/// Writes down what was answered, a line each, as soon as it was.
struct Witness: Sendable {
  private let file: Int32

  init(_ folder: String) {
    let path = folder + "/" + Journal.answers
    file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
  }

  func note(_ what: String, _ details: JSONValue) {
    let line = Array((details.with(["what": .string(what)]).text + "\n").utf8)
    precondition(write(file, line, line.count) == line.count)
  }
}

/// A host that wakes, finishes, redacts and resets, and remembers every answer.
private struct Caller {
  let engine: Engine
  let name: String
  let witness: Witness

  func turn(_ round: Int) throws {
    let session = "s \(name) \(round % 2)"
    let key: JSONValue = round % 2 == 0 ? ["key": .string("\(name) \(round)")] : [:]
    let wake = try ask("wake", CallerTests.wake(session).with(key))
    // Nobody holds this key but us, so the run is ours.
    let held: JSONValue = ["attempt": wake["attempt"]!, "fence": wake["fence"]!]
    try ask("progress", held.with(["entered": true, "sessionId": .string("id \(name) \(round)")]))
    let length = round % 4 == 3 ? 9_000 : 300
    let text = String(repeating: "\(round % 10)", count: length)
    let end: JSONValue = ["turns": 1, "exitCode": 0, "stdout": .string(text)]
    let endKey: JSONValue = round % 3 == 0 ? ["key": .string("\(name) \(round) end")] : [:]
    let finish = try ask("finish", held.with(end).with(endKey))
    let event = try attemptFinished(finish)
    witness.note("evidence", ["seq": event, "stdout": .string(text)])
    if round % 3 == 1 {
      let redact: JSONValue = ["seq": event, "by": "eve", "why": "secrets"]
      witness.note("redacting", ["seq": event])
      try ask("redact", redact.with(["key": .string("\(name) \(round) redact")]))
      witness.note("redacted", ["seq": event])
    }
    if round % 5 == 4 {
      try ask("reset", ["session": .string(session), "key": .string("\(name) \(round) reset")])
    }
  }

  @discardableResult
  private func ask(_ method: String, _ params: JSONValue) throws -> JSONValue {
    let answer = try engine.ask(method, params)
    let events = [answer["session"]?["head"], answer["head"], answer["run"]].lazy
      .compactMap { $0?.integer }.first
    witness.note(
      "call",
      [
        "method": .string(method), "params": params, "count": .integer(events ?? 0),
        "run": answer["run"] ?? .null,
      ])
    return answer
  }

  /// The event that the evidence of a run hangs on.
  private func attemptFinished(_ finish: JSONValue) throws -> JSONValue {
    let events = try engine.ask(
      "events", ["session": finish["session"]!["key"]!, "from": finish["run"]!])
    let event = events["items"]?.array?.last { $0["kind"] == "attempt.finished" }
    return event!["seq"]!
  }
}
