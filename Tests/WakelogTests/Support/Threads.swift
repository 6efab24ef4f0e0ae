import Foundation

/// Runs a body on that many threads of its own at once, and waits for all.
func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
  let group = DispatchGroup()
  for number in 0..<count {
    group.enter()
    Foundation.Thread.detachNewThread {
      body(number)
      group.leave()
    }
  }
  group.wait()
}

/// A value that one thread at a time uses.
struct Unshared<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}
