internal import Glibc

/// A thread of the operating system that runs one closure to its end.
///
/// Threads and not tasks, because what is done on them blocks. Signals go to the host's own threads.
package struct Thread: Sendable {
  private let handle: pthread_t

  /// Enough for JSON as deep as the parser takes it, and small enough for hundreds of connections.
  private static let smallStackBytes = 1 << 20

  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Starts a thread with a small stack; nil when the system has no room for one more.
  package static func start(_ body: @escaping @Sendable () -> Void) -> Thread? {
    start(stackBytes: smallStackBytes, body)
  }

  /// Starts a thread that nobody joins; gives whether the system had room for one. Its stack is as
  /// large as the system makes them, because the host's own closures may run on it.
  package static func detach(_ body: @escaping @Sendable () -> Void) -> Bool {
    guard let thread = start(stackBytes: nil, body) else { return false }
    thread.detach()
    return true
  }

  private static func start(
    stackBytes: Int?, _ body: @escaping @Sendable () -> Void
  ) -> Thread? {
    let work = unsafe Unmanaged.passRetained(Work(body))
    var handle = pthread_t()
    let isStarted = unsafe withAttributes(stackBytes) { attributes in
      unsafe pthread_create(
        &handle, attributes,
        { work in
          unsafe Unmanaged<Work>.fromOpaque(work!).takeRetainedValue().body()
          return nil
        }, work.toOpaque()) == 0
    }
    if !isStarted { unsafe work.release() }
    return isStarted ? Thread(handle: handle) : nil
  }

  /// With every signal blocked, which a thread inherits.
  private static func withAttributes(
    _ stackBytes: Int?, _ body: (UnsafePointer<pthread_attr_t>) -> Bool
  ) -> Bool {
    var all = sigset_t()
    var before = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    return unsafe withUnsafeTemporaryAllocation(of: pthread_attr_t.self, capacity: 1) { memory in
      let attributes = memory.baseAddress!
      guard unsafe pthread_attr_init(attributes) == 0 else { return false }
      defer { unsafe pthread_attr_destroy(attributes) }
      if let stackBytes { unsafe pthread_attr_setstacksize(attributes, stackBytes) }
      return unsafe body(attributes)
    }
  }

  /// Waits until the closure has returned. Either this or `detach` is called, once.
  package func join() {
    _ = pthread_join(handle, nil)
  }

  /// Lets the thread end by itself.
  package func detach() {
    pthread_detach(handle)
  }
}
