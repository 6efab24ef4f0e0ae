import Testing
import WakelogModel
import WakelogStore

@testable import Wakelog
@testable import WakelogForensics

@Suite struct LadderTests {
  let place = Place()

  /// A log of several openings, each of which keeps a checkpoint at its end.
  private func work(seed: UInt64 = 1, openings: Int = 12, calls: Int = 400) throws {
    var host = Host(seed: seed, keys: 12)
    for _ in 0..<openings {
      let engine = try place.engine { $0.checkpointEventsAtClosing = 1 }
      try host.work(engine, calls: calls)
      engine.close()
    }
  }

  private func rungs() throws -> [UInt64] {
    let log = try Log.open(place.log, options: LogOptions(readOnly: true))
    defer { log.close() }
    return try log.read { transaction in
      var found: [UInt64] = []
      var end = UInt64.max
      while let rung = try transaction.rung(notAfter: end) {
        found.append(rung)
        end = rung - 1
      }
      return found.reversed()
    }
  }

  @Test func `a state is rebuilt from the nearest rung before it`() throws {
    try work()
    let rungs = try rungs()
    #expect(rungs.count >= 2)
    let log = try place.look()
    var expected = State()
    let ends = Set(rungs + rungs.map { $0 - 1 } + rungs.map { $0 + 1 })
    try log.forEachEvent { (event) throws(WakelogError) in
      expected.reduce(event)
      guard ends.contains(event.sequence.value) else { return true }
      let found = try log.state(at: event.sequence)
      #expect(found.firstDifference(from: expected) == nil, "event \(event.sequence.value)")
      #expect(
        try log.nearestCheckpoint(notAfter: event.sequence).value >= rungs.last {
          $0 <= event.sequence.value
        } ?? 0)
      return true
    }
  }

  @Test func `rungs take no more than their share of the disk`() throws {
    try work(openings: 6, calls: 100)
    let few = try rungs().count
    let log = try Log.open(place.log, options: LogOptions(readOnly: true))
    defer { log.close() }
    let table = try log.statistics()
    let checkpoint = try #require(table.tables.first { $0.name == "checkpoint" })
    #expect(few < 6)
    // The newest checkpoint takes a few pages of its own.
    #expect(UInt64(checkpoint.bytes) <= table.lastSequence * 12 + 65_536)
  }

  @Test func `a damaged rung is left aside for one before it`() throws {
    try work()
    let before = try rungs()
    let damaged = try #require(before.last)
    let log = try Log.open(place.log)
    try log.write { try $0.putRungHeader(damaged, [1, 2, 3]) }
    log.close()
    let look = try place.look()
    let wanted = SequenceNumber(damaged + 1)
    #expect(try look.nearestCheckpoint(notAfter: wanted).value == before[before.count - 2])
    var expected = State()
    try look.forEachEvent(through: wanted) { event in
      expected.reduce(event)
      return true
    }
    #expect(try look.state(at: wanted).firstDifference(from: expected) == nil)
  }

  @Test func `a log with rungs verifies`() throws {
    try work()
    let log = try Log.open(place.log)
    defer { log.close() }
    #expect(try log.verify().ok)
    let rung = try #require(try log.read { try $0.rung(notAfter: .max) })
    let pieces = try log.read { transaction in
      var count = 0
      try transaction.forEachRungPiece(rung, table: 1) { _, span in count += span.byteCount }
      return count
    }
    #expect(pieces == 12 * MemoryLayout<SessionRow>.size)
  }
}
