import CWakelogSystem
import Glibc

/// The system's files, one function per call.
enum FileSystem {
  /// What tells one file or directory from another, whatever its path.
  struct Identity: Hashable, Sendable {
    var device: UInt64 = 0
    var inode: UInt64 = 0
  }

  struct Status: Sendable, Equatable {
    var identity: Identity
    var mode: UInt32
    var user: UInt32
    var group: UInt32
    var links: Int
    var size: Int
    /// When its content and its state were last changed, in nanoseconds since 1970.
    var modified: Int64
    var changed: Int64

    init(_ raw: stat) {
      identity = Identity(device: UInt64(raw.st_dev), inode: UInt64(raw.st_ino))
      mode = raw.st_mode
      user = raw.st_uid
      group = raw.st_gid
      links = Int(raw.st_nlink)
      size = Int(raw.st_size)
      modified = unsafe withUnsafePointer(to: raw) { unsafe wakelog_modified($0) }
      changed = unsafe withUnsafePointer(to: raw) { unsafe wakelog_changed($0) }
    }

    var isDirectory: Bool { mode & S_IFMT == S_IFDIR }
    var isRegular: Bool { mode & S_IFMT == S_IFREG }
    var isLink: Bool { mode & S_IFMT == S_IFLNK }
  }

  /// What a path leads to; nil with `errno` where it leads nowhere.
  static func status(_ path: String) -> Status? {
    var raw = stat()
    return unsafe stat(path, &raw) == 0 ? Status(raw) : nil
  }

  /// What stands at a path itself, be it a link.
  static func statusOfLink(_ path: String) -> Status? {
    var raw = stat()
    return unsafe lstat(path, &raw) == 0 ? Status(raw) : nil
  }

  static func status(_ descriptor: Int32) -> Status? {
    var raw = stat()
    return unsafe fstat(descriptor, &raw) == 0 ? Status(raw) : nil
  }

  /// The path from the root, through no link; as it was given where that cannot be found out.
  static func realPath(_ path: String) -> String {
    guard let real = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }

  static func createDirectory(_ path: String) throws(StoreError) {
    if unsafe mkdir(path, 0o700) != 0, errno != EEXIST {
      throw StoreError(lmdb: errno, "mkdir")
    }
  }

  static func entries(_ path: String) throws(StoreError) -> [String] {
    guard let directory = unsafe opendir(path) else {
      throw StoreError(lmdb: errno, "opendir")
    }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { raw in
        unsafe String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Opens a file to be read: no link is followed, and a pipe is not waited for.
  static func open(_ path: String) throws(StoreError) -> Int32 {
    let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { throw StoreError(lmdb: errno, "open") }
    return descriptor
  }

  /// Opens a file to be written, making it if need be, as `open` does.
  static func openForWriting(_ path: String, mode: UInt32) throws(StoreError) -> Int32 {
    let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
    let descriptor = unsafe Glibc.open(path, flags, mode)
    guard descriptor >= 0 else { throw StoreError(lmdb: errno, "open") }
    return descriptor
  }

  /// Makes a file that nobody but its owner may ever use, to be written.
  static func create(_ path: String) throws(StoreError) -> Int32 {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
    let descriptor = unsafe Glibc.open(path, flags, 0o600)
    guard descriptor >= 0 else { throw StoreError(lmdb: errno, "open") }
    // Whatever the mask left of it.
    _ = fchmod(descriptor, 0o600)
    return descriptor
  }

  /// Makes sure that a file has room for its first bytes, making it longer if need be. File systems
  /// that cannot promise room are let through.
  static func reserve(_ descriptor: Int32, bytes: Int) throws(StoreError) {
    var raw = stat()
    guard unsafe fstat(descriptor, &raw) == 0 else { throw StoreError(lmdb: errno, "fstat") }
    if raw.st_blocks * 512 < bytes || raw.st_size < bytes {
      let code = posix_fallocate(descriptor, 0, bytes)
      if code == ENOSPC || code == EDQUOT { throw StoreError(lmdb: code, "posix_fallocate") }
    }
    guard unsafe fstat(descriptor, &raw) == 0, raw.st_size < bytes else { return }
    guard ftruncate(descriptor, bytes) == 0 else { throw StoreError(lmdb: errno, "ftruncate") }
  }

  static func close(_ descriptor: Int32) {
    _ = Glibc.close(descriptor)
  }

  static func size(_ descriptor: Int32) throws(StoreError) -> Int {
    var raw = stat()
    guard unsafe fstat(descriptor, &raw) == 0 else { throw StoreError(lmdb: errno, "fstat") }
    return Int(raw.st_size)
  }

  /// Reads up to a buffer full; fewer bytes only at the end of the file.
  static func read(
    _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(StoreError) -> Int {
    var done = 0
    while done < buffer.count {
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count = unsafe pread(descriptor, rest.baseAddress, rest.count, offset + done)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw StoreError(lmdb: errno, "pread") }
      if count == 0 { break }
      done += count
    }
    return done
  }

  /// The bytes at an offset, fewer only at the end of the file.
  static func read(_ descriptor: Int32, count: Int, at offset: Int) throws(StoreError) -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 8)
    defer { unsafe buffer.deallocate() }
    let done = unsafe try read(descriptor, into: buffer, at: offset)
    return unsafe Array(buffer[..<done])
  }

