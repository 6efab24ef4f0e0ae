internal import Synchronization
internal import Wakelog

/// Lets so many through at a time, the others in the order in which they came.
final class Turnstile: Sendable {
  private struct State {
    var free: Int
    var waiting: [Parker] = []
  }

  private let state: Mutex<State>

  init(width: Int) { state = Mutex(State(free: width)) }

  /// Goes in, once there is room.
  func enter() {
    let parker: Parker? = state.withLock { state in
      guard state.free == 0 else {
        state.free -= 1
        return nil
      }
      let parker = Parker()
      state.waiting.append(parker)
      return parker
    }
    parker?.wait()
  }

  /// Goes out, and lets the next in; on any thread.
  func leave() {
    let next: Parker? = state.withLock { state in
      guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
      state.free += 1
      return nil
    }
    next?.tell()
  }
}
