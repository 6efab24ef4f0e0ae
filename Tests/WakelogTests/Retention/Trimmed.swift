import Foundation
import Testing
import WakelogModel
import WakelogStore
import WakelogTesting

@testable import Wakelog

/// A log that hosts have used for some weeks, with everything settled, and an archive beside it.
struct Used {
  let place: Place
  var driver: Driver
  var archive: String { place.path + "/archive" }

  init(_ place: Place, seed: UInt64, calls: Int = 1_500) throws {
    self.place = place
    driver = Driver(seed: seed)
    let engine = try place.open()
    for _ in 0..<calls { driver.step(engine) }
    try settle(engine)
    engine.close()
  }

  /// Ends what is open, drops what waits, and lets a week pass.
  mutating func settle(_ engine: Engine) throws {
    try driver.abandonAll(engine)
    for session in try engine.ask("sessions", ["status": "queued"])["items"]?.array ?? [] {
      try engine.ask("cancel", ["session": session["key"]!, "at": .integer(driver.milliseconds)])
    }
    driver.milliseconds += 7 * 86_400_000
    // Keys that the driver does not use: its own belong to several agents.
    for number in 0..<4 {
      let wake = CallerTests.wake("a week later \(number)")
      try engine.ask("wake", wake.with(["at": .integer(driver.milliseconds)]))
    }
    try driver.abandonAll(engine)
  }

  var now: Instant { Instant(nanoseconds: driver.milliseconds * 1_000_000) }

  /// Opens the log with small segments.
  func open(_ change: (inout Engine.Options) -> Void = { _ in }) throws -> Engine {
    try place.open {
      $0.archiving.segmentEvents = 700
      change(&$0)
    }
  }

  /// The log as it would be had it never been trimmed, and its state's hash.
  func wholeHash() throws -> String {
    let whole = place.path + "/whole"
    defer { try? FileManager.default.removeItem(atPath: whole) }
    _ = try Engine.rebuild(archive: archive, with: place.log, to: whole)
    let engine = try Engine.open(whole, options: .forTests())
    defer { engine.close() }
    return try engine.stateHash()
  }
}

/// What a log answers to whoever looks at it now.
func answers(_ engine: Engine, at milliseconds: Int64) throws -> [JSONValue] {
  var found: [JSONValue] = []
  // Heads and positions are the log's own; everything else is what hosts go by.
  for method in ["sessions", "agents"] {
    found += try engine.ask(method, ["limit": 1_000])["items"]?.array ?? []
  }
  return found + [try engine.ask("attention", ["at": .integer(milliseconds)])]
}
