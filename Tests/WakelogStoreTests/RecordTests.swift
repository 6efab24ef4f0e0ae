import Testing

@testable import WakelogStore

struct RecordTests {
  let place = Place()

  @Test func whatIsAppendedReadsBackInOrder() throws {
    let log = try Log.open(place.log)
    try log.append("one", "two")
    try log.append("three")
    #expect(try log.texts() == ["one", "two", "three"])
    #expect(try log.texts(from: 2) == ["two", "three"])
    #expect(try log.texts(from: 0, through: 1) == ["one"])
    #expect(try log.texts(from: 4).isEmpty)
    let last = try log.read { try $0.lastSequence }
    #expect(last == 3)
    let second = try log.read { try $0.record(2) { $0.array } }
    #expect(second == bytes("two"))
    let none = try log.read { try $0.record(9) { $0.array } }
    #expect(none == nil)
  }

  @Test func itAllReadsBackAfterReopening() throws {
    let log = try Log.open(place.log)
    try log.append("one", "two")
    let identifier = log.identifier
    log.close()
    let again = try Log.open(place.log)
    #expect(try again.texts() == ["one", "two"])
    #expect(again.identifier == identifier)
    #expect(identifier.count == 16)
  }

  @Test func aThrowRollsBack() throws {
    struct Stop: Error {}
    let log = try Log.open(place.log)
    try log.append("one")
    #expect(throws: Stop.self) {
      try log.write { transaction in
        try transaction.append(bytes("two").span.bytes)
        throw Stop()
      }
    }
    #expect(try log.texts() == ["one"])
    try log.append("two")
    #expect(try log.texts() == ["one", "two"])
    #expect(try log.verify().ok)
  }

  @Test func theWalkStopsWhenTold() throws {
    let log = try Log.open(place.log)
    try log.append("one", "two", "three")
    var seen: [UInt64] = []
    try log.read { transaction in
      try transaction.forEachRecord { sequence, _ in
        seen.append(sequence)
        return sequence < 2
      }
    }
    #expect(seen == [1, 2])
  }

  @Test func aWriteSeesItsOwnAppends() throws {
    let log = try Log.open(place.log)
    let seen = try log.write { transaction in
      let first = try transaction.append(bytes("one").span.bytes)
      let text = try transaction.record(first) { $0.array }
      return (first, text, try transaction.lastSequence)
    }
    #expect(seen.0 == 1 && seen.1 == bytes("one") && seen.2 == 1)
  }

  @Test func aRecordThatIsTooLargeIsRefused() throws {
    let log = try Log.open(place.log)
    let error = #expect(throws: StoreError.self) {
      try log.write { transaction in
        try transaction.append([UInt8](repeating: 1, count: 70_000).span.bytes)
      }
    }
    #expect(error?.code == .tooLarge)
    #expect(error?.path == place.log)
  }

  @Test func recordsOfEverySizeReadBack() throws {
    let log = try Log.open(place.log)
    let sizes = Array(0...300) + [1000, 2000, 2020, 4000, 4096, 5000, 65_536]
    for size in sizes {
      try log.write { transaction in
        let record = [UInt8](repeating: UInt8(truncatingIfNeeded: size), count: size)
        try transaction.append(record.span.bytes)
      }
    }
    log.close()
    let again = try Log.open(place.log)
    var found: [Int] = []
    try again.read { transaction in
      try transaction.forEachRecord { _, record in
        found.append(record.byteCount)
        return true
      }
    }
    #expect(found == sizes)
    #expect(try again.verify().ok)
  }

  @Test func statisticsCountRowsPagesAndBytes() throws {
    let log = try Log.open(place.log)
    let before = log.lastCommit()
    try log.append("one", "two")
    #expect(log.lastCommit() == before + 1)
    let statistics = try log.statistics()
    // Two events and the seal behind them.
    #expect(statistics.tables.first { $0.name == "events" }?.entries == 3)
    #expect(statistics.tables.first { $0.name == "seals" } == nil)
    #expect(statistics.tables.first { $0.name == "meta" }?.bytes == 4096)
    #expect(statistics.lastSequence == 2)
    #expect(statistics.formatVersion == 2)
    #expect(statistics.mapBytes == 64 << 30)
    #expect(statistics.fileBytes > 8192)
  }

  @Test(arguments: [false, true]) func aCopyHasTheSameContent(compact: Bool) throws {
    let log = try Log.open(place.log)
    for number in 1...50 { try log.append("event \(number)") }
    let copy = place.path + "/copy"
    try log.copy(to: copy, compact: compact)
    let other = try Log.open(copy)
    #expect(try other.texts() == log.texts())
    #expect(try other.verify().ok)
    try other.append("more")
    other.close()
    let again = try Log.open(copy)
    #expect(try again.verify().events == 51)
    #expect(throws: StoreError.self) { try log.copy(to: copy, compact: compact) }
  }
}
