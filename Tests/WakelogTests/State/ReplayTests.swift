import Foundation
import Testing
import WakelogModel
import WakelogStore

@testable import Wakelog

@Suite struct ReplayTests {
  let place = Place()

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func `every prefix of the log adds up to what was live then`(seed: UInt64) throws {
    var driver = Driver(seed: seed)
    let engine = try place.open()
    var live: [UInt64: String] = [0: try engine.stateHash()]
    for _ in 0..<500 {
      driver.step(engine)
      live[try engine.count] = try engine.stateHash()
    }
    let last = try engine.stateHash()
    engine.close()
    let replayed = try place.look { log in try replay(log, at: Set(live.keys)) }
    let differing = live.keys.filter { live[$0] != replayed.hashes[$0] }.sorted()
    #expect(differing == [], "seed \(seed)")
    let broken = try place.look { log in try violations(log) }
    #expect(broken == [], "seed \(seed)")
    let again = try place.open()
    #expect(try again.stateHash() == last)
    again.close()
    #expect(try place.fault() == nil)
  }

  @Test func `the driver reaches every kind of answer`() throws {
    var driver = Driver(seed: 99)
    let engine = try place.open()
    for _ in 0..<1_500 { driver.step(engine) }
    let expected = [
      "started", "coalesced", "deferred", "refused", "none", "busy", "resume", "fresh",
      "succeeded", "failed", "timedOut", "cancelled", "duplicate", "error staleFence",
      "error notFound",
      "error conflict", "error busy", "error invalidParameter",
    ]
    for word in expected { #expect(driver.tally[word, default: 0] > 0, "\(word)") }
    let kinds = try engine.ask("events", ["limit": 10_000])["items"]?.array ?? []
    let seen = Set(kinds.compactMap { $0["kind"]?.string })
    let missing = Set(EventKind.allCases.map(\.name)).subtracting(seen)
    #expect(missing == ["note.added", "log.trimmed", "session.forgotten"])
    engine.close()
  }

  @Test func `another process comes to the same state`() async throws {
    var driver = Driver(seed: 7)
    let engine = try place.open()
    for _ in 0..<300 { driver.step(engine) }
    let hash = try engine.stateHash()
    engine.close()
    await #expect(processExitsWith: .success) {
      [log = place.log as String, hash = hash as String] in
      let engine = try Engine.open(log, options: .forTests())
      let found = try engine.stateHash()
      precondition(found == hash, "\(found) is not \(hash)")
      engine.close()
    }
  }

  @Test func `fences are no part of the hash`() throws {
    let other = Place()
    var hashes: [String] = []
    for place in [place, other] {
      let engine = try place.open()
      try engine.ask("wake", CallerTests.wake("s").with(["at": 1_768_000_000_000]))
      hashes.append(try engine.stateHash())
      engine.close()
    }
    #expect(hashes[0] == hashes[1])
    #expect(hashes[0].count == 64)
  }

  @Test(arguments: 11...14 as ClosedRange<UInt64>)
  func `an import has the state of its export`(seed: UInt64) throws {
    var driver = Driver(seed: seed)
    let engine = try place.open()
    for _ in 0..<400 { driver.step(engine) }
    try driver.abandonAll(engine)
    var lines: [JSONValue] = []
    try engine.export { lines.append(try JSONParser.parse($0.text)) }
    let hash = try engine.stateHash()
    let count = try engine.count
    engine.close()
    let other = Place()
    var rest = lines[...]
    // With a slash at the end it is the same place.
    #expect(try Engine.importLog(to: other.log + "/") { rest.popFirst() } == count)
    let copy = try other.open()
    #expect(try copy.stateHash() == hash, "seed \(seed)")
    var again: [JSONValue] = []
    try copy.export { again.append($0) }
    #expect(again.map(\.text) == lines.map(\.text))
    copy.close()
    #expect(try other.fault() == nil)
  }

  @Test func `what was open at the export is interrupted by the import`() throws {
    let engine = try place.open()
    let wake = try engine.ask("wake", CallerTests.wake("s"))
    try engine.ask("wake", CallerTests.wake("s"))
    var lines: [JSONValue] = []
    try engine.export { lines.append($0) }
    #expect(!lines.map(\.text).joined().contains("fence"))
    engine.close()
    let other = Place()
    var rest = lines[...]
    _ = try Engine.importLog(to: other.log) { rest.popFirst() }
    let copy = try other.open()
    let session = try copy.ask("session", ["session": "s"])
    #expect(session["status"] == "queued" && session["openRun"] == .null)
    #expect(session["lastRun"]?["outcome"] == "interrupted")
    let run = try copy.ask("run", ["run": wake["run"]!])
    #expect(run["outcome"] == "interrupted")
    let stale = copy.refusal("check", ["session": "s", "fence": wake["fence"]!])
    #expect(stale?.code == .staleFence)
    #expect(try copy.ask("next", ["session": "s"])["disposition"] == "started")
    copy.close()
  }
}
