import Foundation
import Synchronization
import Testing
import WakelogModel
import WakelogStore
import WakelogTesting

@testable import Wakelog

/// A log that lives for years must not grow for ever: old events move to an archive, and nothing
/// that a host can see changes.
@Suite struct TrimTests {
  let place = Place()

  @Test(arguments: [1, 7, 99] as [UInt64])
  func `a trimmed log answers as before, and replays to the same state`(seed: UInt64) throws {
    let used = try Used(place, seed: seed)
    let engine = try used.open()
    let before = try answers(engine, at: used.driver.milliseconds)
    let count = try engine.count
    let result = try engine.trim(before: .moment(used.now), archive: used.archive, by: "ops")
    let through = result["through"].count
    #expect(through > count * 9 / 10 && through < count, "\(result.text)")
    #expect(result["segments"]?.integer ?? 0 > 1)
    #expect(try answers(engine, at: used.driver.milliseconds) == before)
    #expect(try engine.firstEvent() == through + 1)
    let live = try engine.stateHash()
    engine.close()

    #expect(try place.fault() == nil)
    try place.look { log in
      let statistics = try log.statistics()
      let rows = statistics.tables.first { $0.name == "events" }?.entries ?? 0
      #expect(rows < Int(count - through) * 2 + 4, "the rows below are gone")
      // From the base, not from a checkpoint.
      try log.write { try $0.clearCheckpoint() }
    }
    let again = try used.open()
    #expect(try again.stateHash() == live)
    #expect(try answers(again, at: used.driver.milliseconds) == before)
    let export = try #require(try again.ask("events", ["limit": 1])["items"]?.array?.first)
    #expect(export["seq"].count == through + 1)
    again.close()
    #expect(try used.wholeHash() == live)
  }

