internal import CWakelogSystem
internal import Glibc

/// Memory of the process's own whose pages can leave for a file.
///
/// It begins as any memory does. When pages of a block of 64 leave for the first time, the block
/// becomes a private mapping of its slot in the file: a page that is in memory was changed since,
/// and one that is not is read back by the system when somebody looks at it. So nothing is asked
/// of those who read and write, and a page leaves again by being written to the file and dropped.
///
/// A page is let go only when the file was found to hold the same bytes. What the disk does to them
/// later it does to the log too, and like LMDB's map this one ends the process by a bus error when
/// the disk cannot be read.
///
/// Not for two threads at once. What a fork copies is the child's own but for the file, which the
/// child does not touch.
@safe package final class PagedMemory {
  /// Where it begins, until it grows.
  package private(set) var start: UnsafeMutableRawPointer
  /// How large it is: whole blocks.
  package private(set) var byteCount: Int
  private let file: ScratchFile
  private var blocks: [Block]
  /// How many stretches of blocks are mapped: each takes one of the 65,530 mappings that the system
  /// lets a process have.
  private var stretches = 0
  private let process = getpid()

  private struct Block {
    /// Its slot, once it has one.
    var slot: Int?
    /// Whether it is a mapping of the slot.
    var isMapped = false
  }

  private static let mostStretches = 1_024

  /// Memory of at least that many bytes, which are zero; nil where there is no room.
  package init?(byteCount: Int, file: ScratchFile) {
    let bytes = Self.whole(byteCount, file)
    guard let start = unsafe Self.reserve(bytes) else { return nil }
    unsafe self.start = start
    self.byteCount = bytes
    self.file = file
    blocks = Array(repeating: Block(), count: bytes / file.blockBytes)
  }

  deinit {
    unsafe munmap(start, byteCount)
    if getpid() == process { file.giveBack(blocks.compactMap(\.slot)) }
  }

  /// How large a page is.
  package var pageBytes: Int { file.pageBytes }

  private static func whole(_ bytes: Int, _ file: ScratchFile) -> Int {
    (max(bytes, 1) + file.blockBytes - 1) / file.blockBytes * file.blockBytes
  }

  private static func reserve(
    _ bytes: Int, at place: UnsafeMutableRawPointer? = nil
  ) -> UnsafeMutableRawPointer? {
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | (unsafe place == nil ? 0 : MAP_FIXED)
    let memory = unsafe mmap(place, bytes, PROT_READ | PROT_WRITE, flags, -1, 0)
    return unsafe memory == MAP_FAILED ? nil : memory
  }

  private func bytes(_ block: Int) -> UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(
      start: start + block * file.blockBytes, count: file.blockBytes)
  }
}

// MARK: Growing

extension PagedMemory {
  /// Makes it larger, perhaps at another place; false, and nothing has changed, without room. No
  /// page is copied or read back.
  package func grow(to byteCount: Int) -> Bool {
    let bytes = Self.whole(byteCount, file)
    guard bytes > self.byteCount else { return true }
    if stretches == 0 {
      let moved = unsafe wakelog_memory_move(start, self.byteCount, bytes, nil)
      guard let moved = unsafe moved else { return false }
      unsafe start = moved
    } else {
      guard let place = unsafe Self.reserve(bytes) else { return false }
      for block in blocks.indices { unsafe move(block, to: place + block * file.blockBytes) }
      unsafe munmap(start, self.byteCount)
      unsafe start = place
      countStretches()
    }
    let added = (bytes - self.byteCount) / file.blockBytes
    blocks += repeatElement(Block(), count: added)
    self.byteCount = bytes
    return true
  }

  /// Moves a block by itself: the system does not move several mappings at once.
  private func move(_ block: Int, to place: UnsafeMutableRawPointer) {
    let bytes = unsafe bytes(block)
    if unsafe wakelog_memory_move(bytes.baseAddress!, bytes.count, bytes.count, place) != nil {
      return
    }
    unsafe putBack(UnsafeRawBufferPointer(bytes), at: place)
    blocks[block].isMapped = false
  }

  /// Makes a place memory again and copies bytes there, after a call failed that may have taken away
  /// what was there.
  private func putBack(_ bytes: UnsafeRawBufferPointer, at place: UnsafeMutableRawPointer) {
    let memory = unsafe Self.reserve(bytes.count, at: place)
    unsafe precondition(memory != nil, "the system took memory back and has no other")
    unsafe place.copyMemory(from: bytes.baseAddress!, byteCount: bytes.count)
  }

  private func countStretches() {
    stretches = blocks.indices.count { blocks[$0].isMapped && !isMapped($0 - 1) }
  }

