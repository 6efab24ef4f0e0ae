extension LogTransaction where Self: ~Copyable {
  /// The sequence of the last event, or 0 if there is none.
  public var lastSequence: UInt64 {
    get throws { try snapshot.lastSequence() }
  }

  /// Gives one record to `body`; `nil` if the log has no such event.
  ///
  /// The span is not aligned. Throws `corrupt` if the record's checksum does not match.
  public func record<R>(_ sequence: UInt64, _ body: (RawSpan) throws -> R) throws -> R? {
    guard let value = unsafe try snapshot.get(.events, sequence) else { return nil }
    let frame = unsafe try Frame(value, sequence: sequence)
    return try unsafe body(frame.record.bytes)
  }

  /// Walks the records of a range, both ends included, until `body` returns `false`.
  ///
  /// The range may begin at 0 and end beyond the last event. The spans are not aligned. Each
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
    guard try cursor.last() else { return 0 }
    guard unsafe cursor.key.count == 8 else {
      throw .corrupt("The last event's key has the wrong size. Run verify.", .events)
    }
    return unsafe cursor.key.bigEndian(UInt64.self)
  }
}
