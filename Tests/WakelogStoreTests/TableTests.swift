import Foundation
import Testing

@testable import WakelogStore

struct SymbolTests {
  let place = Place()

  @Test func namesAreNumberedFromOneInEachNamespace() throws {
    let log = try Log.open(place.log)
    let numbers = try log.write { transaction in
      try transaction.append(bytes("one").span.bytes)
      return try ["a", "b", "a", ""].map { try transaction.intern(1, bytes($0).span.bytes) }
    }
    #expect(numbers == [1, 2, 1, 3])
    let other = try log.write { transaction in
      try transaction.append(bytes("two").span.bytes)
      return try transaction.intern(2, bytes("b").span.bytes)
    }
    #expect(other == 1)
    try log.write { transaction in
      try transaction.append(bytes("three").span.bytes)
      try transaction.define(1, 4, bytes("d").span.bytes)
    }
    try log.read { transaction in
      #expect(try transaction.symbolCount(1) == 4)
      #expect(try transaction.symbolCount(2) == 1)
      #expect(try transaction.symbolCount(255) == 0)
      let second = try transaction.symbol(1, 2) { $0.array }
      #expect(second == bytes("b"))
      let ninth = try transaction.symbol(1, 9) { $0.array }
      #expect(ninth == nil)
      #expect(try transaction.number(of: bytes("d").span.bytes, namespace: 1) == 4)
      #expect(try transaction.number(of: bytes("d").span.bytes, namespace: 2) == nil)
    }
    #expect(try log.verify().ok)
  }

  @Test func namesOfEveryLengthAreFoundByNameAndPrefix() throws {
    let log = try Log.open(place.log)
    let lengths = Array(480...520) + [1000, 4000, 65_536]
    let names = lengths.flatMap { length in
      [UInt8(1), 2].map { last in [UInt8](repeating: 120, count: length - 1) + [last] }
    }
    try log.write { transaction in
      try transaction.append(bytes("all of them").span.bytes)
      for name in names { try transaction.intern(7, name.span.bytes) }
    }
    try log.read { transaction in
      for (index, name) in names.enumerated() {
        #expect(
          try transaction.number(of: name.span.bytes, namespace: 7) == UInt32(index + 1))
      }
      for length in [0, 1, 494, 495, 500, 509, 510, 600] {
        let prefix = [UInt8](repeating: 120, count: length)
        var found = 0
        try transaction.forEachSymbol(7, prefix: prefix) { _, _ in
          found += 1
          return true
        }
        #expect(found == names.count { $0.starts(with: prefix) })
      }
    }
    #expect(try log.verify().ok)
    let error = #expect(throws: StoreError.self) {
      try log.write { transaction in
        try transaction.intern(7, [UInt8](repeating: 1, count: 65_537).span.bytes)
      }
    }
    #expect(error?.code == .tooLarge)
  }

  @Test func manySymbolsKeepTheirNumbers() throws {
    let log = try Log.open(place.log)
    for batch in 0..<10 {
      try log.write { transaction in
        for number in 0..<1000 {
          let name = bytes("name \(number * 10 + batch)")
          let given = try transaction.intern(1, name.span.bytes)
          #expect(given == UInt32(batch * 1000 + number + 1))
        }
        try transaction.append(bytes("batch").span.bytes)
      }
    }
    log.close()
    let again = try Log.open(place.log)
    #expect(try again.verify().ok)
    let count = try again.read { try $0.symbolCount(1) }
    #expect(count == 10_000)
  }
}

struct EvidenceTests {
  let place = Place()

  @Test func redactionRemovesTheEvidenceAndKeepsTheChain() throws {
    let log = try Log.open(place.log)
    try log.write { transaction in
      try transaction.append(
        bytes("one").span.bytes, evidence: bytes("a secret that must go").span.bytes)
      try transaction.append(bytes("two").span.bytes)
    }
    try log.read { transaction in
      #expect(try transaction.evidence(1) == .bytes(bytes("a secret that must go")))
      #expect(try transaction.evidence(2) == .none)
      #expect(try transaction.evidence(3) == .none)
      let record = try transaction.record(1) { $0.array }
      #expect(record == bytes("one"))
    }
    let redacted = try log.write { transaction in
      (try transaction.redact(1), try transaction.redact(1), try transaction.redact(2))
    }
    #expect(redacted == (true, false, false))
    let after = try log.read { try $0.evidence(1) }
    #expect(after == .redacted)
    let check = try log.verify()
    #expect(check.ok && check.redacted == 1 && check.events == 2 && check.seals == 1)
    #expect(try log.overwriteRemoved())
    try log.copy(to: place.path + "/copy", compact: true)
    let data = try #require(try? Data(contentsOf: URL(fileURLWithPath: copied)))
    #expect(data.range(of: Data("a secret".utf8)) == nil)
  }

  private var copied: String { place.path + "/copy/data.mdb" }
}

struct ReplyTests {
  let place = Place()

  @Test func oldRepliesGoAndYoungOnesStay() throws {
    let log = try Log.open(place.log)
    let digests = (UInt8(0)..<20).map { [UInt8](repeating: $0, count: 16) }
    try log.write { transaction in
      for (age, digest) in digests.enumerated() {
        try transaction.putReply(digest, age: UInt64(age), bytes("reply \(age)"))
      }
      try transaction.putReply(digests[0], age: 100, bytes("again"))
    }
    let dropped = try log.write { try $0.dropReplies(olderThan: 10) }
    #expect(dropped == 9)
    try log.read { transaction throws in
      #expect(try transaction.reply(digests[0]) == bytes("again"))
      #expect(try transaction.reply(digests[5]) == nil)
      #expect(try transaction.reply(digests[10]) == bytes("reply 10"))
    }
    #expect(try log.verify().ok)
  }
}

struct CheckpointTests {
  let place = Place()

  @Test func rowsComeBackByTableInOrder() throws {
    let log = try Log.open(place.log)
    try log.write { transaction in
      for row in [UInt32(300), 2, 70_000] {
        for table in UInt8(0)...2 {
          try transaction.putCheckpointRow(table: table, row: row, bytes("\(table) \(row)"))
        }
      }
      try transaction.putCheckpointRow(table: 1, row: 2, bytes("new"))
      try transaction.putCheckpointHeader(bytes("header"))
    }
    try log.read { transaction in
      var rows: [String] = []
      try transaction.forEachCheckpointRow(table: 1) { row, span in
        rows.append("\(row): \(String(decoding: span.array, as: UTF8.self))")
      }
      #expect(rows == ["2: new", "300: 1 300", "70000: 1 70000"])
      #expect(try transaction.checkpointHeader == bytes("header"))
      #expect(try transaction.checkpointRows == 9)
    }
    var zero = 0
    try log.read { try $0.forEachCheckpointRow(table: 0) { _, _ in zero += 1 } }
    #expect(zero == 3)
    #expect(try log.verify().ok)
    try log.write { try $0.clearCheckpoint() }
    let header = try log.read { try $0.checkpointHeader }
    #expect(header == nil)
    #expect(try log.verify().ok)
  }
}
