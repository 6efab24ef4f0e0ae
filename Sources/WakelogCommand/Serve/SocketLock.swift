internal import Glibc
internal import WakelogHost

/// The right to serve a socket's path: a lock on a file of its own, beside the socket.
///
/// Held for as long as the server lives, and never waited for: whoever else holds it is a server,
/// whose number stands in the file. Nobody but the owner can open the file, so no stranger can keep
/// a server from starting; that another user put it there first is an error that says so.
struct SocketLock: Sendable {
  private let path: String
  private let descriptor: Int32

  init(ofSocket socket: String) throws(SocketListener.Failure) {
    path = socket + ".lock"
    while true {
      let file = try Self.open(path)
      guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
        let code = errno
        defer { close(file) }
        guard code == EWOULDBLOCK else {
          throw .init(message: "\(path): \(systemError(code)); choose another path for the socket")
        }
        throw .inUse(socket, by: Self.holder(file))
      }
      // A server that has just ended took the file away: then this is a lock on nothing.
      if FileIdentity(path) == FileIdentity(file) {
        descriptor = file
        break
      }
      close(file)
    }
    ftruncate(descriptor, 0)
    _ = Descriptor.write(Array("\(getpid())\n".utf8), to: descriptor)
  }

  /// Takes the file away, and lets the lock go.
  func remove() {
    if FileIdentity(path) == FileIdentity(descriptor) { unsafe unlink(path) }
    close(descriptor)
  }

  /// Opens the file, never through a link and nothing but a file of this user's.
  private static func open(_ path: String) throws(SocketListener.Failure) -> Int32 {
    let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
    let file = unsafe Glibc.open(path, flags, 0o600)
    guard file >= 0 else {
      let because = errno == ELOOP ? "is a link" : systemError()
      throw .init(message: "\(path): \(because); remove it, or choose another path for the socket")
    }
    guard let identity = FileIdentity(file), identity.isFile, identity.owner == geteuid(),
      fchmod(file, 0o600) == 0
    else {
      close(file)
      throw .init(
        message: "\(path) is no file of this user's; remove it, or choose another path for the "
          + "socket")
    }
    return file
  }

  private static func holder(_ file: Int32) -> Int32? {
    var text = [UInt8](repeating: 0, count: 32)
    let count = Descriptor.read(file, into: &text)
    guard count > 0 else { return nil }
    return Int32(String(decoding: text[..<count].prefix { $0 != 10 }, as: UTF8.self))
  }
}

/// Which file a path leads to, itself a link or not, or which one is open.
struct FileIdentity: Equatable {
  private var device: UInt
  private var inode: UInt
  private var mode: mode_t
  /// Whose it is.
  private(set) var owner: uid_t

  init?(_ path: String) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  init?(_ descriptor: Int32) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    device = UInt(status.st_dev)
    inode = UInt(status.st_ino)
    mode = status.st_mode & S_IFMT
    owner = status.st_uid
  }

  /// Whether it is a socket.
  var isSocket: Bool { mode == S_IFSOCK }
  /// Whether it is a plain file.
  var isFile: Bool { mode == S_IFREG }
}
