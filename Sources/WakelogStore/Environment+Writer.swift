import CWakelogSystem
import Glibc

extension Environment {
  /// After how long a wait says whom it waits for, in seconds.
  private static let patience = 2.0
  /// How long a wait lasts before it is looked whether it is to go on.
  private static let look = 0.1

  /// The process that holds the writer's lock; nil for none.
  var writerHolder: WriterHolder? {
    guard getpid() == processID else { return nil }
    return withState { $0.isClosed ? nil : shared?.holder }
  }

  /// Takes the lock that writers of all processes share, or throws `busy`, which says who has it.
  ///
  /// While it is held, Control-Z does not stop this thread: it would stop everybody who writes.
  func lockWriter(until end: Deadline) throws(StoreError) {
    guard let shared else { return }
    guard getpid() == processID else { throw forked }
    try beginWaiting()
    let stops = wakelog_stops_block()
    do throws(StoreError) {
      while try !shared.acquire(nanoseconds: end.nanosecondsLeft(atMost: Self.look)) {
        warnOfHolder()
        guard withState({ !$0.isClosing }) else { throw closed }
        guard end.isOver else { continue }
        let holder = shared.holder
        let who = holder?.description ?? "other processes hold the writer's lock in turn"
        throw StoreError(.busy, "Nothing was written: \(who).", holder: holder)
      }
    } catch {
      wakelog_stops_unblock(stops)
      withState { $0.writers -= 1 }
      throw error
    }
    withState { $0.stops = stops }
  }

  func unlockWriter() {
    guard let shared, getpid() == processID else { return }
    let stops = withState { $0.stops }
    shared.release()
    wakelog_stops_unblock(stops)
    withState { $0.writers -= 1 }
  }

  /// Counts a writer in, so that the lock's file stays open.
  private func beginWaiting() throws(StoreError) {
    let isOpen = withState { state in
      guard !state.isClosing else { return false }
      state.writers += 1
      return true
    }
    guard isOpen else { throw closed }
  }

  /// Says once of each holder that it makes others wait.
  private func warnOfHolder() {
    guard let warn = options.warn, let holder = shared?.holder, holder.seconds >= Self.patience
    else { return }
    let isNew = withState { state in
      let isNew = state.warnedOf?.since != holder.since || state.warnedOf?.process != holder.process
      state.warnedOf = holder
      return isNew
    }
    if isNew { warn("\(path): writers wait: \(holder)") }
  }
}

/// A moment by which something has to be done.
struct Deadline {
  private let end: Int64

  init(seconds: Double) {
    let wait = seconds > 0 ? min(seconds, 1e9) : 0
    end = wakelog_boot_nanoseconds() + Int64(wait * 1e9)
  }

  var isOver: Bool { wakelog_boot_nanoseconds() >= end }

  /// What is left of the time, up to some seconds.
  func nanosecondsLeft(atMost seconds: Double) -> Int64 {
    min(max(end - wakelog_boot_nanoseconds(), 0), Int64(seconds * 1e9))
  }
}
