import CWakelogSystem

extension Log {
  /// Reads in slices: `body` begins at a position, on a stable view of the log, and returns where
  /// the next slice goes on, or `nil` at the end; it ends when `slice.isOver`.
  ///
  /// Each slice sees the log as it is by then. Events are appended only, so what is read by their
  /// numbers, up to one that was the last at the start, is the same as in one long read. That would
  /// keep pages from being used again, and the file would grow while it lasts.
  ///
  /// `body` waits for nobody: a pipe that is not drained would make its slice a long one. What may
  /// wait stands in `between`, which is called after each slice. Control-Z waits for a slice's end.
  public func readInSlices<Position>(
    from start: Position, between: () throws -> Void = {},
    _ body: (borrowing ReadTransaction, Position, Slice) throws -> Position?
  ) throws {
    var position: Position? = start
    while let next = position {
      let slice = Slice(seconds: environment.options.sliceSeconds)
      let stops = wakelog_stops_block()
      do {
        defer { wakelog_stops_unblock(stops) }
        position = try read { try body($0, next, slice) }
      }
      try between()
    }
  }
}

/// A part of a long read, after which the log is looked at anew.
public final class Slice {
  private let end: Int64
  private var calls = 0

  init(seconds: Double) { end = wakelog_boot_nanoseconds() + Int64(seconds * 1e9) }

  /// Whether the slice has lasted long enough. Cheap enough to ask for each row.
  ///
  /// The first 15 rows never end it: a walk that went one row a slice would never reach the end of a
  /// log to which somebody appends one between slices.
  public var isOver: Bool {
    calls += 1
    return calls % 16 == 0 && wakelog_boot_nanoseconds() >= end
  }
}

extension Snapshot {
  /// A cursor before the row that follows a key; before a table's first for an empty key.
  func cursor(_ table: Table, behind key: [UInt8]) throws(StoreError) -> RowCursor {
    try RowCursor(try cursor(table), behind: key)
  }
}

/// A walk over the rows of a table that another slice began.
struct RowCursor: ~Copyable {
  private(set) var rows: Cursor
  private var step = Step.move

  private enum Step {
    /// The row under the cursor was handed over.
    case move
    /// The row under the cursor is the next one: that of the key went meanwhile.
    case stay
    /// No row follows.
    case end
  }

  fileprivate init(_ cursor: consuming Cursor, behind key: [UInt8]) throws(StoreError) {
    rows = cursor
    guard !key.isEmpty else { return }
    let isThere = try unsafe key.withBytes { (key) throws(StoreError) in
      try unsafe rows.seek(key)
    }
    if !isThere { step = .end } else if unsafe !rows.key.equals(key) { step = .stay }
  }

  /// Moves to the next row; false when there is none.
  mutating func next() throws(StoreError) -> Bool {
    switch step {
    case .move: return try rows.next()
    case .stay:
      step = .move
      return true
    case .end: return false
    }
  }
}