  /// A state that was read from the base took its rows for kept ones, and a checkpoint left them out.
  @Test(arguments: [2, 8] as [UInt64])
  func `a checkpoint after a trim has the rows that came from the base`(seed: UInt64) throws {
    var used = try Used(place, seed: seed, calls: 600)
    var engine = try used.open()
    _ = try engine.trim(before: .moment(used.now), archive: used.archive, by: "ops")
    engine.close()
    try place.look { log in try log.write { try $0.clearCheckpoint() } }
    for _ in 0..<3 {
      engine = try used.open {
        $0.checkpointEvents = 20
        $0.checkpointEventsAtClosing = 1
      }
      for _ in 0..<40 { used.driver.step(engine) }
      let live = try engine.stateHash()
      engine.close()
      let kept = try place.look { log in
        try log.read { transaction in
          var state = try #require(
            try Checkpoint.restore(LogView(snapshot: transaction.snapshot)))
          return (StateHash.of(&state), state.position.value, try transaction.lastSequence)
        }
      }
      #expect(kept.0 == live && kept.1 == kept.2, "seed \(seed)")
      engine = try used.open()
      #expect(try engine.stateHash() == live, "seed \(seed)")
      engine.close()
    }
    #expect(try place.fault() == nil)
    #expect(try used.wholeHash() == used.open().closingHash())
  }

  @Test func `the event says what went, and the chain holds what stands for it`() throws {
    let used = try Used(place, seed: 3, calls: 300)
    let engine = try used.open()
    let last = try engine.count
    let result = try engine.trim(before: .event(last), archive: used.archive, by: "ops")
    let event = try #require(
      try engine.ask("events", ["from": .count(last + 1)])["items"]?.array?.first)
    #expect(event["kind"] == "log.trimmed" && event["by"] == "ops")
    #expect(event["through"] == result["through"])
    engine.close()
    try place.look { log in
      let base = try #require(try log.read { try $0.base })
      #expect(event["seal"] == .string(hexadecimal(base.seal)))
      #expect(event["base"] == .string(hexadecimal(base.state)))
      let state = try log.read { transaction in
        try LogView(snapshot: transaction.snapshot).origin()
      }
      var copy = state
      #expect(event["stateHash"] == .string(StateHash.of(&copy)))
    }
    let check = try Engine.verify(archive: used.archive, with: place.log)
    #expect(check["ok"] == true, "\(check.text)")
  }

  @Test func `what asks for an event of the archive is told where it is`() throws {
    let used = try Used(place, seed: 4, calls: 300)
    let engine = try used.open()
    let run = try #require(
      try engine.ask("events", ["limit": 1_000])["items"]?.array?.first {
        $0["kind"] == "run.started"
      })
    let through = try engine.trim(
      before: .moment(used.now), archive: used.archive, by: "ops")["through"].count
    let words = "archived before event \(through + 1): give --archive DIR"
    for (method, params) in [
      ("events", ["from": 1]), ("run", ["run": run["run"]!]), ("why", ["seq": 1]),
      ("redact", ["seq": 2, "by": "a", "why": "b"]), ("subscribe", ["from": 1]),
    ] as [(String, JSONValue)] {
      let error = engine.refusal(method, params)
      #expect(error?.code == .notFound && error?.message == words, "\(method)")
    }
    // A fence of a run that went is as stale as it was.
    let fence = "\(run["run"].count)-" + String(repeating: "0", count: 32)
    let finish: JSONValue = ["attempt": 1, "fence": .string(fence), "turns": 1]
    #expect(engine.refusal("finish", finish)?.code == .staleFence)
    engine.close()
  }

  @Test func `an open run and a waiting wake hold a trim back, and it says which`() throws {
    let used = try Used(place, seed: 5, calls: 200)
    let engine = try used.open()
    let at = used.driver.milliseconds
    let open = try engine.ask("wake", CallerTests.wake("open").with(["at": .integer(at)]))
    let waiting = try engine.ask("wake", CallerTests.wake("open").with(["at": .integer(at + 1)]))
    #expect(waiting["disposition"] == "deferred")
    let later = at + 90 * 86_400_000
    try engine.ask("wake", CallerTests.wake("late").with(["at": .integer(later)]))
    let result = try engine.trim(
      before: .moment(Instant(nanoseconds: later * 1_000_000)), archive: used.archive, by: "ops")
    #expect(result["through"].count < open["run"].count)
    #expect(result["heldBack"]?["because"] == "openRun")
    #expect(result["heldBack"]?["session"] == "open" && result["heldBack"]?["run"] == open["run"])
    // Its fence still holds, and afterwards the wake is what holds back.
    try engine.ask(
      "finish",
      ["attempt": open["attempt"]!, "fence": open["fence"]!, "turns": 1, "at": .integer(later)])
    let latest = later + 30 * 3_600_000
    try engine.ask("wake", CallerTests.wake("last").with(["at": .integer(latest)]))
    let second = try engine.trim(
      before: .moment(Instant(nanoseconds: latest * 1_000_000)), archive: used.archive, by: "ops")
    #expect(second["heldBack"]?["because"] == "waitingWake", "\(second.text)")
    #expect(second["through"].count < waiting["run"].count)
    engine.close()
  }

  @Test func `a reply lost for a day is answered after a trim, and a finish repeated`() throws {
    let used = try Used(place, seed: 6, calls: 200)
    let engine = try used.open()
    let at = used.driver.milliseconds
    let wake = CallerTests.wake("again").with(["at": .integer(at), "key": "once"])
    let first = try engine.ask("wake", wake)
    let finish: JSONValue = [
      "attempt": first["attempt"]!, "fence": first["fence"]!, "turns": 1, "sessionId": "x",
      "at": .integer(at + 20 * 3_600_000),
    ]
    let end = try engine.ask("finish", finish)
    let result = try engine.trim(
      before: .moment(Instant(nanoseconds: (at + 21 * 3_600_000) * 1_000_000)),
      archive: used.archive, by: "ops")
    #expect(result["heldBack"]?["because"] == "recent")
    #expect(try engine.ask("wake", wake)["run"] == first["run"])
    #expect(try engine.ask("finish", finish).without("duplicate") == end)
    engine.close()
  }

  @Test func `eight callers write while a log is trimmed, and lose nothing`() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    let used = try Used(place, seed: seed, calls: 2_000)
    let engine = try used.open { $0.archiving.sliceRows = 300 }
    let isDone = Mutex(false)
    let counts = Mutex([Int](repeating: 0, count: 8))
    let box = Unshared(used)
    let results = Mutex<[JSONValue]>([])
    onThreads(9) { number in
      if number == 8 {
        let point = TrimPoint.moment(box.value.now)
        for _ in 0..<3 {
          if let result = try? engine.trim(before: point, archive: box.value.archive, by: "ops") {
            results.withLock { $0.append(result) }
          }
        }
        isDone.withLock { $0 = true }
      } else {
        var driver = Driver(seed: seed &+ UInt64(number))
        driver.milliseconds = box.value.driver.milliseconds
        driver.sessions = ["caller \(number)"]
        repeat {
          driver.step(engine)
          counts.withLock { $0[number] += 1 }
        } while !isDone.withLock { $0 } || counts.withLock { $0[number] } < 50
      }
    }
    #expect(results.withLock { $0.count } == 3, "seed \(seed)")
    #expect(results.withLock { $0.first?["events"].count } ?? 0 > 0, "seed \(seed)")
    let live = try engine.stateHash()
    engine.close()
    #expect(try place.fault() == nil, "seed \(seed)")
    #expect(try used.wholeHash() == live, "seed \(seed)")
  }
}

extension Engine {
  /// Closes the log; its state's hash.
  fileprivate func closingHash() throws -> String {
    defer { close() }
    return try stateHash()
  }
}
