/// A row of the state: bits alone, with a zero value.
public protocol StateRow: Hashable, Sendable, BitwiseCopyable {
  /// The row of something never seen.
  init()
}

/// Rows by number, counted from 1; row 0 stands for none and is never written.
///
/// While a journal is kept, the first change of a row saves what it was, so that a command whose
/// events could not be made durable can be taken back. Changed rows are marked, so that a
/// checkpoint writes those alone.
public struct Table<Row: StateRow>: Sendable {
  /// Numbers above the count by more than this are taken for damage, not for a new row.
  static var largestGap: Int { 1 << 24 }

  /// The rows at their numbers. Row 0 stays zero: whoever asks for a row that is not there reads
  /// that one, and no row is copied to read a field of it.
  @usableFromInline private(set) var rows: [Row] = [Row()]
  private var journal: [(index: Int, row: Row)] = []
  private var countBefore = 0
  private(set) var isJournaling = false
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
    if isJournaling, index < countBefore { journal.append((index, rows[index])) }
    dirty[index >> 6] |= 1 << UInt64(index & 63)
    change(&rows[index])
  }

  private mutating func grow(to count: Int) {
    while rows.count < count { rows.append(Row()) }
    let words = (count + 63) >> 6
    while dirty.count < words { dirty.append(0) }
  }

  /// Begins to remember changes.
  mutating func beginJournal() {
    journal.removeAll(keepingCapacity: true)
    countBefore = rows.count
    isJournaling = true
  }

  /// Forgets what was remembered, keeping the changes.
  mutating func keepChanges() {
    isJournaling = false
    journal.removeAll(keepingCapacity: true)
  }

  /// Takes every change back.
  mutating func undoChanges() {
    guard isJournaling else { return }
    for (index, row) in journal.reversed() { rows[index] = row }
    if rows.count > countBefore { rows.removeLast(rows.count - countBefore) }
    keepChanges()
  }

  /// Makes room for that many rows, so that none is moved on the way.
  public mutating func reserve(_ count: Int) { rows.reserveCapacity(count + 1) }

  /// Hands over every row changed since the last call of `markClean`, in order.
  public func forEachDirty(_ body: (UInt32, Row) throws -> Void) rethrows {
    for (word, bits) in dirty.enumerated() where bits != 0 {
      for bit in 0..<64 where bits & (1 << UInt64(bit)) != 0 {
        let index = word << 6 + bit
        if index < rows.count { try body(UInt32(index), rows[index]) }
      }
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

  /// Puts a row as a checkpoint gave it.
  public mutating func restore(_ number: UInt32, _ row: Row) {
    let index = Int(number)
    guard index > 0, index < rows.count + Self.largestGap else { return }
    if index >= rows.count { grow(to: index + 1) }
    rows[index] = row
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
  private var firstFreeBefore: UInt32 = 0

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
    firstFreeBefore = firstFree
  }

  mutating func keepChanges() { slots.keepChanges() }

  mutating func undoChanges() {
    guard slots.isJournaling else { return }
    slots.undoChanges()
    firstFree = firstFreeBefore
  }
}
