internal import Glibc
internal import Wakelog
internal import WakelogProviders

/// A CLI that carries out an attempt.
struct RunningAgent: Sendable {
  let child: ChildProcess
  let lock: RunLock?
  /// The id that its session was begun under; nil where the CLI chooses it.
  let begun: String?
  /// How it is still to be ended, and when.
  var ends: [(due: Double, signal: Int32)] = []

  /// Asks it to end: politely at first, by force five seconds later.
  mutating func end(at now: Double) {
    guard ends.isEmpty else { return }
    ends = [(now, SIGTERM), (now + 5, SIGKILL)]
  }

  /// Sends the signals that are due; gives when the next is.
  mutating func signal(at now: Double) -> Double? {
    while let next = ends.first(where: { $0.due <= now }) {
      kill(child.target, next.signal)
      ends.removeFirst()
    }
    return ends.first?.due
  }
}
