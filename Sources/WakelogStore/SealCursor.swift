/// Walks the seals of a log in order: behind their events, or in the table of their own that format 1
/// had.
struct SealCursor: ~Copyable {
  private var cursor: Cursor
  private let table: Table
  private(set) var last: UInt64
  private var hasBegun = false

  /// Begins with the first commit.
  init(_ snapshot: Snapshot) throws(StoreError) {
    try self.init(snapshot, behind: try snapshot.chainStart().position)
  }

  /// Begins with the commit that follows an event, with which another ended.
  init(_ snapshot: Snapshot, behind last: UInt64) throws(StoreError) {
    let table: Table = snapshot.identity.format == .first ? .seals : .events
    cursor = try snapshot.cursor(table)
    self.table = table
    self.last = last
  }

  /// The next seal, whose commit begins behind `last`; `last` is then its last event. Nil at the end;
  /// throws `corrupt` where events have no seal.
  mutating func next() throws(StoreError) -> Seal? {
    var isOpen = false
    while try move() {
      if table == .events, unsafe cursor.key.count == LogFormat.sequenceSize {
        isOpen = true
        continue
      }
      return try seal()
    }
    if isOpen { throw .corrupt("Events follow that no seal covers.", .events, last + 1) }
    return nil
  }

  /// Moves to the next row; to the first behind the base, which rows of before it may still precede.
  private mutating func move() throws(StoreError) -> Bool {
    if hasBegun { return try cursor.next() }
    hasBegun = true
    let start = bigEndianBytes(last + 1)
    return try cursor.seek(start)
  }

  private mutating func seal() throws(StoreError) -> Seal {
    let key = unsafe cursor.key
    let end: UInt64?
    let seal: Seal?
    switch table {
    case .seals:
      end = key.count == LogFormat.sequenceSize ? unsafe key.bigEndian(UInt64.self) : nil
      seal = unsafe Seal(cursor.value)
    default:
      end = unsafe Seal.sequence(key)
      seal = try end.map { (end) throws(StoreError) in unsafe try Seal(row: cursor.value, end) }
    }
    guard let end, let seal else { throw .corrupt("The seal is malformed.", table, last + 1) }
    let (through, overflow) = last.addingReportingOverflow(seal.events)
    guard !overflow, end == through else {
      throw .corrupt("The seal does not follow the one before.", table, last + 1)
    }
    last = end
    return seal
  }
}
