import CWakelogSystem

extension Log {
  /// Reads in slices: `body` begins at a position, on a stable view of the log, and returns where
  /// the next slice goes on, or `nil` at the end; it ends when `slice.isOver`.
  ///
  /// Each slice sees the log as it is by then. Events are appended only, so what is read by their
  /// numbers, up to one that was the last at the start, is the same as in one long read. That would
  /// keep pages from being used again, and the file would grow while it lasts.
  public func readInSlices<Position>(
    from start: Position,
    _ body: (borrowing ReadTransaction, Position, Slice) throws -> Position?
  ) throws {
    var position: Position? = start
    while let next = position {
      let slice = Slice(seconds: environment.options.sliceSeconds)
      position = try read { try body($0, next, slice) }
    }
  }

  /// Hands over the records of a range in order, in slices, until the closure returns `false`.
  public func forEachRecordInSlices(
    from first: UInt64 = 1, through last: UInt64, _ body: (UInt64, RawSpan) throws -> Bool
  ) throws {
    try readInSlices(from: first) { transaction, next, slice in
      var reached = next > 0 ? next - 1 : 0
      var isEnded = false
      try transaction.forEachRecord(from: next, through: last) { sequence, record in
        reached = sequence
        isEnded = try !body(sequence, record)
        return !isEnded && !slice.isOver
      }
      return isEnded || reached < next || reached >= last ? nil : reached + 1
    }
  }
}

/// A part of a long read, after which the log is looked at anew.
public final class Slice {
  private let end: Int64
  private var calls = 0

  init(seconds: Double) { end = wakelog_boot_nanoseconds() + Int64(seconds * 1e9) }

  /// Whether the slice has lasted long enough. Cheap enough to ask for each row.
  public var isOver: Bool {
    defer { calls += 1 }
    return calls % 16 == 0 && wakelog_boot_nanoseconds() >= end
  }
}
