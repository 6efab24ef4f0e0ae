import Glibc

/// The claim of this process on one log. LMDB's file locks are lost when a process opens a log
/// twice and closes it once, so there is one claim for each directory, whatever its path.
final class Registration: Sendable {
  private static let claimed = Lock<[FileSystem.Identity: pid_t]>(acrossForks: [:])
  private let identity: FileSystem.Identity
  private let isEnded = Lock(false)

  /// Claims a directory; `nil` if this process has a claim on it. A claim made before a fork
  /// is not the child's.
  init?(_ identity: FileSystem.Identity) {
    self.identity = identity
    let process = getpid()
    let isNew = Self.claimed.withLock { claimed in
      guard claimed[identity] != process else { return false }
      claimed[identity] = process
      return true
    }
    guard isNew else { return nil }
  }

  func end() {
    let isFirst = isEnded.withLock { ended in
      defer { ended = true }
      return !ended
    }
    guard isFirst else { return }
    Self.claimed.withLock { claimed in
      if claimed[identity] == getpid() { claimed[identity] = nil }
    }
  }
}
