import Testing
import WakelogModel
import WakelogStore

@testable import Wakelog

@Suite struct CheckpointTests {
  let place = Place()

  private func open(every events: UInt64 = 60) throws -> Engine {
    try place.open { options in
      options.checkpointEvents = events
      options.checkpointEventsAtClosing = events
    }
  }

  /// Lets a driver work, closes the log, and gives the hash of the state at the end.
  private func work(seed: UInt64 = 3, steps: Int = 300) throws -> String {
    var driver = Driver(seed: seed)
    let engine = try open()
    for _ in 0..<steps { driver.step(engine) }
    defer { engine.close() }
    return try engine.stateHash()
  }

  private func restored() throws -> (hash: String, position: UInt64)? {
    try place.look { log in
      try log.read { transaction in
        guard var state = try Checkpoint.restore(LogView(snapshot: transaction.snapshot)) else {
          return nil
        }
        return (StateHash.of(&state), state.position.value)
      }
    }
  }

  @Test(arguments: 21...23 as ClosedRange<UInt64>)
  func `a checkpoint and what came since are as good as a full replay`(seed: UInt64) throws {
    var driver = Driver(seed: seed)
    for round in 0..<12 {
      let engine = try open(every: UInt64(20 + round * 7))
      for _ in 0..<(10 + round * 5) { driver.step(engine) }
      let live = try engine.stateHash()
      engine.close()
      #expect(try place.look { log in try replay(log).last } == live, "seed \(seed), \(round)")
      if let kept = try restored() {
        let replayed = try place.look { try replay($0, at: [kept.position]).hashes }
        #expect(replayed[kept.position] == kept.hash, "seed \(seed), \(round)")
      } else {
        #expect(round < 3, "no checkpoint")
      }
    }
    #expect(try place.fault() == nil)
  }

  /// A checkpoint whose commit failed had its rows marked as kept. The next one left them out, and
  /// said that it was complete.
  @Test func `rows of a checkpoint that failed are in the next one`() throws {
    struct Failure: Error {}
    let hash = try work()
    try place.look { log in
      var state = State()
      try log.read { transaction in
        try transaction.forEachRecord { sequence, record in
          state.reduce(Event(record: record, sequence: SequenceNumber(sequence)))
          return true
        }
      }
      try log.write { transaction in try transaction.clearCheckpoint() }
      #expect(throws: Failure.self) {
        try log.write { transaction in
          try Checkpoint.keep(&state, in: transaction)
          throw Failure()
        }
      }
      try log.write { transaction in try Checkpoint.keep(&state, in: transaction) }
    }
    #expect(try restored()?.hash == hash)
  }

  @Test func `a checkpoint of another layout is left aside and replaced whole`() throws {
    let hash = try work()
    try place.look { log in
      try log.write { transaction in
        var header = try transaction.checkpointHeader!
        // The reducer's version, after the count of the layout's numbers.
        header[8] += 1
        try transaction.putCheckpointHeader(header)
        // A row that this layout would not have, as large as one of ours.
        try transaction.putCheckpointRow(
          table: 4, row: 900, [UInt8](repeating: 1, count: MemoryLayout<HostRow>.size))
      }
    }
    #expect(try restored() == nil)
    let engine = try open(every: 1)
    #expect(try engine.stateHash() == hash)
    engine.close()
    #expect(try restored()?.hash == hash)
  }

  @Test(arguments: ["short row", "long row", "no header", "cut header", "noise", "ahead"])
  func `a checkpoint that is damaged is left aside`(damage: String) throws {
    let hash = try work()
    try place.look { log in
      try log.write { transaction in
        let header = try transaction.checkpointHeader!
        switch damage {
        case "short row": try transaction.putCheckpointRow(table: 1, row: 1, [1, 2, 3])
        case "long row":
          try transaction.putCheckpointRow(table: 5, row: 1, [UInt8](repeating: 9, count: 4_000))
        case "no header": try transaction.putCheckpointHeader([])
        case "cut header": try transaction.putCheckpointHeader(Array(header.dropLast(9)))
        case "noise": try transaction.putCheckpointHeader(header.map { $0 ^ 0xA5 })
        default:
          // The position stands first among the totals, which stand last.
          var ahead = header
          let start = header.count - MemoryLayout<State.Totals>.size
          ahead[start + 5] = 1
          try transaction.putCheckpointHeader(ahead)
        }
      }
    }
    #expect(try restored() == nil)
    let engine = try open(every: 1)
    #expect(try engine.stateHash() == hash)
    engine.close()
    #expect(try restored()?.hash == hash)
  }

  @Test func `rows have no gaps, whose bytes would be anything`() {
    func bytes(_ row: some StateRow) -> (fields: Int, size: Int) {
      (Mirror(reflecting: row).children.reduce(0) { $0 + size(of: $1.value) }, size(of: row))
    }
    func size<Value>(of value: Value) -> Int { MemoryLayout<Value>.size }
    let rows: [any StateRow] = [
      SessionRow(), IdentityRow(), AgentRow(), HostRow(), RunRow(), PendingRow(), ReasonRow(),
      LaneRow(), MintingRow(), MissRow(), CondemnationRow(), AlarmRow(), VersionRow(),
      State.Totals(),
    ]
    for row in rows {
      let (fields, size) = bytes(row)
      #expect(fields == size, "\(type(of: row))")
    }
  }
}
