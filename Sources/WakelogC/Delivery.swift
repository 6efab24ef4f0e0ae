internal import CWakelog
internal import Glibc
internal import Wakelog
internal import WakelogStore

/// Tells callbacks what their calls came to, one after the other, on a thread of its own.
///
/// Of its own, because the engine carries calls out on the thread of whichever caller leads: that
/// caller must not wait for another's callback, which may need a lock that it holds.
final class Delivery: Sendable {
  /// What a submitted call came to, and whom to tell.
  ///
  /// `@unchecked Sendable`: the context is the host's, and only handed back to it.
  @safe struct Told: @unchecked Sendable {
    let callback:
      @convention(c) (
        UnsafeMutableRawPointer?, wakelog_status, UnsafePointer<CChar>?, Int
      ) -> Void
    let context: UnsafeMutableRawPointer?
    let result: Result<JSONText, WakelogError>

    func tell() {
      switch result {
      case .success(let text): tell(wakelog_status(WAKELOG_OK), text)
      case .failure(let error): tell(error.status, JSONText(error.json))
      }
    }

    private func tell(_ status: wakelog_status, _ text: JSONText) {
      // Ended by a zero byte, as all text of C is.
      let text = Text.copy(text.bytes)
      unsafe callback(context, status, text.start, text.count)
      unsafe free(text.start)
    }
  }

  private struct State {
    var waiting: [Told] = []
    /// Calls on their way whose callback is still to be told.
    var expected = 0
    var thread: pthread_t?
    var isStarted = false
    var isEnding = false
  }

  private let state = Lock(State())
  private let told = Parker()
  private let ended = Parker()

  /// Whether a callback of this engine is what runs here.
  var isThisThread: Bool {
    let thread = state.withLock { $0.thread }
    guard let thread else { return false }
    return pthread_equal(thread, pthread_self()) != 0
  }

  /// Expects a call's result; to be called before the call is on its way.
  func expect() throws(WakelogError) {
    try state.withLock { state throws(WakelogError) in
      guard !state.isEnding else {
        throw WakelogError(.busy, "the engine was closed; open it again")
      }
      if !state.isStarted { state.isStarted = Thread.detach { self.run() } }
      guard state.isStarted else {
        throw WakelogError(.busy, "no thread can be started for callbacks; use wakelog_call")
      }
      state.expected += 1
    }
  }

  /// Tells the callback of an expected call, soon.
  func add(_ next: Told) {
    state.withLock { $0.waiting.append(next) }
    told.tell()
  }

  /// Waits until the callback of every expected call has returned; further ones are refused.
  func end() {
    let hasThread = state.withLock { state in
      state.isEnding = true
      return state.isStarted
    }
    guard hasThread else { return }
    told.tell()
    ended.wait()
  }

  private func run() {
    state.withLock { $0.thread = pthread_self() }
    while true {
      let (batch, isOver) = state.withLock { state in
        defer { state.waiting = [] }
        state.expected -= state.waiting.count
        return (state.waiting, state.isEnding && state.expected == 0)
      }
      for next in batch { next.tell() }
      if isOver { break }
      if batch.isEmpty { told.wait() }
    }
    state.withLock { $0.thread = nil }
    ended.tell()
  }
}
