import CLMDB
import CXXHash
import Glibc

/// The walk behind `forEachRecord`.
///
/// In a read transaction pages are mapped and stay as they are, so the walk asks LMDB for one key
/// of each leaf page and reads the page's other nodes itself: that halves the time of a replay.
/// A write transaction may hold a page in memory of its own, so there LMDB takes every step.
///
/// A class, and never inlined: the optimiser of 6.3.1 fails an assertion when it meets the
/// destruction of an internal noncopyable struct in inlinable code.
@usableFromInline @safe final class RecordCursor {
  private var cursor: Cursor
  private let mayMap: Bool

  /// How far the walk has come. It lives on the caller's stack, where access needs no checks.
  @usableFromInline @safe struct Position {
    /// The sequence of the record that `next` gave last.
    @usableFromInline var sequence: UInt64
    fileprivate let end: UInt64
    fileprivate var leaf: MappedLeaf?
  }
  @usableFromInline let start: Position

  @usableFromInline @inline(never)
  init(_ snapshot: Snapshot, from first: UInt64, through last: UInt64) throws {
    let end = min(last, try snapshot.lastSequence())
    let cursor = try snapshot.cursor(.events)
    let statistics = unsafe try LMDB.statistics(snapshot.transaction, .events)
    mayMap =
      snapshot.isReadOnly && statistics.ms_psize == MappedLeaf.pageSize
      && sysconf(Int32(_SC_PAGESIZE)) == MappedLeaf.pageSize
    self.cursor = cursor
    let base = first > end ? 0 : try snapshot.chainStart().position
    start = Position(sequence: max(max(first, 1) - 1, base), end: end)
  }

  /// The next record, or `nil` at the end of the range.
  @usableFromInline @inline(never)
  func next(_ position: inout Position) throws(StoreError) -> Bytes? {
    guard position.sequence < position.end else { return nil }
    position.sequence += 1
    let value: Bytes
    if let found = unsafe position.leaf?.next(position.sequence) {
      unsafe value = unsafe found
    } else {
      unsafe value = unsafe try seek(&position)
    }
    let start = unsafe try Frame.recordStart(value, position.sequence)
    return unsafe value.from(start)
  }

  /// Moves the cursor to the current sequence, and takes its page if that can be read directly.
  private func seek(_ position: inout Position) throws(StoreError) -> Bytes {
    let sequence = position.sequence
    var key = sequence.bigEndian
    let isThere = try unsafe withUnsafeBytes(of: &key) { (key) throws(StoreError) in
      try unsafe cursor.seek(key)
    }
    guard isThere, unsafe cursor.key.count == 8,
      unsafe cursor.key.bigEndian(UInt64.self) == sequence
    else { throw .corrupt("The event is missing. Run verify.", .events, sequence) }
    position.leaf = mayMap ? unsafe MappedLeaf(key: cursor.key) : nil
    return unsafe cursor.value
  }
}

/// The rest of a mapped leaf page, whose layout is told at `PageNodes`.
@safe struct MappedLeaf {
  static let pageSize = 4096

  private let page: Bytes
  private let count: Int
  private var index: Int

  /// The page in which a key lies, positioned behind that key; `nil` if it looks odd.
  init?(key: Bytes) {
    let address = UInt(bitPattern: key.baseAddress)
    let offset = Int(address & UInt(Self.pageSize - 1)) - PageNodes.nodeSize
    guard let start = unsafe UnsafeRawPointer(bitPattern: address & ~UInt(Self.pageSize - 1))
    else { return nil }
    unsafe page = unsafe Bytes(start: start, count: Self.pageSize)
    let lower = Int(unsafe page.littleEndian(UInt16.self, at: 12))
    guard unsafe page.littleEndian(UInt16.self, at: 10) == PageNodes.leaf,
      lower >= PageNodes.headerSize, lower <= Self.pageSize
    else { return nil }
    count = (lower - PageNodes.headerSize) / 2
    index = 0
    while index < count, self.offset(index) != offset { index += 1 }
    index += 1
  }

  /// The value of the next node, or `nil` at the end of the page or if it lies elsewhere.
  @inline(__always)
  mutating func next(_ sequence: UInt64) -> Bytes? {
    guard index < count else { return nil }
    var offset = offset(index)
    index += 1
    prefetch()
    guard offset + PageNodes.nodeSize <= Self.pageSize else { return nil }
    var node = unsafe page.littleEndian(UInt64.self, at: offset)
    if node >> 48 == UInt64(LogFormat.sealKeySize) {
      // The seal behind the commit that the last record ended.
      guard index < count else { return nil }
      offset = self.offset(index)
      index += 1
      guard offset + PageNodes.nodeSize <= Self.pageSize else { return nil }
      node = unsafe page.littleEndian(UInt64.self, at: offset)
    }
    let start = offset + PageNodes.nodeSize + 8
    guard start <= Self.pageSize else { return nil }
    // No flags, which would say that the value lies on other pages, and a key of 8 bytes.
    guard node >> 32 == 8 << 16 else { return nil }
    let size = Int(node & 0xFFFF_FFFF)
    guard start + size <= Self.pageSize,
      unsafe page.bigEndian(UInt64.self, at: offset + PageNodes.nodeSize) == sequence
    else { return nil }
    return unsafe Bytes(rebasing: page[start..<(start + size)])
  }

  /// A replay waits for memory more than for anything else, so what it reads a few records on is
  /// asked for now: the two cache lines of a usual record.
  @inline(__always)
  private func prefetch() {
    let ahead = index + 6
    guard ahead < count, let start = unsafe page.baseAddress else { return }
    let node = unsafe start + offset(ahead)
    unsafe wakelog_prefetch(node)
    unsafe wakelog_prefetch(node + 64)
  }

  @inline(__always)
  private func offset(_ index: Int) -> Int {
    Int(unsafe page.littleEndian(UInt16.self, at: PageNodes.headerSize + 2 * index))
  }
}
