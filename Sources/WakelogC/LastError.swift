internal import CWakelog
internal import Glibc
internal import Wakelog

/// See wakelog.h.
@c @implementation
public func wakelog_last_error() -> UnsafePointer<CChar>! {
  guard let error = LastError.ofThread else { return nil }
  return unsafe UnsafePointer(error.json)
}

/// See wakelog.h.
@c @implementation
public func wakelog_last_error_message() -> UnsafePointer<CChar>! {
  guard let error = LastError.ofThread else { return nil }
  return unsafe UnsafePointer(error.message)
}

/// The error of a thread's last call that failed, kept for C until the thread's next one or its end.
///
/// A key of POSIX and no thread-local of Swift, because its destructor runs at a thread's end.
@safe struct LastError {
  let json: UnsafeMutablePointer<CChar>
  let message: UnsafeMutablePointer<CChar>

  private static let key: pthread_key_t? = {
    var key = pthread_key_t()
    let code = unsafe pthread_key_create(&key) { memory in
      if let memory = unsafe memory { unsafe LastError.destroy(memory) }
    }
    return code == 0 ? key : nil
  }()

  /// What `wakelog_last_error` shows; nil when no call of this thread has failed.
  static var ofThread: LastError? {
    guard let key, let memory = unsafe pthread_getspecific(key) else { return nil }
    return unsafe memory.assumingMemoryBound(to: LastError.self).pointee
  }

  /// Keeps an error for this thread in place of the one before.
  static func keep(_ error: WakelogError) {
    guard let key else { return }
    if let memory = unsafe pthread_getspecific(key) { unsafe destroy(memory) }
    let kept = UnsafeMutablePointer<LastError>.allocate(capacity: 1)
    unsafe kept.initialize(
      to: LastError(
        json: Text.copy(JSONText(error.json).bytes).start, message: Text.copy(error.message).start))
    guard unsafe pthread_setspecific(key, kept) == 0 else { return unsafe destroy(kept) }
  }

  private static func destroy(_ memory: UnsafeMutableRawPointer) {
    let kept = unsafe memory.assumingMemoryBound(to: LastError.self)
    unsafe free(kept.pointee.json)
    unsafe free(kept.pointee.message)
    unsafe kept.deallocate()
  }
}