  private func isMapped(_ block: Int) -> Bool {
    blocks.indices.contains(block) && blocks[block].isMapped
  }
}

// MARK: Leaving

extension PagedMemory {
  /// Writes pages of a block to its slot; false where that cannot be done.
  ///
  /// The first time all pages are written, because a mapping must have no holes: in a file system
  /// in memory, one that is full fills them with a bus error.
  package func write(_ pages: UInt64, ofBlock block: Int) -> Bool {
    do throws(StoreError) {
      if blocks[block].slot == nil { blocks[block].slot = try file.takeSlot() }
      guard let slot = blocks[block].slot else { return false }
      for range in Self.ranges(blocks[block].isMapped ? pages : .max) {
        let bytes = unsafe bytes(range, of: block)
        unsafe try file.write(bytes, slot: slot, at: range.lowerBound * pageBytes)
      }
      return true
    } catch {
      return false
    }
  }

  /// Lets those pages of a block go that are in the file as they are in memory; gives which went.
  package func release(_ pages: UInt64, ofBlock block: Int) -> UInt64 {
    guard let slot = blocks[block].slot else { return 0 }
    let scratch = UnsafeMutableRawBufferPointer.allocate(
      byteCount: file.blockBytes, alignment: pageBytes)
    defer { unsafe scratch.deallocate() }
    let same = unsafe pages & pagesInFile(pages, of: block, slot, scratch)
    guard same != 0 else { return 0 }
    guard blocks[block].isMapped else {
      return unsafe map(block, slot, without: same, scratch) ? same : 0
    }
    var gone: UInt64 = 0
    for range in Self.ranges(same) {
      let bytes = unsafe bytes(range, of: block)
      let start = unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress)
      guard unsafe madvise(start, bytes.count, MADV_DONTNEED) == 0 else { continue }
      gone |= Self.mask(range)
    }
    return gone
  }

  /// Makes a block a mapping of its slot, and puts back what is not to leave.
  private func map(
    _ block: Int, _ slot: Int, without leaving: UInt64, _ scratch: UnsafeMutableRawBufferPointer
  ) -> Bool {
    let isAlone = !isMapped(block - 1) && !isMapped(block + 1)
    guard !isAlone || stretches < Self.mostStretches else { return false }
    let bytes = unsafe bytes(block)
    unsafe scratch.copyMemory(from: UnsafeRawBufferPointer(bytes))
    guard unsafe file.map(slot: slot, at: bytes.baseAddress!) else {
      unsafe putBack(UnsafeRawBufferPointer(scratch), at: bytes.baseAddress!)
      return false
    }
    blocks[block].isMapped = true
    for range in Self.ranges(~leaving) {
      let place = range.lowerBound * pageBytes..<range.upperBound * pageBytes
      unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[place])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: scratch[place]))
    }
    countStretches()
    return true
  }

  /// The pages whose bytes the file has.
  private func pagesInFile(
    _ pages: UInt64, of block: Int, _ slot: Int, _ scratch: UnsafeMutableRawBufferPointer
  ) -> UInt64 {
    var same: UInt64 = 0
    for range in Self.ranges(pages) {
      let place = range.lowerBound * pageBytes..<range.upperBound * pageBytes
      let copy = unsafe UnsafeMutableRawBufferPointer(rebasing: scratch[place])
      guard unsafe file.read(copy, slot: slot, at: place.lowerBound) else { continue }
      for page in range {
        let memory = unsafe bytes(page..<page + 1, of: block).baseAddress!
        let kept = unsafe scratch.baseAddress! + page * pageBytes
        if unsafe memcmp(memory, kept, pageBytes) == 0 { same |= 1 << UInt64(page) }
      }
    }
    return same
  }

  private func bytes(_ pages: Range<Int>, of block: Int) -> UnsafeRawBufferPointer {
    let place = pages.lowerBound * pageBytes..<pages.upperBound * pageBytes
    return unsafe UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes(block))[place])
  }

  /// The stretches of a word's bits, in order.
  package static func ranges(_ bits: UInt64) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var first = 0
    while first < 64 {
      let rest = bits >> UInt64(first)
      guard rest != 0 else { break }
      let start = first + rest.trailingZeroBitCount
      let end = start + (~(bits >> UInt64(start))).trailingZeroBitCount
      // Zeros come in from above, so that a stretch never ends behind the word.
      found.append(start..<min(end, 64))
      first = min(end, 64)
    }
    return found
  }

  private static func mask(_ range: Range<Int>) -> UInt64 {
    let ones = range.count == 64 ? .max : (1 as UInt64) << UInt64(range.count) - 1
    return ones << UInt64(range.lowerBound)
  }
}
