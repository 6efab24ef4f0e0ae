import Foundation
import Testing

@testable import WakelogStore

struct PageCheckTests {
  let place = Place()

  /// Three, or as many as the variable says.
  static var seeds: [UInt64] {
    let count = ProcessInfo.processInfo.environment["WAKELOG_LIVES"].flatMap { UInt64($0) }
    return Array(1...(count ?? 3))
  }

  /// A check that finds fault with a sound file would lock its owner out, so a log lives a long
  /// random life here: rows of every size come, change and go, and trees grow and shrink.
  @Test(arguments: Self.seeds) func aSoundFileAlwaysPasses(seed: UInt64) throws {
    var random = SplitMix(seed)
    var log = try Log.open(place.log, options: LogOptions(mapSizeBytes: 1 << 28))
    for round in 0..<250 {
      try log.write { transaction in
        for _ in 0..<Int.random(in: 1...60, using: &random) {
          try change(transaction, &random)
        }
      }
      if round % 5 == 0 { try log.environment.checkPages() }
      if round % 50 == 0 {
        let check = try log.verify()
        #expect(check.ok, "seed \(seed) round \(round): \(check)")
        log.close()
        log = try Log.open(place.log)
      }
    }
    try log.copy(to: place.path + "/copy", compact: true)
    #expect(try Log.open(place.path + "/copy").verify().ok)
  }

  private func change(_ transaction: borrowing WriteTransaction, _ random: inout SplitMix) throws {
    func some(_ most: Int) -> [UInt8] {
      [UInt8](
        repeating: .random(in: 0...255, using: &random),
        count: .random(in: 0...most, using: &random))
    }
    let number = UInt32.random(in: 0...3000, using: &random)
    switch Int.random(in: 0...11, using: &random) {
    case 0, 1: try transaction.append(some(3000).span.bytes)
    case 2: try transaction.append(some(90).span.bytes, evidence: some(20_000).span.bytes)
    case 3: try transaction.append(some(90).span.bytes, evidence: some(200_000).span.bytes)
    case 4: try transaction.redact(UInt64(number))
    case 5:
      try transaction.append(some(90).span.bytes)
      try transaction.intern(UInt8(number % 5), (bigEndianBytes(number) + some(900)).span.bytes)
    case 6:
      let digest = Hashing.randomBytes(16)
      try transaction.putReply(digest, age: UInt64(number), some(6000))
    case 7: try transaction.dropReplies(olderThan: UInt64(number / 2))
    case 8, 9, 10: try transaction.putCheckpointRow(table: 1, row: number, some(5000))
    default: if number % 40 == 0 { try transaction.clearCheckpoint() }
    }
  }

  @Test func aCommitsNumberIsTheLastKeyOfItsFreePages() throws {
    let log = try Log.open(place.log)
    for number in 0..<30 {
      try log.append("event \(number)")
      try log.environment.checkPages()
    }
  }
}
