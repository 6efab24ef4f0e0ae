internal import CWakelogSystem
internal import Glibc

/// A value that one thread at a time may look at and change.
///
/// In place of Swift's `Mutex`, whose owner is a thread's number that is remembered once: in the
/// child of a fork the number is another's, and the first thread that has to wait there ends the
/// process.
///
/// `@unchecked Sendable`: the value is reached within `withLock` alone.
@safe package struct Lock<Value: ~Copyable>: ~Copyable, @unchecked Sendable {
  fileprivate let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let value: UnsafeMutablePointer<Value>

  /// Guards a value.
  package init(_ value: consuming sending Value) {
    unsafe mutex = .allocate(capacity: 1)
    unsafe mutex.initialize(to: pthread_mutex_t())
    unsafe pthread_mutex_init(mutex, nil)
    unsafe self.value = .allocate(capacity: 1)
    unsafe self.value.initialize(to: value)
  }

  /// Guards a value of the whole process: forks wait while a thread is inside, so that the child
  /// finds the lock free and the value whole.
  package init(acrossForks value: consuming sending Value) {
    self.init(value)
    let code = unsafe wakelog_forks_hold(mutex)
    precondition(code == 0, "there are few such locks, each made once and never given up")
  }

  deinit {
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
    unsafe value.deinitialize(count: 1)
    unsafe value.deallocate()
  }

  /// Runs `body` with the value while no other thread does.
  package borrowing func withLock<Result: ~Copyable, Failure>(
    _ body: (inout sending Value) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return unsafe try body(&value.pointee)
  }
}
