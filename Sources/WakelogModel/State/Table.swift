/// A row of the state: bits alone, with a zero value.
public protocol StateRow: Hashable, Sendable, BitwiseCopyable {
  /// The row of something never seen.
  init()
}

/// Rows by number, counted from 1; row 0 stands for none and is never written.
///
/// While a journal is kept, each change saves what the row was, so that commands whose events could
/// not be made durable can be taken back. Marks part the journal into batches: the oldest is
/// forgotten when it is durable, and whatever is left can be taken back. Changed rows are marked
/// too, so that a checkpoint writes those alone.
public struct Table<Row: StateRow>: Sendable {
  /// Numbers above the count by more than this are taken for damage, not for a new row.
  static var largestGap: Int { 1 << 24 }

  /// The rows at their numbers. Row 0 stays zero: whoever asks for a row that is not there reads
  /// that one, and no row is copied to read a field of it.
  @usableFromInline private(set) var rows: [Row] = [Row()]
  private var journal: [(index: Int, row: Row)] = []
  /// Where the journal's batches begin, and how many rows there were then.
  private var marks: [(entry: Int, rows: Int)] = []
  /// How many rows there were at the last mark: later ones need no saving, they are cut off.
  private var savedCount = 0
  private var dirty: [UInt64] = []

  /// An empty table.
  public init() {}

  /// How many rows there are.
  public var count: Int { rows.count - 1 }

  /// The row of a number; a zero row where there is none.
  ///
  /// Inlined everywhere, like what reads through it: else whoever reads a row of a state that an
  /// object holds would copy the table's or the state's references first.
  @inlinable @inline(__always)
  public subscript(number: UInt32) -> Row {
    rows[Int(number) < rows.count ? Int(number) : 0]
  }

  /// Changes the row of a number in place, making it if need be.
  ///
  /// Does nothing for number 0, nor for one so large that only damage explains it.
  @inline(__always)
  mutating func update(_ number: UInt32, _ change: (inout Row) -> Void) {
    let index = Int(number)
    if index >= rows.count {
      guard index < rows.count + Self.largestGap else { return }
      grow(to: index + 1)
    }
    guard index > 0 else { return }
    if index < savedCount { journal.append((index, rows[index])) }
    dirty[index >> 6] |= 1 << UInt64(index & 63)
    change(&rows[index])
  }

  private mutating func grow(to count: Int) {
    while rows.count < count { rows.append(Row()) }
    let words = (count + 63) >> 6
    while dirty.count < words { dirty.append(0) }
  }

  /// Begins a batch of changes, which are remembered behind those of the batches before.
  mutating func beginJournal() {
    marks.append((journal.count, rows.count))
    savedCount = rows.count
  }

  /// Forgets the oldest batch, keeping its changes. Allocates nothing, like the other steps once
  /// the journal has had its usual size.
  mutating func keepOldest() {
    guard marks.count > 1 else { return keepChanges() }
    let kept = marks[1].entry
    journal.removeFirst(kept)
    marks.removeFirst()
    for index in marks.indices { marks[index].entry -= kept }
  }

  /// Forgets what was remembered, keeping the changes.
  mutating func keepChanges() {
    journal.removeAll(keepingCapacity: true)
    marks.removeAll(keepingCapacity: true)
    savedCount = 0
  }

  /// Takes every remembered change back.
  mutating func undoChanges() {
    guard let oldest = marks.first else { return }
    for (index, row) in journal.reversed() { rows[index] = row }
    if rows.count > oldest.rows { rows.removeLast(rows.count - oldest.rows) }
    keepChanges()
  }

  /// Makes room for that many rows, so that none is moved on the way.
  public mutating func reserve(_ count: Int) { rows.reserveCapacity(count + 1) }

  /// Whether a row of a range of numbers changed since the last call of `markClean`.
  private func isDirty(_ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    while index < range.upperBound {
      let bits = index >> 6 < dirty.count ? dirty[index >> 6] >> UInt64(index & 63) : 0
      let length = min(64 - index & 63, range.upperBound - index)
      if length == 64 ? bits != 0 : bits & (1 << UInt64(length) - 1) != 0 { return true }
      index += length
    }
    return false
  }

  /// How many pieces of so many rows the table has.
  public func pieces(ofRows count: Int) -> Int { (self.count + count - 1) / count }

