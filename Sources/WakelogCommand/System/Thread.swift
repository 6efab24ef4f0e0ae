internal import Glibc

/// A thread of the operating system that runs one closure to its end.
///
/// Threads and not tasks, because what is done on them blocks: reading and writing descriptors.
struct Thread: Sendable {
  private let handle: pthread_t

  /// Enough for JSON as deep as the parser takes it, and small enough for hundreds of connections.
  private static let stackBytes = 1 << 20

  /// Starts a thread; nil when the system has no room for one more.
  static func start(_ body: @escaping @Sendable () -> Void) -> Thread? {
    var attributes = pthread_attr_t()
    guard unsafe pthread_attr_init(&attributes) == 0 else { return nil }
    defer { unsafe pthread_attr_destroy(&attributes) }
    unsafe pthread_attr_setstacksize(&attributes, stackBytes)
    let work = unsafe Unmanaged.passRetained(Work(body))
    var handle = pthread_t()
    let status = unsafe pthread_create(
      &handle, &attributes,
      { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, work.toOpaque())
    guard status == 0 else {
      unsafe work.release()
      return nil
    }
    return Thread(handle: handle)
  }

  /// Waits until the closure has returned. Either this or `detach` is called, once.
  func join() {
    _ = pthread_join(handle, nil)
  }

  /// Lets the thread end by itself.
  func detach() {
    pthread_detach(handle)
  }

  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
