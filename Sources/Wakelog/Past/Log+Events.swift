import WakelogModel
package import WakelogStore

extension Log {
  /// How many events are copied in one transaction.
  private static var batch: Int { 1_024 }

  /// Hands over the events of a range in order until a closure returns false.
  ///
  /// Copies some at a time and calls the closure in no transaction, so that one that waits, for a
  /// pipe that nobody drains, does not keep the log's pages from being used again. Throws `notFound`
  /// if the log is trimmed meanwhile beyond where the walk is.
  package func forEachEvent(
    from first: SequenceNumber, through last: SequenceNumber, _ body: (Event) throws -> Bool
  ) throws {
    var events: [Event] = []
    var next = first.value
    var isFirst = true
    while next <= last.value {
      events.removeAll(keepingCapacity: true)
      try read { transaction in
        let start = try transaction.firstSequence
        guard isFirst || start <= next else { throw WakelogError.archived(before: start) }
        try transaction.forEachRecord(from: next, through: last.value) { sequence, record in
          events.append(Event(record: record, sequence: SequenceNumber(sequence)))
          return events.count < Self.batch
        }
      }
      for event in events { guard try body(event) else { return } }
      guard let end = events.last else { return }
      next = end.sequence.value + 1
      isFirst = false
    }
  }
}
