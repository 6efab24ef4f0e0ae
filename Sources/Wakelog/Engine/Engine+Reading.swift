package import WakelogModel
import WakelogStore

extension Engine {
  /// The open run of a session, and the last that has ended; nil where there is none.
  package func runs(
    of session: String
  ) throws(WakelogError) -> (open: UInt64?, last: UInt64?) {
    try perform(writes: false) { core in
      guard let symbol = core.names.known(session, Space.Session.self),
        core.state.sessions[symbol.number].exists
      else { return (nil, nil) }
      let last = core.state.sessions[symbol.number].lastRun
      return (core.state.openRun(of: symbol)?.run.value, last.exists ? last.value : nil)
    }
  }

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
