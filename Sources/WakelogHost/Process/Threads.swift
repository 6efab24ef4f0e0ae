internal import Wakelog

/// Threads for work that blocks: as many as are needed, each kept for a moment after its work, since
/// more comes most often.
final class Threads: Sendable {
  private struct State {
    var waiting: [@Sendable () -> Void] = []
    /// Threads that have nothing to do.
    var idle = 0
  }

  private let state = Monitor(State())

  /// How many stay, and for how long, without work.
  private static let spare = 8
  private static let patience = 5_000

  /// Does something on a thread; false where the system has none.
  func run(_ work: @escaping @Sendable () -> Void) -> Bool {
    let isTaken = state.change { state in
      guard state.idle > state.waiting.count else { return false }
      state.waiting.append(work)
      return true
    }
    return isTaken || Thread.detach { [state] in Self.work(work, state) }
  }

  private static func work(_ first: @Sendable () -> Void, _ state: Monitor<State>) {
    first()
    while true {
      let mayStay = state.change { state in
        guard state.idle < spare else { return false }
        state.idle += 1
        return true
      }
      guard mayStay else { return }
      let next = state.wait(milliseconds: patience) { state -> (@Sendable () -> Void)? in
        guard !state.waiting.isEmpty else { return nil }
        state.idle -= 1
        return state.waiting.removeFirst()
      }
      if let next {
        next()
        continue
      }
      // Work may have come at the very end.
      let last = state.change { state -> (@Sendable () -> Void)? in
        state.idle -= 1
        return state.waiting.isEmpty ? nil : state.waiting.removeFirst()
      }
      guard let last else { return }
      last()
    }
  }
}
