import Foundation
import Testing

@testable import WakelogStore

/// Everything a log holds, to compare with after damage.
struct Content: Equatable {
  var identifier: [UInt8] = []
  var records: [[UInt8]] = []
  var evidence: [Evidence] = []
  var symbols: [String] = []
  var replies: [[UInt8]?] = []
  var checkpoint: [[UInt8]] = []

  init(_ log: Log) throws {
    identifier = log.identifier
    try log.read { transaction in
      try transaction.forEachRecord { _, record in
        records.append(record.array)
        return true
      }
      for sequence in 1...UInt64(max(records.count, 1)) {
        evidence.append(try transaction.evidence(sequence))
      }
      for namespace in UInt8(1)...3 {
        try transaction.forEachSymbol(namespace) { number, name in
          symbols.append("\(namespace) \(number) \(name.array)")
          return true
        }
      }
      for number in 0..<UInt8(40) {
        replies.append(try transaction.reply([UInt8](repeating: number, count: 16)))
      }
      if let header = try transaction.checkpointHeader { checkpoint.append(header) }
      try transaction.forEachCheckpointRow(table: 1) { row, bytes in
        checkpoint.append(bytes.array + bigEndianBytes(row))
      }
    }
  }
}

struct DamageTests {
  let place = Place()

  /// A log of some hundred commits that uses every table.
  static func makeLog(_ path: String) throws -> Log {
    let log = try Log.open(path, options: LogOptions(mapSizeBytes: 1 << 27))
    for commit in 0..<200 {
      try log.write { transaction in
        for part in 0...(commit % 7) {
          let record = bytes("record \(commit) \(part) ") + [UInt8](repeating: 7, count: commit)
          let evidence = bytes("evidence ") + [UInt8](repeating: 9, count: commit * 40)
          if part == 3 {
            try transaction.append(record.span.bytes, evidence: evidence.span.bytes)
          } else {
            try transaction.append(record.span.bytes)
          }
        }
        for namespace in UInt8(1)...2 {
          try transaction.intern(namespace, bytes("name \(commit % 90)").span.bytes)
        }
        let long = [UInt8](repeating: UInt8(commit % 11), count: 700)
        try transaction.intern(3, long.span.bytes)
        let digest = [UInt8](repeating: UInt8(commit % 40), count: 16)
        try transaction.putReply(digest, age: UInt64(commit), bytes("reply \(commit)"))
        try transaction.putCheckpointRow(table: 1, row: UInt32(commit % 60), bytes("row \(commit)"))
        try transaction.putCheckpointHeader(bigEndianBytes(UInt64(commit)))
        if commit % 50 == 49 { try transaction.redact(UInt64(commit / 2)) }
      }
    }
    return log
  }

  /// Opens, reads and verifies; `nil` if the damage was noticed.
  static func survivors(_ path: String) -> Content? {
    do {
      let log = try Log.open(path, options: LogOptions(mapSizeBytes: 1 << 27))
      defer { log.close() }
      let content = try Content(log)
      guard try log.verify().ok else { return nil }
      return content
    } catch let error as StoreError {
      let expected: [StoreError.Code] = [.corrupt, .notALog, .newerFormat]
      #expect(expected.contains(error.code), "\(error)")
      return nil
    } catch {
      Issue.record("an error of another kind: \(error)")
      return nil
    }
  }

  static var rounds: Int {
    ProcessInfo.processInfo.environment["WAKELOG_DAMAGE_ROUNDS"].flatMap { Int($0) } ?? 300
  }

  static var seed: UInt64 {
    ProcessInfo.processInfo.environment["WAKELOG_DAMAGE_SEED"].flatMap { UInt64($0) } ?? 1
  }

  @Test func aFlippedBitIsNoticedOrHarmless() throws {
    let log = try Self.makeLog(place.log)
    let content = try Content(log)
    let check = try log.verify()
    #expect(check.ok, "\(check)")
    log.close()
    let original = try Data(contentsOf: URL(fileURLWithPath: place.log + "/data.mdb"))
    var random = SplitMix(Self.seed)
    var noticed = 0
    for round in 0..<Self.rounds {
      let path = place.path + "/copy"
      Place.remove(path)
      mkdir(path, 0o700)
      var data = original
      // Every third in the headers, or in some page's own header: the most dangerous places.
      var offset = Int(random.next() % UInt64(data.count))
      if round % 3 == 1 { offset = Int(random.next() % 2) * 4096 + Int(random.next() % 160) }
      if round % 3 == 2 { offset = offset / 4096 * 4096 + Int(random.next() % 64) }
      let bit = UInt8(random.next() % 8)
      data[offset] ^= 1 << bit
      try data.write(to: URL(fileURLWithPath: path + "/data.mdb"))
      if let found = Self.survivors(path) {
        #expect(found == content, "seed \(Self.seed) round \(round) byte \(offset) bit \(bit)")
      } else {
        noticed += 1
      }
    }
    #expect(noticed > Self.rounds / 10)
  }

  @Test func aTruncatedFileIsNoticedOrHarmless() throws {
    let log = try Self.makeLog(place.log)
    let content = try Content(log)
    log.close()
    let original = try Data(contentsOf: URL(fileURLWithPath: place.log + "/data.mdb"))
    var random = SplitMix(Self.seed)
    for round in 0..<Self.rounds / 5 {
      let path = place.path + "/copy"
      Place.remove(path)
      mkdir(path, 0o700)
      var length = Int(random.next() % UInt64(original.count))
      if round % 2 == 0 { length = length / 4096 * 4096 }
      if round < 4 { length = round * 100 }
      try original.prefix(length).write(to: URL(fileURLWithPath: path + "/data.mdb"))
      if let found = Self.survivors(path) {
        #expect(found == content, "seed \(Self.seed) round \(round) length \(length)")
      }
    }
  }
}

/// A small seeded generator.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