  /// Hands over the rows in pieces of so many, as they lie in memory: the number of a piece, from
  /// 0, and its bytes, `MemoryLayout.stride` for each row. Those alone, if asked, that hold a row
  /// changed since the last call of `markClean`.
  public func forEachPiece(
    ofRows count: Int, onlyDirty: Bool, _ body: (UInt32, [UInt8]) throws -> Void
  ) rethrows {
    for piece in 0..<pieces(ofRows: count) {
      let first = piece * count + 1
      let range = first..<min(first + count, rows.count)
      guard !onlyDirty || isDirty(range) else { continue }
      let bytes = unsafe rows[range].withUnsafeBytes { unsafe [UInt8]($0) }
      try body(UInt32(piece), bytes)
    }
  }

  /// Says that no checkpoint holds any row as it is.
  public mutating func markChanged() {
    for word in dirty.indices { dirty[word] = .max }
  }

  /// Says that a checkpoint holds every row as it is.
  public mutating func markClean() {
    for word in dirty.indices { dirty[word] = 0 }
  }

  /// Puts a row where it was, making those before it if need be. It counts as unchanged.
  public mutating func restore(_ number: UInt32, _ row: Row) {
    let index = Int(number)
    guard index > 0, index < rows.count + Self.largestGap else { return }
    if index >= rows.count { grow(to: index + 1) }
    rows[index] = row
  }

  /// Appends rows as a checkpoint holds them, `MemoryLayout.stride` bytes each; false, and nothing
  /// is appended, for bytes that are not whole rows. They count as unchanged.
  public mutating func restore(_ bytes: RawSpan) -> Bool {
    let (added, rest) = bytes.byteCount.quotientAndRemainder(dividingBy: MemoryLayout<Row>.stride)
    guard rest == 0 else { return false }
    let start = rows.count
    rows.append(contentsOf: repeatElement(Row(), count: added))
    unsafe bytes.withUnsafeBytes { bytes in
      unsafe rows.withUnsafeMutableBytes { rows in
        unsafe rows[(start * MemoryLayout<Row>.stride)...].copyBytes(from: bytes)
      }
    }
    let words = (rows.count + 63) >> 6
    if dirty.count < words {
      dirty.append(contentsOf: repeatElement(0, count: words - dirty.count))
    }
    return true
  }

  /// Hands over every row in order.
  public func forEach(_ body: (UInt32, Row) throws -> Void) rethrows {
    for index in rows.indices.dropFirst() { try body(UInt32(index), rows[index]) }
  }
}

/// Rows that come and go; freed numbers are used again, the last freed first.
public struct Arena<Row: StateRow>: Sendable {
  /// A row with the link that chains free ones.
  public struct Slot: StateRow {
    /// The row.
    public var row = Row()
    /// The next free slot's number, when this one is free.
    public var nextFree: UInt32 = 0
    /// Whether it is in use.
    public var isUsed = false

    /// A free slot.
    public init() {}
  }

  /// The slots.
  public var slots = Table<Slot>()
  /// The first free slot; 0 for none.
  public var firstFree: UInt32 = 0
  /// What `firstFree` was at each mark of the journal.
  private var marks: [UInt32] = []

  /// An empty arena.
  public init() {}

  /// The row of a number; a zero row where there is none.
  @inlinable @inline(__always)
  public subscript(number: UInt32) -> Row { slots[number].row }

  /// Puts a row in a free slot and gives the slot's number.
  mutating func insert(_ row: Row) -> UInt32 {
    let number = firstFree != 0 ? firstFree : UInt32(slots.count + 1)
    firstFree = slots[number].nextFree
    slots.update(number) { slot in
      slot.row = row
      slot.nextFree = 0
      slot.isUsed = true
    }
    return number
  }

  /// Changes a row in place.
  @inline(__always)
  mutating func update(_ number: UInt32, _ change: (inout Row) -> Void) {
    guard number != 0 else { return }
    slots.update(number) { change(&$0.row) }
  }

  /// Frees a slot; its row becomes zero.
  mutating func remove(_ number: UInt32) {
    guard number != 0, slots[number].isUsed else { return }
    let next = firstFree
    slots.update(number) { slot in
      slot.row = Row()
      slot.nextFree = next
      slot.isUsed = false
    }
    firstFree = number
  }

  /// Hands over every row in use, in order of the numbers.
  public func forEach(_ body: (UInt32, Row) throws -> Void) rethrows {
    try slots.forEach { number, slot in
      if slot.isUsed { try body(number, slot.row) }
    }
  }

  mutating func beginJournal() {
    slots.beginJournal()
    marks.append(firstFree)
  }

  mutating func keepOldest() {
    slots.keepOldest()
    if !marks.isEmpty { marks.removeFirst() }
  }

  mutating func keepChanges() {
    slots.keepChanges()
    marks.removeAll(keepingCapacity: true)
  }

  mutating func undoChanges() {
    slots.undoChanges()
    if let oldest = marks.first { firstFree = oldest }
    marks.removeAll(keepingCapacity: true)
  }
}
