import Testing

@testable import WakelogStore

struct SealTests {
  let place = Place()

  /// Opens a log of ten commits, changes rows behind the store's back, and verifies.
  private func verify(after change: (Snapshot, Writer) throws -> Void) throws -> Verification {
    let log = try Log.open(place.log)
    for number in 1...10 {
      try log.write { transaction in
        try transaction.intern(1, bytes("name \(number)").span.bytes)
        try transaction.append(bytes("event \(number)").span.bytes)
        try transaction.append(bytes("more").span.bytes, evidence: bytes("why").span.bytes)
      }
    }
    #expect(try log.verify().ok)
    try log.write { try change($0.snapshot, $0.writer) }
    defer { log.close() }
    return try log.verify()
  }

  private func frame(_ sequence: UInt64, _ text: String) -> [UInt8] {
    checksummed([0] + bytes(text), seed: sequence)
  }

  @Test func aChangedRecordIsNamed() throws {
    let result = try verify { snapshot, writer in
      var value = Array(try #require(try snapshot.get(.events, 7)))
      value[value.count - 1] ^= 1
      try writer.put(.events, bigEndianBytes(UInt64(7)), value)
    }
    #expect(result.firstBad?.sequence == 7)
    #expect(result.firstBad?.table == "events")
  }

  @Test func aForgedRecordWithAGoodChecksumBreaksTheSeal() throws {
    let result = try verify { _, writer in
      try writer.put(.events, bigEndianBytes(UInt64(7)), frame(7, "forged!"))
    }
    #expect(result.firstBad?.sequence == 7)
    #expect(result.firstBad?.table == "events")
    #expect(result.seals == 3)
  }

  @Test func aMissingRecordIsNamed() throws {
    let result = try verify { _, writer in
      try writer.delete(.events, bigEndianBytes(UInt64(9)))
    }
    #expect(result.firstBad?.sequence == 9)
  }

  @Test func aRecordWithoutASealIsNamed() throws {
    let result = try verify { _, writer in
      try writer.put(.events, bigEndianBytes(UInt64(21)), frame(21, "slipped in"))
    }
    #expect(result.firstBad?.sequence == 21)
  }

  @Test func aMissingSealIsNamed() throws {
    let result = try verify { _, writer in
      try writer.delete(.events, Seal.key(8))
    }
    #expect(result.firstBad?.sequence == 7)
  }

  @Test func aChangedSymbolBreaksTheSeal() throws {
    let result = try verify { _, writer in
      let row = checksummed(bytes("name X"), seed: symbolSeed(1, 4))
      try writer.put(.symbols, symbolKey(1, 4), row)
    }
    #expect(result.firstBad?.sequence == 7)
  }

  @Test func aDamagedSealIsNamed() throws {
    let result = try verify { snapshot, writer in
      var row = Array(try #require(try snapshot.get(.events, Seal.key(8))))
      row[20] ^= 1
      try writer.put(.events, Seal.key(8), row)
    }
    #expect(result.firstBad?.sequence == 8)
    #expect(result.seals == 3)
  }

  @Test func evidenceThatWasTakenAwayOrChangedIsNamed() throws {
    let result = try verify { _, writer in
      try writer.delete(.evidence, bigEndianBytes(UInt64(6)))
    }
    #expect(result.firstBad?.sequence == 6)
    #expect(result.firstBad?.table == "evidence")
  }

  @Test func aChangedIdentifierBreaksTheFirstSeal() throws {
    let log = try Log.open(place.log)
    try log.append("one")
    _ = try log.write { transaction in
      try transaction.writer.putMeta(
        LogFormat.identifierKey, [UInt8](repeating: 1, count: 16))
    }
    log.close()
    let error = #expect(throws: StoreError.self) { try Log.open(place.log) }
    #expect(error?.code == .corrupt && error?.sequence == 1)
  }

  /// The last commit was trusted as it lay there: a tail that was lost or altered on the disk was
  /// found by `verify` alone, and answered from until then.
  @Test func aTailThatWasLostOrAlteredIsSeenAtOpening() throws {
    let changes: [(Snapshot, Writer) throws -> Void] = [
      { _, writer in try writer.delete(.events, Seal.key(20)) },
      { _, writer in
        try writer.delete(.events, Seal.key(20))
        try writer.delete(.events, bigEndianBytes(UInt64(20)))
      },
      { _, writer in try writer.put(.events, bigEndianBytes(UInt64(19)), frame(19, "forged!!")) },
      { _, writer in try writer.delete(.events, bigEndianBytes(UInt64(19))) },
      { _, writer in try writer.delete(.symbols, symbolKey(1, 10)) },
      { _, writer in try writer.put(.events, bigEndianBytes(UInt64(21)), frame(21, "added")) },
    ]
    for change in changes {
      Place.remove(place.log)
      _ = try verify(after: change)
      let error = #expect(throws: StoreError.self) { try Log.open(place.log) }
      #expect(error?.code == .corrupt)
    }
  }

  @Test func aBrokenChainIsNotExtended() throws {
    let result = try verify { _, writer in
      try writer.delete(.events, Seal.key(20))
    }
    #expect(result.firstBad?.sequence == 19)
    let log = try Log.open(place.path + "/other")
    try log.append("one")
    _ = try log.write { transaction in
      try transaction.writer.delete(.events, Seal.key(1))
    }
    let error = #expect(throws: StoreError.self) { try log.append("two") }
    #expect(error?.code == .corrupt)
  }

  @Test func aDamagedRecordStopsTheReplay() throws {
    _ = try verify { snapshot, writer in
      var value = Array(try #require(try snapshot.get(.events, 5)))
      value[6] ^= 128
      try writer.put(.events, bigEndianBytes(UInt64(5)), value)
    }
    let log = try Log.open(place.log)
    let error = #expect(throws: StoreError.self) { try log.texts() }
    #expect(error?.code == .corrupt)
    #expect(error?.sequence == 5)
    #expect(try log.texts(from: 6).count == 15)
  }

  @Test func aSealReadsBackAsItWasWritten() {
    let range = Seal.Range(namespace: 3, first: 200, count: 70_000)
    let seal = Seal(hash: [UInt8](repeating: 9, count: 32), events: 5000, symbols: [range])
    let again = seal.bytes.withUnsafeBytes { Seal($0) }
    #expect(again?.hash == seal.hash && again?.events == 5000 && again?.symbols == [range])
    for length in 0..<33 {
      #expect(seal.bytes.prefix(length).withUnsafeBytes { Seal($0) } == nil)
    }
  }
}
