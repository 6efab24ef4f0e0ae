internal import Glibc

/// A path as the address of a Unix socket.
struct SocketAddress {
  /// Bytes that the system has for the path and its end.
  static let capacity = MemoryLayout.size(ofValue: sockaddr_un().sun_path)

  private var address = sockaddr_un()

  /// Takes a path of fewer bytes than `capacity`.
  init(_ path: String) {
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { bytes in
      unsafe bytes.copyBytes(from: path.utf8)
    }
  }

  /// Gives a socket this address.
  func bind(_ descriptor: Int32) -> Bool {
    unsafe withAddress { unsafe Glibc.bind(descriptor, $0, $1) } == 0
  }

  /// Connects a socket to this address.
  func connect(_ descriptor: Int32) -> Bool {
    unsafe withAddress { unsafe Glibc.connect(descriptor, $0, $1) } == 0
  }

  private func withAddress(
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    unsafe withUnsafePointer(to: address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}

/// The user at the other end of a Unix socket; nil when the system does not say.
func peerUser(of descriptor: Int32) -> uid_t? { PeerCredentials(of: descriptor)?.uid }

/// The process at the other end of a Unix socket; nil when the system does not say.
func peerProcess(of descriptor: Int32) -> pid_t? {
  PeerCredentials(of: descriptor).flatMap { $0.pid > 0 ? $0.pid : nil }
}

/// What the kernel says of a peer: `struct ucred` of socket(7), which Glibc's module leaves out.
private struct PeerCredentials {
  var pid: pid_t = 0
  var uid = uid_t.max
  var gid = gid_t.max

  init?(of descriptor: Int32) {
    var length = socklen_t(MemoryLayout<Self>.size)
    guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &self, &length) == 0 else {
      return nil
    }
  }
}
