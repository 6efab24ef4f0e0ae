package import WakelogModel
import WakelogStore

extension Engine {
  /// A position up to which every event is earlier than a moment, and as far on as clocks allow:
  /// whoever wants the events since then begins behind it.
  ///
  /// Costs what lies between the last kept state that had seen none as late and the moment.
  package func position(before moment: Instant) throws(WakelogError) -> UInt64 {
    do {
      return try log.read { transaction in
        let view = LogView(snapshot: transaction.snapshot)
        var found = try Checkpoint.position(view) { $0.clock.latest < moment.nanoseconds }.value
        try view.forEachRecord(from: found + 1) { sequence, record in
          let event = Event(record: record, sequence: SequenceNumber(sequence))
          guard event.at < moment else { return false }
          found = sequence
          return true
        }
        return found
      }
    } catch {
      throw WakelogError(any: error)
    }
  }
}
