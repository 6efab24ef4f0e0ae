internal import Glibc

/// A Unix socket that only its owner may use.
///
/// A socket that nobody serves any more is replaced; one that is served is left alone. Made under a
/// lock on its folder, so that two servers starting at once do not replace each other's.
struct SocketListener: Sendable {
  /// Why a socket could not be made.
  struct Failure: Error {
    /// What is wrong and what to do.
    var message: String
    /// Whether another server has it.
    var isInUse = false
  }

  /// Accepts connections.
  let descriptor: Int32
  private let path: String
  private let identity: FileIdentity?

  /// Makes the socket, mode 0600, and listens on it.
  init(path: String) throws(Failure) {
    guard !path.isEmpty, path.utf8.count < SocketAddress.capacity else {
      throw Failure(
        message: "a socket's path has 1 to \(SocketAddress.capacity - 1) bytes; choose another")
    }
    let folder = unsafe open(folderName(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else {
      throw Failure(message: "\(folderName(of: path)): \(systemError())")
    }
    defer { close(folder) }
    flock(folder, LOCK_EX)
    try Self.removeStale(path)
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    self.path = path
    let mask = umask(0o177)
    let isBound = descriptor >= 0 && SocketAddress(path).bind(descriptor)
    let code = errno
    umask(mask)
    guard isBound, listen(descriptor, 128) == 0 else {
      throw Failure(message: "\(path): \(systemError(isBound ? errno : code))")
    }
    identity = FileIdentity(path)
  }

  /// Removes the file, unless somebody has put another in its place, and listens no more.
  func remove() {
    if let identity, identity == FileIdentity(path) { unsafe unlink(path) }
    close(descriptor)
  }

  private static func removeStale(_ path: String) throws(Failure) {
    guard let file = FileIdentity(path) else { return }
    guard file.isSocket else {
      throw Failure(message: "\(path) exists and is no socket; remove it or choose another path")
    }
    let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    defer { close(probe) }
    if SocketAddress(path).connect(probe) {
      throw Failure(
        message: "another server listens on \(path); connect to it, or choose another path",
        isInUse: true)
    }
    guard errno == ECONNREFUSED else {
      throw Failure(message: "\(path): \(systemError()); remove it or choose another path")
    }
    unsafe unlink(path)
  }
}

/// Which file a path leads to.
private struct FileIdentity: Equatable {
  var device: UInt
  var inode: UInt
  var isSocket: Bool

  init?(_ path: String) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return nil }
    device = UInt(status.st_dev)
    inode = UInt(status.st_ino)
    isSocket = status.st_mode & S_IFMT == S_IFSOCK
  }
}

/// The folder that a path names a file in.
private func folderName(of path: String) -> String {
  guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}
