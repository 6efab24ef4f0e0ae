/// A set of page numbers up to a limit.
struct PageSet {
  let last: UInt64
  private var words: [UInt64]

  init(last: UInt64) {
    self.last = last
    words = [UInt64](repeating: 0, count: Int(last / 64) + 1)
  }

  /// Adds a page within the limit; `false` if it was there.
  mutating func insert(_ number: UInt64) -> Bool {
    let bit: UInt64 = 1 << (number & 63)
    let word = Int(number >> 6)
    guard words[word] & bit == 0 else { return false }
    words[word] |= bit
    return true
  }
}

extension PageCheck {
  /// Records that a page has an owner; it may have one only.
  func own(_ number: UInt64) throws(StoreError) {
    guard number >= 2, number <= owned.last else { throw .page(number, "it is outside the file") }
    guard owned.insert(number) else { throw .page(number, "it is used twice") }
  }

  /// Records a run of overflow pages that holds `size` bytes, and returns its length.
  ///
  /// LMDB keeps a run when its value is replaced by a shorter one in the same transaction, so the
  /// run may be longer than the value needs.
  func ownRun(_ start: UInt64, _ size: Int) throws(StoreError) -> UInt64 {
    try own(start)
    let page = unsafe try reader.page(start, ahead: start)
    let needed = UInt64((PageNodes.headerSize - 1 + size) / reader.pageSize + 1)
    let count = UInt64(unsafe page.littleEndian(UInt32.self, at: 12))
    guard unsafe page.littleEndian(UInt64.self, at: 0) == start,
      unsafe page.littleEndian(UInt16.self, at: 10) == PageNodes.overflow, count >= needed
    else { throw .page(start, "it does not start the overflow run that it should") }
    guard count <= owned.last, start <= owned.last - (count - 1) else {
      throw .page(start, "its overflow run leaves the file")
    }
    for number in (start + 1)..<(start + count) { try own(number) }
    _ = unsafe try reader.page(start + needed - 1, ahead: start + needed - 1)
    if let onUnused {
      let used = PageNodes.headerSize + size
      for number in needed - 1..<count {
        let begin = max(used - Int(number) * reader.pageSize, 0)
        try onUnused(start + number, begin..<reader.pageSize)
      }
    }
    return count
  }

  /// Records the pages of a free list: a count, then the pages, descending.
  func own(freePages list: Bytes) throws(StoreError) {
    guard list.count >= 8, list.count % 8 == 0 else {
      throw .page(header.free.root, "a free list is cut short")
    }
    let count = unsafe list.littleEndian(UInt64.self, at: 0)
    guard count <= UInt64(list.count / 8 - 1) else {
      throw .page(header.free.root, "a free list is longer than its row")
    }
    var previous = UInt64.max
    for index in 0..<Int(count) {
      let number = unsafe list.littleEndian(UInt64.self, at: 8 + 8 * index)
      guard number < previous else { throw .page(number, "its free list is out of order") }
      previous = number
      try own(number)
    }
  }

  /// A free list on overflow pages, whose run has been recorded already.
  func ownLongList(_ start: UInt64, _ size: Int) throws(StoreError) {
    var list: [UInt8] = []
    list.reserveCapacity(size)
    var number = start
    var skip = PageNodes.headerSize
    while list.count < size {
      let page = unsafe try reader.page(number, ahead: number + 63)
      let end = min(page.count, skip + size - list.count)
      unsafe list.append(contentsOf: Bytes(rebasing: page[skip..<end]))
      skip = 0
      number += 1
    }
    try unsafe list.withBytes { (list) throws(StoreError) in unsafe try own(freePages: list) }
  }
}
