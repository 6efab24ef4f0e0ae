import Foundation
import Synchronization
import Testing
import WakelogModel
import WakelogStore

@testable import Wakelog

/// What a policy says of ages is applied by whoever holds the log, in small steps beside the calls.
@Suite struct RetentionPolicyTests {
  let place = Place()
  static let start: Int64 = 1_768_000_000_000
  static let day: Int64 = 86_400_000

  private func run(_ engine: Engine, _ day: Int64) throws {
    let at = Self.start + day * Self.day
    let wake = try engine.ask("wake", CallerTests.wake("key \(day)").with(["at": .integer(at)]))
    try engine.ask(
      "finish",
      [
        "attempt": wake["attempt"]!, "fence": wake["fence"]!, "turns": 1, "sessionId": "a",
        "stdout": .string("output of day \(day)"), "at": .integer(at + 1),
      ])
  }

  private func finishes(_ engine: Engine) throws -> [UInt64] {
    try engine.ask("events", ["limit": 1_000])["items"]?.array?.filter {
      $0["kind"] == "attempt.finished"
    }.map { $0["seq"].count } ?? []
  }

  @Test func `evidence older than its age is gone, and its bytes are`() throws {
    let engine = try place.open()
    for day in 0..<20 { try run(engine, Int64(day)) }
    let finishes = try finishes(engine)
    let latest = (Self.start + 19 * Self.day) * 1_000_000
    let retention = try Policy(json: ["retention": ["evidenceDays": 5]]).retention
    try engine.applyRetention(retention, latest: latest)
    let kept = try finishes.map { try engine.evidence(of: $0) }
    #expect(kept.prefix(14).allSatisfy { $0 == "expired" }, "\(kept)")
    #expect(kept.suffix(5).allSatisfy { $0.object != nil }, "\(kept)")
    engine.close()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: place.log + "/data.mdb"))
    #expect(bytes.range(of: Data("output of day 3\"".utf8)) == nil)
    #expect(bytes.range(of: Data("output of day 19".utf8)) != nil)
    #expect(try place.fault() == nil)
  }

  @Test func `events older than their age are archived as the log's clock goes on`() throws {
    let archive = place.path + "/archive"
    let moved = DispatchSemaphore(value: 0)
    let engine = try place.open {
      $0.onTrimStep = { if $0 == .moved { moved.signal() } }
    }
    try engine.ask(
      "policy",
      [
        "adopt": ["retention": ["eventDays": 10, "archive": .string(archive)]],
        "at": .integer(Self.start - 1),
      ])
    for day in 0..<30 { try run(engine, Int64(day)) }
    // The engine looks once in an hour of the log's time, and twenty days are overdue.
    #expect(moved.wait(timeout: .now() + 60) == .success)
    engine.close()
    let again = try place.open()
    let latest = (Self.start + 29 * Self.day) * 1_000_000
    let retention = try Policy(
      json: ["retention": ["eventDays": 10, "archive": .string(archive)]]
    ).retention
    try again.applyRetention(retention, latest: latest)
    let first = try again.firstEvent()
    let items = try again.ask("events", ["limit": 1_000])["items"]?.array ?? []
    #expect(items.first?["seq"].count == first && first > 50)
    let oldest = items.first { $0["kind"] == "wake.requested" }?["session"]?.string
    #expect(["key 18", "key 19", "key 20"].contains(oldest), "\(oldest ?? "none")")
    let hash = try again.stateHash()
    again.close()
    #expect(try place.fault() == nil)
    let check = try Engine.verify(archive: archive, with: place.log)
    #expect(check["ok"] == true, "\(check.text)")
    let whole = place.path + "/whole"
    _ = try Engine.rebuild(archive: archive, with: place.log, to: whole)
    let rebuilt = try Engine.open(whole, options: .forTests())
    #expect(try rebuilt.stateHash() == hash)
    rebuilt.close()
  }
}
