// Pages without a changed row leave memory in three steps, so that nobody waits for the disk: they
// are written to a file, the file is flushed, and those are let go that are in it as they are.

extension Table {
  /// Has the rows lie, now or once they are many, in memory whose pages can leave.
  mutating func lie(in source: any RowMemorySource) {
    self.source = source
    guard room.memory == nil else { return }
    let other = RowRoom<Row>(capacity: room.capacity, source)
    if other.memory != nil { move(to: other) }
  }

  /// How many pages left and were not found changed since.
  var pagesGone: Int { ages.goneCount }

  /// The pages that hold rows and nothing else.
  private func wholePages(_ memory: any RowMemory) -> Int {
    length * MemoryLayout<Row>.stride / memory.pageBytes
  }

  /// Looks which pages changed since the last look; the others are a look older.
  mutating func look() {
    guard let memory = room.memory else { return }
    takeChanges()
    ages.look(atPages: wholePages(memory))
  }

  /// Writes the pages that more looks than some found unchanged, of the first block with any that
  /// is not before another.
  mutating func writeCold(_ number: UInt8, from first: Int, after looks: UInt8) -> ColdWrite {
    guard let memory = room.memory, isKnownUniquelyReferenced(&room) else { return .nothing }
    takeChanges()
    let count = wholePages(memory)
    for block in first..<max(first, ages.blocks) {
      let pages = ages.cold(inBlock: block, ofPages: count, after: looks)
      guard pages != 0 else { continue }
      guard memory.write(pages, ofBlock: block) else { return .refused }
      ages.write(pages, ofBlock: block)
      return .written(table: number, block: block)
    }
    return .nothing
  }

  /// Lets the pages of a block go that were written and are in the file as they are.
  mutating func releaseWritten(block: Int) {
    let pages = ages.takeWritten(ofBlock: block)
    guard pages != 0, let memory = room.memory, isKnownUniquelyReferenced(&room) else { return }
    ages.leave(memory.release(pages, ofBlock: block), ofBlock: block)
  }

  /// Takes the marks of changed rows for a look, and keeps them for the next checkpoint.
  private mutating func takeChanges() {
    noteChanges()
    let missing = dirty.count - dirtyBefore.count
    if missing > 0 { dirtyBefore += repeatElement(0, count: missing) }
    for word in dirty.indices where dirty[word] != 0 {
      dirtyBefore[word] |= dirty[word]
      dirty[word] = 0
    }
  }

  /// Makes the pages of changed rows young.
  mutating func noteChanges() {
    guard !ages.isEmpty else { return }
    for word in dirty.indices {
      var bits = dirty[word]
      while bits != 0 {
        let row = word << 6 + bits.trailingZeroBitCount
        note(row...row)
        bits &= bits - 1
      }
    }
  }

  /// Makes the pages of some rows young.
  mutating func note(_ rows: ClosedRange<Int>) {
    guard !ages.isEmpty, let memory = room.memory else { return }
    let stride = MemoryLayout<Row>.stride
    let last = (rows.upperBound + 1) * stride - 1
    ages.change(rows.lowerBound * stride / memory.pageBytes...last / memory.pageBytes)
  }
}
