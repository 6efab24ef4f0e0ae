import WakelogStore

/// Where readers wait for events to come.
///
/// Commits of this process wake them at once; those of others are looked for now and then.
final class EventWatch: Sendable {
  private struct Watchers {
    var waiting: [ObjectIdentifier: Parker] = [:]
    var isClosed = false
  }

  /// How often the log is looked at for commits of other processes, in milliseconds.
  private static let pollMilliseconds = 20

  private let watchers = Lock(Watchers())

  /// Wakes who waits.
  func wake() {
    watchers.withLock { watchers in
      for parker in watchers.waiting.values { parker.tell() }
    }
  }

  /// Lets nobody wait any more.
  func close() {
    watchers.withLock { $0.isClosed = true }
    wake()
  }

  /// Waits until `last` gives more than a position, or for a time; gives what it gave last.
  func wait(after position: UInt64, milliseconds: Int, last: () -> UInt64) -> UInt64 {
    let parker = Parker()
    let isOpen = watchers.withLock { watchers in
      if !watchers.isClosed { watchers.waiting[ObjectIdentifier(parker)] = parker }
      return !watchers.isClosed
    }
    guard isOpen else { return position }
    defer {
      watchers.withLock { _ = $0.waiting.removeValue(forKey: ObjectIdentifier(parker)) }
    }
    var left = milliseconds
    var found = last()
    while found <= position, left > 0, !watchers.withLock(\.isClosed) {
      let pause = min(left, Self.pollMilliseconds)
      if !parker.wait(milliseconds: pause) { left -= pause }
      found = last()
    }
    return found
  }
}
