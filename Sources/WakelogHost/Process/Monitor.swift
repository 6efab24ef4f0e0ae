internal import CWakelogSystem
internal import Glibc

/// A value behind a lock, for whose changes threads can wait.
///
/// Sendable, because the value is touched only with the mutex held and both primitives stay at the
/// address where they were made.
@safe package final class Monitor<Value>: @unchecked Sendable {
  private var value: Value
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>

  package init(_ value: Value) {
    self.value = value
    unsafe mutex = .allocate(capacity: 1)
    unsafe changed = .allocate(capacity: 1)
    unsafe pthread_mutex_init(mutex, nil)
    // By the clock that nobody sets: a wait with a limit is no longer when the time of day jumps.
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    unsafe pthread_cond_init(changed, &attributes)
    unsafe pthread_condattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_cond_destroy(changed)
    unsafe pthread_mutex_destroy(mutex)
    unsafe changed.deallocate()
    unsafe mutex.deallocate()
  }

  /// Changes the value and wakes whoever waits.
  package func change<Result>(_ body: (inout Value) -> Result) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer {
      unsafe pthread_cond_broadcast(changed)
      unsafe pthread_mutex_unlock(mutex)
    }
    return body(&value)
  }

  /// Changes the value, and wakes whoever waits only where `body` says so.
  package func update<Result>(_ body: (inout Value) -> (result: Result, wakes: Bool)) -> Result {
    unsafe pthread_mutex_lock(mutex)
    let (result, wakes) = body(&value)
    if wakes { unsafe pthread_cond_broadcast(changed) }
    unsafe pthread_mutex_unlock(mutex)
    return result
  }

  /// Looks at the value, and wakes nobody.
  package func look<Result>(_ body: (Value) -> Result) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return body(value)
  }

  /// Waits until `body` gives something, trying it now and after every change; what it changes
  /// wakes others.
  package func wait<Result>(_ body: (inout Value) -> Result?) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer {
      unsafe pthread_cond_broadcast(changed)
      unsafe pthread_mutex_unlock(mutex)
    }
    while true {
      if let result = body(&value) { return result }
      unsafe pthread_cond_wait(changed, mutex)
    }
  }

  /// The same, but not for longer than so many milliseconds; nil when they have passed.
  package func wait<Result>(
    milliseconds: Int, _ body: (inout Value) -> Result?
  ) -> Result? {
    var deadline = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &deadline)
    let nanoseconds = deadline.tv_nsec + milliseconds % 1_000 * 1_000_000
    deadline.tv_sec += milliseconds / 1_000 + nanoseconds / 1_000_000_000
    deadline.tv_nsec = nanoseconds % 1_000_000_000
    unsafe pthread_mutex_lock(mutex)
    defer {
      unsafe pthread_cond_broadcast(changed)
      unsafe pthread_mutex_unlock(mutex)
    }
    while true {
      if let result = body(&value) { return result }
      guard unsafe pthread_cond_timedwait(changed, mutex, &deadline) == 0 else {
        return body(&value)
      }
    }
  }
}
