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

/// The laws that the events of a log break; empty for a correct engine.
func violations(_ log: Log) throws -> [String] {
  try log.read { transaction in
    var checker = LawChecker()
    try transaction.forEachRecord { sequence, record in
      checker.observe(Event(record: record, sequence: SequenceNumber(sequence)))
      return true
    }
    checker.finish()
    return checker.violations.map { "\($0.law) at \($0.sequence.value): \($0.because)" }
  }
}
