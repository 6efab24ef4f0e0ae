internal import Glibc
internal import Synchronization
internal import WakelogHost

/// A Unix socket that only its owner may use.
///
/// A socket that nobody serves any more is replaced; one that is served is left alone, and so is
/// whatever is no socket or another user's. Made under a lock of its own, so that two servers
/// starting at once do not replace each other's.
final class SocketListener: Sendable {
  /// Why a socket could not be made.
  struct Failure: Error {
    /// What is wrong and what to do.
    var message: String
    /// Whether another server has it.
    var isInUse = false

    /// Another server has it, of a process whose number is known or not.
    static func inUse(_ path: String, by process: Int32?) -> Failure {
      let name = process.map { "another server (process \($0))" } ?? "another server"
      return Failure(
        message: "\(name) listens on \(path); connect to it, or choose another path", isInUse: true)
    }
  }

  /// Accepts connections.
  let descriptor: Int32
  private let path: String
  private let lock: SocketLock
  private let identity: FileIdentity?
  private let isRemoved = Mutex(false)

  /// Makes the socket, mode 0600, and listens on it.
  init(path: String) throws(Failure) {
    guard !path.isEmpty, path.utf8.count < SocketAddress.capacity else {
      throw Failure(
        message: "a socket's path has 1 to \(SocketAddress.capacity - 1) bytes; choose another")
    }
    self.path = path
    lock = try SocketLock(ofSocket: path)
    do {
      try Self.removeStale(path)
      descriptor = try Self.listen(path)
    } catch {
      lock.remove()
      throw error
    }
    identity = FileIdentity(path)
  }

  /// Removes the file, unless somebody has put another in its place, and listens no more. Removing
  /// it twice does nothing.
  func remove() {
    let wasRemoved = isRemoved.withLock { isRemoved in
      defer { isRemoved = true }
      return isRemoved
    }
    guard !wasRemoved else { return }
    if let identity, identity == FileIdentity(path) { unsafe unlink(path) }
    close(descriptor)
    lock.remove()
  }

  /// The file is its owner's alone from the moment it is there, and nobody can connect before it is
  /// listened on.
  private static func listen(_ path: String) throws(Failure) -> Int32 {
    let descriptor = open()
    let mask = umask(0o177)
    let isBound = descriptor >= 0 && SocketAddress(path).bind(descriptor)
    let code = errno
    umask(mask)
    guard isBound, Glibc.listen(descriptor, SOMAXCONN) == 0 else {
      let failure = Failure(message: "\(path): \(systemError(isBound ? errno : code))")
      if isBound { unsafe unlink(path) }
      close(descriptor)
      throw failure
    }
    return descriptor
  }

  private static func removeStale(_ path: String) throws(Failure) {
    guard let file = FileIdentity(path) else { return }
    guard file.isSocket else {
      throw Failure(message: "\(path) exists and is no socket; remove it or choose another path")
    }
    guard file.owner == geteuid() else {
      throw Failure(
        message: "\(path) is a socket of another user's; remove it or choose another path")
    }
    let probe = open()
    defer { close(probe) }
    // One whose queue is full is served, if slowly.
    if SocketAddress(path).connect(probe) || errno == EAGAIN {
      throw .inUse(path, by: peerProcess(of: probe))
    }
    guard errno == ECONNREFUSED else {
      throw Failure(message: "\(path): \(systemError()); remove it or choose another path")
    }
    unsafe unlink(path)
  }

  /// A socket that never waits.
  private static func open() -> Int32 {
    let kind =
      Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    return socket(AF_UNIX, kind, 0)
  }
}