  /// Writes all of a buffer where the file stands.
  static func write(_ descriptor: Int32, _ bytes: Bytes) throws(StoreError) {
    var done = 0
    while done < bytes.count {
      let count = unsafe Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw StoreError(lmdb: count < 0 ? errno : EIO, "write") }
      done += count
    }
  }

  /// Writes all of a buffer at an offset.
  static func write(
    _ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int
  ) throws(StoreError) {
    var done = 0
    while done < bytes.count {
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = unsafe pwrite(descriptor, rest.baseAddress, rest.count, offset + done)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw StoreError(lmdb: count < 0 ? errno : EIO, "pwrite") }
      done += count
    }
  }

  /// Gives a file a second name; `false` if that name is taken.
  static func link(_ path: String, as name: String) throws(StoreError) -> Bool {
    if unsafe Glibc.link(path, name) == 0 { return true }
    if errno == EEXIST { return false }
    throw StoreError(lmdb: errno, "link")
  }

  static func remove(_ path: String) {
    _ = unsafe Glibc.unlink(path)
  }

  static func removeDirectory(_ path: String) {
    _ = unsafe Glibc.rmdir(path)
  }

  /// Makes a file, or the names in a directory, survive a loss of power.
  static func sync(_ path: String) throws(StoreError) {
    let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw StoreError(lmdb: errno, "open") }
    defer { close(descriptor) }
    try sync(descriptor)
  }

  static func sync(_ descriptor: Int32) throws(StoreError) {
    guard fsync(descriptor) == 0 else { throw StoreError(lmdb: errno, "fsync") }
  }
}

extension FileSystem {
  /// Whether a file cannot grow: less than a mebibyte is free, or the process's limit is reached.
  static func isFull(_ path: String) -> Bool {
    var volume = statvfs()
    if unsafe statvfs(path, &volume) == 0, volume.f_bavail * volume.f_frsize < 1 << 20 {
      return true
    }
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0,
      let size = status(path)?.size
    else { return false }
    return limit.rlim_cur < UInt(Int.max) && UInt(size) + 1 << 16 > limit.rlim_cur
  }

  /// Whether another process holds a lock on the first byte, as LMDB does while a log is open.
  static func isLockedElsewhere(_ descriptor: Int32) -> Bool {
    var request = flock()
    request.l_type = Int16(F_WRLCK)
    request.l_whence = Int16(SEEK_SET)
    request.l_len = 1
    guard unsafe fcntl(descriptor, F_GETLK, &request) == 0 else { return false }
    return request.l_type != Int16(F_UNLCK)
  }
}
