internal import Synchronization

/// Counts the requests that were accepted and have no answer yet, of all connections of a server.
final class Ledger: Sendable {
  private let open = Atomic(0)

  /// A request was read.
  func accept() { open.add(1, ordering: .relaxed) }

  /// Answers were written out, or their client is gone.
  func settle(_ count: Int) { open.subtract(count, ordering: .relaxed) }

  /// How a server ends that waits no longer: says what was left, and returns the exit status.
  func close() -> ExitStatus {
    let left = open.load(ordering: .relaxed)
    guard left > 0 else { return .done }
    printError(
      "stopped with \(counted(left, "request")) unanswered: the log was held by another process, "
        + "or a client did not read; ask again with the same key")
    return .unanswered
  }
}
