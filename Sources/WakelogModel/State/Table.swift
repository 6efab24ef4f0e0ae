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
/// too, so that a checkpoint writes those alone, and so that pages without any can leave memory.
///
/// A value like an array: copies share their rows until one of them changes.
///
/// `@unchecked Sendable`: rows are changed only in a room that no other table refers to.
@safe public struct Table<Row: StateRow>: @unchecked Sendable {
  /// Numbers above the count by more than this are taken for damage, not for a new row.
  static var largestGap: Int { 1 << 24 }

  var room: RowRoom<Row>
  /// The room's start, at hand. Row 0 stays zero: whoever asks for a row that is not there reads
  /// that one, and no row is copied to read a field of it.
  @usableFromInline private(set) var rows: UnsafeMutablePointer<Row>
  /// How many rows there are, with row 0.
  @usableFromInline private(set) var length = 1
  var source: (any RowMemorySource)?
  private var journal: [(index: Int, row: Row)] = []
  /// Where the journal's batches begin, and how many rows there were then.
  private var marks: [(entry: Int, rows: Int)] = []
  /// How many rows there were at the last mark: later ones need no saving, they are cut off.
  private var savedCount = 0
  /// Rows changed since the last checkpoint, or the last look if that was later.
  var dirty: [UInt64] = []
  /// Rows changed between the last checkpoint and the last look.
  var dirtyBefore: [UInt64] = []
  var ages = PageAges()

  /// An empty table.
  public init() {
    room = RowRoom(capacity: 1)
    unsafe rows = room.start
    unsafe rows.initialize(to: Row())
  }

  /// How many rows there are.
  public var count: Int { length - 1 }

  /// The row of a number; a zero row where there is none.
  ///
  /// Inlined everywhere, like what reads through it: else whoever reads a row of a state that an
  /// object holds would copy the table's or the state's references first. An address, so that the
  /// table keeps the rows for as long as they are read.
  @inlinable
  public subscript(number: UInt32) -> Row {
    @inline(__always) unsafeAddress {
      unsafe UnsafePointer(rows + (Int(number) < length ? Int(number) : 0))
    }
  }

  /// Changes the row of a number in place, making it if need be.
  ///
  /// Does nothing for number 0, nor for one so large that only damage explains it.
  @inline(__always)
  mutating func update(_ number: UInt32, _ change: (inout Row) -> Void) {
    let index = Int(number)
    if index >= length {
      guard index < length + Self.largestGap else { return }
      let added = length...index
      grow(to: index + 1)
      for index in added { mark(index) }
    }
    guard index > 0 else { return }
    requireOwnRows()
    if index < savedCount { unsafe journal.append((index, rows[index])) }
    mark(index)
    unsafe change(&rows[index])
  }

  @inline(__always)
  private mutating func mark(_ index: Int) { dirty[index >> 6] |= 1 << UInt64(index & 63) }

  private mutating func grow(to count: Int) {
    if count > room.capacity { makeRoom(max(count, 2 * room.capacity)) }
    requireOwnRows()
    unsafe (rows + length).initialize(repeating: Row(), count: count - length)
    length = count
    let words = (count + 63) >> 6
    while dirty.count < words { dirty.append(0) }
  }

  /// Sees to it that no copy of the table is changed with it.
  @inline(__always)
  private mutating func requireOwnRows() {
    if !isKnownUniquelyReferenced(&room) { copyRows() }
  }

  @inline(never)
  private mutating func copyRows() { move(to: RowRoom(capacity: room.capacity, source)) }

  private mutating func makeRoom(_ capacity: Int) {
    if isKnownUniquelyReferenced(&room), room.grow(to: capacity) {
      unsafe rows = room.start
    } else {
      move(to: RowRoom(capacity: capacity, source))
    }
  }

  mutating func move(to other: RowRoom<Row>) {
    unsafe other.start.initialize(from: rows, count: length)
    room = other
    unsafe rows = other.start
    ages.comeBack()
  }

  /// Begins a batch of changes, which are remembered behind those of the batches before.
  mutating func beginJournal() {
    marks.append((journal.count, length))
    savedCount = length
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
    if !journal.isEmpty { requireOwnRows() }
    for (index, row) in journal.reversed() {
      mark(index)
      unsafe rows[index] = row
    }
    length = min(length, oldest.rows)
    keepChanges()
  }

  /// Makes room for that many rows, so that none is moved on the way.
  public mutating func reserve(_ count: Int) {
    if count + 1 > room.capacity { makeRoom(count + 1) }
  }

  /// Whether a row of a range of numbers changed since the last call of `markClean`.
  private func isDirty(_ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    while index < range.upperBound {
      let word = index >> 6
      var bits = word < dirty.count ? dirty[word] : 0
      if word < dirtyBefore.count { bits |= dirtyBefore[word] }
      bits >>= UInt64(index & 63)
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
      let range = first..<min(first + count, length)
      guard !onlyDirty || isDirty(range) else { continue }
      let bytes = unsafe [UInt8](
        UnsafeRawBufferPointer(UnsafeBufferPointer(start: rows + first, count: range.count)))
      try body(UInt32(piece), bytes)
    }
  }

  /// Says that no checkpoint holds any row as it is.
  public mutating func markChanged() {
    for word in dirty.indices { dirty[word] = .max }
  }

  /// Says that a checkpoint holds every row as it is.
  public mutating func markClean() {
    noteChanges()
    for word in dirty.indices { dirty[word] = 0 }
    for word in dirtyBefore.indices { dirtyBefore[word] = 0 }
  }

  /// Puts a row where it was, making those before it if need be. It counts as unchanged.
  public mutating func restore(_ number: UInt32, _ row: Row) {
    let index = Int(number)
    guard index > 0, index < length + Self.largestGap else { return }
    let first = min(index, length)
    if index >= length { grow(to: index + 1) }
    requireOwnRows()
    note(first...index)
    unsafe rows[index] = row
  }

  /// Appends rows as a checkpoint holds them, `MemoryLayout.stride` bytes each; false, and nothing
  /// is appended, for bytes that are not whole rows. They count as unchanged.
  public mutating func restore(_ bytes: RawSpan) -> Bool {
    let (added, rest) = bytes.byteCount.quotientAndRemainder(dividingBy: MemoryLayout<Row>.stride)
    guard rest == 0 else { return false }
    guard added > 0 else { return true }
    let first = length
    grow(to: length + added)
    note(first...length - 1)
    unsafe bytes.withUnsafeBytes { bytes in
      unsafe UnsafeMutableRawPointer(rows + first).copyMemory(
        from: bytes.baseAddress!, byteCount: bytes.count)
    }
    return true
  }

  /// Hands over every row in order.
  public func forEach(_ body: (UInt32, Row) throws -> Void) rethrows {
    for index in 1..<length { try unsafe body(UInt32(index), rows[index]) }
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
