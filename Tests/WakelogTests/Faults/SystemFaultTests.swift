import CRecorder
import Foundation
import Testing
import WakelogModel
import WakelogStore

@testable import Wakelog

/// Every call of the system that changes a file or flushes it fails once, at every place of a small
/// load: LMDB's own calls, and those that make a log, copy it and clean up after it.
@Suite(.enabled(if: recorder_is_there(), "a sanitizer stands before the calls that are to fail"))
struct SystemFaultTests {
  let place = Place()

  @Test(arguments: [EIO, ENOSPC])
  func `whichever call fails, nothing is half done and the next call works`(error: Int32)
    async throws
  {
    await #expect(processExitsWith: .success) {
      [path = place.path as String, error = error as Int32] in
      try Finding.write(to: path + "/words") {
        var number: UInt64 = 0
        while try Self.fail(number + 1, error, path) { number += 1 }
        try Finding.unless(number > 40, "only \(number) calls could fail")
      }
    }
    let words = try? String(contentsOfFile: place.path + "/words", encoding: .utf8)
    #expect(words == nil)
  }

  /// Runs the load with one call that fails; false when it made fewer.
  private static func fail(_ number: UInt64, _ error: Int32, _ path: String) throws -> Bool {
    let folder = "\(path)/\(number)"
    mkdir(folder, 0o700)
    recorder_fail(folder, number, error)
    do {
      let load = try SmallLoad(folder)
      let calls = recorder_calls()
      recorder_fail(folder, 0, 0)
      try load.look()
      try FileManager.default.removeItem(atPath: folder)
      return calls >= number
    } catch {
      throw Finding(description: "call \(number): \(error)")
    }
  }
}

/// A few calls of each kind, each made again if it fails; it must not fail twice.
private struct SmallLoad {
  let folder: String
  private var log: String { folder + "/log" }
  private var keys: [String] = []
  private var hash = ""
  private var evidence: UInt64 = 0

  private static var options: Engine.Options {
    .forTests {
      $0.mapSizeBytes = 1 << 16
      $0.checkpointEvents = 9
      $0.checkpointEventsAtClosing = 1
    }
  }

  init(_ folder: String) throws {
    self.folder = folder
    let log = folder + "/log"
    var engine = try again { try Engine.open(log, options: Self.options) }
    let wake = try ask(engine, "wake", CallerTests.wake("s"))
    let held: JSONValue = ["attempt": wake["attempt"]!, "fence": wake["fence"]!]
    let text: JSONValue = .string(String(repeating: "x", count: 9_000))
    let finish = try ask(engine, "finish", held.with(["turns": 1, "stdout": text]))
    let events = try engine.ask("events", ["from": finish["run"]!])["items"]?.array ?? []
    evidence = events.last { $0["kind"] == "attempt.finished" }!["seq"].count
    try ask(engine, "redact", ["seq": .count(evidence), "by": "eve", "why": "secrets"])
    try ask(engine, "reset", ["session": "s"])
    engine.close()
    engine = try again { try Engine.open(log, options: Self.options) }
    try ask(engine, "wake", CallerTests.wake("t"))
    for isCompact in [false, true] {
      try again { try engine.copy(to: "\(folder)/copy \(isCompact)", compact: isCompact) }
    }
    hash = try engine.stateHash()
    engine.close()
  }

  /// Asks, and if that fails, looks whether anything changed and asks again under the same key.
  @discardableResult
  private mutating func ask(_ engine: Engine, _ method: String, _ params: JSONValue) throws
    -> JSONValue
  {
    let before = try engine.stateHash()
    keys.append("k\(keys.count)")
    let params = params.with(["key": .string(keys.last!)])
    do {
      return try engine.ask(method, params)
    } catch {
      try Finding.unless(!error.message.isEmpty, "\(method): \(error)")
      try Finding.unless(
        try engine.stateHash() == before, "\(method) failed and left something: \(error)")
      let answer = try engine.ask(method, params)
      try Finding.unless(
        answer["duplicate"] == nil, "\(method) failed and was carried out: \(error)")
      return answer
    }
  }

  @discardableResult
  private func again<Value>(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch { return try body() }
  }

  /// Looks at the log and its copies, when no call fails any more.
  func look() throws {
    for name in ["log", "copy false", "copy true"] {
      let log = try Log.open(folder + "/" + name)
      defer { log.close() }
      let found = try log.verify()
      try Finding.unless(found.ok && found.redacted == 1, "\(name): \(found)")
      try Finding.unless(try replay(log).last == hash, "\(name) has another state")
    }
    let engine = try Engine.open(log, options: Self.options)
    defer { engine.close() }
    try Finding.unless(try engine.stateHash() == hash, "the state is another")
    try Finding.unless(try engine.evidence(of: evidence) == "redacted", "evidence is back")
    try Finding.unless(
      try engine.ask("wake", CallerTests.wake("u"))["disposition"] == "started", "no run starts")
  }
}
