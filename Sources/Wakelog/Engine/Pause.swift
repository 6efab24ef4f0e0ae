import Glibc

/// Lets others come first: LMDB's lock goes to whoever asks at the right moment, and a thread that
/// lets it go and takes it again at once is always the first.
struct Pause {
  private let began = Self.now()

  /// Waits for as long as has passed since this was made, between a millisecond and a second.
  func asLongAgain() {
    let passed = min(max(Self.now() - began, 1_000_000), 1_000_000_000)
    var time = timespec(tv_sec: passed / 1_000_000_000, tv_nsec: passed % 1_000_000_000)
    unsafe nanosleep(&time, nil)
  }

  private static func now() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}
