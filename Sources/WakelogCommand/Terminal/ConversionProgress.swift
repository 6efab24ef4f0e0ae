internal import Glibc
internal import WakelogHost
internal import WakelogModel
internal import WakelogStore

/// Tells on standard error how far the conversion of an old log has come: as it goes at a terminal,
/// else every two seconds, so that a host's log says why it is not there yet.
final class ConversionProgress: Sendable {
  private let isTerminal = Descriptor.isTerminal(STDERR_FILENO)
  private let last = Lock(Clock.elapsed)

  /// Shows how many events are done of how many.
  func show(_ done: UInt64, _ total: UInt64) {
    let interval: Int64 = isTerminal ? 200_000_000 : 2_000_000_000
    let isDue = last.withLock { last in
      let now = Clock.elapsed
      guard now - last >= interval else { return false }
      last = now
      return true
    }
    guard isDue else { return }
    let line = "converting the log to format 2: \(done) of \(total) events\n"
    _ = Descriptor.write(Array(line.utf8), to: STDERR_FILENO)
  }
}
