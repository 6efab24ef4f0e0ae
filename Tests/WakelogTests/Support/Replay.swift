import WakelogModel
import WakelogStore

@testable import Wakelog

/// The hash of what the events of a log add up to, after each position that is asked for.
func replay(_ log: Log, at positions: Set<UInt64> = []) throws -> (
  hashes: [UInt64: String], last: String
) {
  try log.read { transaction in
    var state = State()
    var hashes: [UInt64: String] = [:]
    if positions.contains(0) { hashes[0] = StateHash.of(&state) }
    try transaction.forEachRecord { sequence, record in
      state.reduce(Event(record: record, sequence: SequenceNumber(sequence)))
      if positions.contains(sequence) { hashes[sequence] = StateHash.of(&state) }
      return true
    }
    return (hashes, StateHash.of(&state))
  }
}
