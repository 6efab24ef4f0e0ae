import Wakelog

/// Runs a body on that many threads of its own at once, and waits for all.
func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
  let threads = (0..<count).map { number in Thread.start { body(number) }! }
  for thread in threads { thread.join() }
}

/// A value that one thread at a time uses.
struct Unshared<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}
