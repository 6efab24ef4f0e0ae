import Testing
import WakelogModel
import WakelogStore
import WakelogTesting

@testable import Wakelog

/// The state where a trimmed log begins cannot be built anew, so later releases must read it.
@Suite struct BaseStateTests {
  /// A state with something in most tables.
  private func state(_ seed: UInt64) -> State {
    var history = History(seed: seed)
    for _ in 0..<600 { _ = history.step() }
    return history.state
  }

  private func pieces(_ state: inout State) throws -> (pieces: [[UInt8]], digest: [UInt8]) {
    var pieces: [[UInt8]] = []
    let digest = try BaseState.write(&state) { _, bytes in pieces.append(bytes) }
    return (pieces, digest)
  }

  private func read(_ pieces: [[UInt8]], _ digest: [UInt8]) throws -> State {
    try BaseState.read(digest: digest) { body in
      for (number, piece) in pieces.enumerated() {
        try body(UInt32(number), unsafe piece.span.bytes)
      }
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `what was written is read, row by row`(seed: UInt64) throws {
    var before = state(seed)
    let (pieces, digest) = try pieces(&before)
    var after = try read(pieces, digest)
    #expect(StateHash.of(&after) == StateHash.of(&before))
    #expect(after.firstDifference(from: before) == nil)
  }

  @Test func `a piece that is changed, lost or exchanged is an error`() throws {
    var before = state(4)
    let (pieces, digest) = try pieces(&before)
    for number in pieces.indices {
      for place in stride(from: 0, to: pieces[number].count, by: max(1, pieces[number].count / 40))
      {
        var damaged = pieces
        damaged[number][place] ^= 4
        #expect(throws: (any Error).self) { try read(damaged, digest) }
      }
      var fewer = pieces
      fewer.remove(at: number)
      #expect(throws: (any Error).self) { try read(fewer, digest) }
    }
  }

  @Test func `fields are found by their names in rows of another release`() throws {
    let present = RowSchema(AgentRow.self)
    var row = AgentRow()
    row.sessions = 7
    row.lastErrorAt = 99
    row.lastRunOutcome = .failed
    row.isPaused = true
    // Another release: fields in another order, one unknown to us, one of ours missing.
    let order = present.fields.filter { $0.name != "openRuns" }.reversed()
    var old: [UInt8] = [1, 2, 3]
    var fields: [RowSchema.Field] = []
    let bytes = rowBytes(row)
    for var field in order {
      let value = Array(bytes[field.offset..<field.offset + field.size])
      field.offset = old.count
      fields.append(field)
      old += value
    }
    let names = fields.map { field -> JSONValue in
      [
        "name": .string(field.name), "offset": .integer(Int64(field.offset)),
        "size": .integer(Int64(field.size)), "empty": .hexadecimal(field.empty),
      ]
    }
    let kept = try #require(
      RowSchema(json: ["size": .integer(Int64(old.count)), "fields": .array(names)]))
    let conversion = RowConversion(kept, present)
    let read = old.withUnsafeBytes { conversion.row(AgentRow.self, $0) }
    #expect(read == row)
  }

  @Test func `a code that is nil stays nil when there are more of them`() throws {
    var kept = RowSchema(AgentRow.self)
    // In the other release the kind of error had fewer cases, so its nil was a smaller number.
    let index = try #require(kept.fields.firstIndex { $0.name == "lastErrorKind" })
    kept.fields[index].empty = [5]
    var bytes = rowBytes(AgentRow())
    bytes[kept.fields[index].offset] = 5
    let conversion = RowConversion(kept, RowSchema(AgentRow.self))
    let read = bytes.withUnsafeBytes { conversion.row(AgentRow.self, $0) }
    #expect(read == AgentRow() && read.lastErrorKind == nil)
  }
}
