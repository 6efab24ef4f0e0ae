extension LogTransaction where Self: ~Copyable {
  /// The sequence of the last event, or 0 if there is none.
  public var lastSequence: UInt64 {
    get throws { try snapshot.lastSequence() }
  }

  /// Gives one record to `body`; `nil` if the log has no such event.
  ///
  /// The span is not aligned. Throws `corrupt` if the record's checksum does not match, or an event
  /// is lost that must be there.
  public func record<R>(_ sequence: UInt64, _ body: (RawSpan) throws -> R) throws -> R? {
    guard let value = unsafe try snapshot.event(sequence) else { return nil }
    let frame = unsafe try Frame(value, sequence: sequence)
    return try unsafe body(frame.record.bytes)
  }

  /// Walks the records of a range, both ends included, until `body` returns `false`.
  ///
  /// The range may begin at 0, or before the first event there is, and end beyond the last. The spans are not aligned. Each
  /// checksum is verified: throws `corrupt`, naming the sequence, on a mismatch or a gap.
  @inlinable
  public func forEachRecord(
    from first: UInt64 = 1, through last: UInt64 = .max,
    _ body: (UInt64, RawSpan) throws -> Bool
  ) throws {
    let records = try RecordCursor(snapshot, from: first, through: last)
    var position = records.start
    while let record = unsafe try records.next(&position) {
      guard try body(position.sequence, unsafe record.bytes) else { return }
    }
  }
}

extension Snapshot {
  func lastSequence() throws(StoreError) -> UInt64 {
    var cursor = try cursor(.events)
    guard try cursor.last() else { return try chainStart().position }
    let key = unsafe cursor.key
    // Before the commit under way is sealed, the last row is an event.
    guard unsafe key.count == LogFormat.sequenceSize || Seal.sequence(key) != nil else {
      throw .corrupt("The last event's key has the wrong size. Run verify.", .events)
    }
    return unsafe key.bigEndian(UInt64.self)
  }

  /// An event's frame; nil if the log has no such event. Events are numbered without gaps, so one
  /// that is not there and must be is lost.
  func event(_ sequence: UInt64) throws(StoreError) -> Bytes? {
    if let value = unsafe try get(.events, sequence) { return unsafe value }
    guard sequence > 0, try sequence <= lastSequence(), try sequence > chainStart().position else {
      return nil
    }
    throw .corrupt("The event is lost. Run verify.", .events, sequence)
  }
}
