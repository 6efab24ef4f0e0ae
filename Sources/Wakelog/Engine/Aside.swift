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
    core.begin(with: state)
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
          guard try core.begin(transaction.snapshot) != nil else {
            throw StoreError(.busy, "The log was replaced. Open it anew.")
          }
          let result = try core.carryOut(writes: true) { try decide(core) }
          core.dateReplies()
          try core.open.write(into: transaction)
          try write(transaction, result)
          return result
        }
        core.end()
        _ = core.close()
        core.settle()
        return result
      } catch {
        _ = core.takeBack()
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
