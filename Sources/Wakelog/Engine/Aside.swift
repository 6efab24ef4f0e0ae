import WakelogModel
import WakelogStore

/// Commits that are made beside the queue, with a state of their own, as another process on the
/// log would make them: rare ones, that write more than events.
///
/// What the queue has decided meanwhile and not yet committed it decides anew, as always when
/// somebody else wrote in between.
final class Aside {
  private let log: Log
  private let core = Core()

  /// Begins with a state of the log, from which it catches up.
  init(_ log: Log, from state: State) {
    self.log = log
    core.state = state
  }

  /// Begins with the last state that was kept.
  convenience init(_ log: Log) throws {
    self.init(
      log, from: try log.read { try LogView(snapshot: $0.snapshot).nearestState(notAfter: $0.end) })
  }

  /// Decides something on the state as it is, and commits it with what `write` adds.
  func commit<Result>(
    _ decide: (Core) throws -> Result,
    _ write: (borrowing WriteTransaction, Result) throws -> Void
  ) throws -> Result {
    // Before the lock is taken, so that nobody waits for it.
    try log.read { transaction in
      defer { core.end() }
      _ = try core.begin(transaction.snapshot)
    }
    for growth in 0... {
      do {
        let result = try log.write { transaction in
          guard try core.begin(transaction.snapshot) else {
            throw StoreError(.busy, "The log was replaced. Open it anew.")
          }
          core.state.beginJournal()
          let result = try decide(core)
          try core.flush(into: transaction)
          try write(transaction, result)
          return result
        }
        core.state.keepChanges()
        core.end()
        return result
      } catch {
        core.rollBack()
        guard let error = error as? StoreError, error.code == .mapFull, growth < 24 else {
          throw error
        }
      }
    }
    preconditionFailure("a loop without an end has ended")
  }
}

extension ReadTransaction {
  fileprivate var end: SequenceNumber {
    get throws { SequenceNumber(try lastSequence) }
  }
}
