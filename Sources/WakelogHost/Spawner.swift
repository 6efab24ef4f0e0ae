internal import Glibc
internal import Wakelog

/// Starts programs from a thread of its own, which lives as long as the host does: the kernel ends a
/// program when the thread that started it ends.
final class Spawner: Sendable {
  private struct State {
    var waiting: [Order] = []
    var hasThread = false
    var isEnding = false
  }

  private final class Order: Sendable {
    let program: ChildProcess.Program
    let lock: RunLock?
    let result: Monitor<Result<ChildProcess, ChildProcess.StartFailure>?> = Monitor(nil)

    init(_ program: ChildProcess.Program, _ lock: RunLock?) {
      self.program = program
      self.lock = lock
    }
  }

  private let state = Monitor(State())

  /// Starts a program, named by the lock of its run.
  func start(
    _ program: ChildProcess.Program, _ lock: RunLock?
  ) throws(ChildProcess.StartFailure) -> ChildProcess {
    let order = Order(program, lock)
    let isTaken = state.change { state in
      guard !state.isEnding else { return false }
      if !state.hasThread { state.hasThread = Thread.detach { self.run() } }
      if state.hasThread { state.waiting.append(order) }
      return state.hasThread
    }
    guard isTaken else {
      throw ChildProcess.StartFailure(message: "the host is closed, or has no room for a thread")
    }
    return try order.result.wait { $0 }.get()
  }

  /// Ends the thread.
  func end() { state.change { $0.isEnding = true } }

  private func run() {
    while true {
      let order: Order? = state.wait { state in
        if !state.waiting.isEmpty { return .some(state.waiting.removeFirst()) }
        return state.isEnding ? .some(nil) : nil
      }
      guard let order else { return }
      let result = Result { () throws(ChildProcess.StartFailure) in
        try ChildProcess(order.program) { id in
          order.lock?.name(id, isGroup: order.program.leadsGroup)
        }
      }
      order.result.change { $0 = result }
    }
  }
}
