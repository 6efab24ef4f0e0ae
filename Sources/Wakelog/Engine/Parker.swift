internal import Glibc

/// Where one thread waits to be told something.
///
/// `@unchecked Sendable`: the condition is guarded by its own POSIX mutex, and nothing else is
/// shared.
@safe package final class Parker: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var isTold = false

  package init() {
    unsafe mutex.initialize(to: pthread_mutex_t())
    unsafe condition.initialize(to: pthread_cond_t())
    unsafe pthread_mutex_init(mutex, nil)
    // By the clock that nobody sets: a wait with a limit is no longer when the time of day jumps.
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    unsafe pthread_cond_init(condition, &attributes)
    unsafe pthread_condattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  /// Waits until `tell` is called, before or after.
  package func wait() {
    unsafe pthread_mutex_lock(mutex)
    while !isTold { unsafe pthread_cond_wait(condition, mutex) }
    isTold = false
    unsafe pthread_mutex_unlock(mutex)
  }

  /// Waits until `tell` is called, but no longer than some time; gives whether it was.
  package func wait(milliseconds: Int) -> Bool {
    var deadline = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &deadline)
    let nanoseconds = Int(deadline.tv_nsec) + (milliseconds % 1_000) * 1_000_000
    deadline.tv_sec += milliseconds / 1_000 + nanoseconds / 1_000_000_000
    deadline.tv_nsec = nanoseconds % 1_000_000_000
    unsafe pthread_mutex_lock(mutex)
    var code: Int32 = 0
    while !isTold, code == 0 {
      code = unsafe pthread_cond_timedwait(condition, mutex, &deadline)
    }
    let wasTold = isTold
    isTold = false
    unsafe pthread_mutex_unlock(mutex)
    return wasTold
  }

  /// Lets the waiting thread go on, or the next one that comes to wait.
  package func tell() {
    unsafe pthread_mutex_lock(mutex)
    isTold = true
    unsafe pthread_mutex_unlock(mutex)
    // After the lock is free: else the thread wakes only to wait for it.
    unsafe pthread_cond_signal(condition)
  }
}
