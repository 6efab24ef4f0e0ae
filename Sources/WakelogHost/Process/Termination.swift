internal import Glibc

/// How a program is ended: politely at first, by force five seconds later.
package struct Termination: Sendable {
  private var steps: [(due: Double, signal: Int32)] = []
  /// Whether it was asked to end.
  package private(set) var hasBegun = false

  /// Nothing is ended yet.
  package init() {}

  /// Asks for the end. Asking twice changes nothing.
  package mutating func begin(at now: Double) {
    guard !hasBegun else { return }
    hasBegun = true
    steps = [(now, SIGTERM), (now + 5, SIGKILL)]
  }

  /// Sends a program, with its group where it leads one, the signals that are due; gives when the
  /// next is.
  @discardableResult
  package mutating func signal(_ child: ChildProcess, at now: Double) -> Double? {
    while let next = steps.first, next.due <= now {
      kill(child.target, next.signal)
      steps.removeFirst()
    }
    return steps.first?.due
  }
}
