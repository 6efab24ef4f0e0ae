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
