import Testing
import WakelogModel

@testable import Wakelog

/// Paging through one long key walked back through all of it for each page.
@Suite struct StreamPositionsTests {
  private static let count: UInt64 = 50_000
  private static let page = 100

  /// A stream of every third event; how many rows were looked at.
  private final class Rows {
    var read = 0

    func previous(_ position: SequenceNumber) -> SequenceNumber? {
      read += 1
      return SequenceNumber(position.value <= 3 ? 0 : position.value - 3)
    }
  }

  private func pages(
    _ positions: inout StreamPositions, _ rows: Rows, from first: UInt64, head: UInt64
  ) -> [UInt64] {
    var found: [UInt64] = []
    var next = first
    while next <= head {
      let stream = positions.stream(
        of: SessionSymbol(1), head: SequenceNumber(head), downTo: next, rows.previous)
      let page = stream.positions(next...head, atMost: Self.page).map(\.value)
      guard let last = page.last else { break }
      found += page
      next = last + 1
    }
    return found
  }

  @Test func `paging a long key reads each row once, and some more for each page`() {
    let rows = Rows()
    var positions = StreamPositions()
    let head = Self.count * 3
    let found = pages(&positions, rows, from: 1, head: head)
    #expect(found == (1...Self.count).map { $0 * 3 })
    let pageCount = Int(Self.count) / Self.page + 1
    #expect(rows.read <= Int(Self.count) + 300 * pageCount)
  }

  @Test func `the end of a key costs what it returns, and what came since is added`() {
    let rows = Rows()
    var positions = StreamPositions()
    let head = Self.count * 3
    #expect(pages(&positions, rows, from: head - 29, head: head).count == 10)
    #expect(rows.read <= 40)
    _ = pages(&positions, rows, from: 1, head: head)
    rows.read = 0
    #expect(pages(&positions, rows, from: head + 1, head: head + 30).count == 10)
    #expect(rows.read <= 40)
    // From the middle: what is known is not walked again.
    rows.read = 0
    let middle = head / 2
    let stream = positions.stream(
      of: SessionSymbol(1), head: SequenceNumber(head + 30), downTo: middle, rows.previous)
    #expect(stream.positions(middle...head, atMost: 1) == [SequenceNumber(middle)])
    #expect(rows.read <= 300)
  }
}
