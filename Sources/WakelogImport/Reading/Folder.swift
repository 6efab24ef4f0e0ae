import Glibc

/// A directory of a host's store. Names are looked up in it and nowhere else: no symbolic link is
/// followed, and no name may contain a path.
@safe final class Folder {
  /// Where it is, for messages.
  let path: String
  private let descriptor: Int32

  private init(_ descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  /// Opens the directory that a person named; they may name it through links.
  static func open(_ path: String) throws(ImportError) -> Folder {
    guard let real = unsafe realpath(path, nil) else {
      throw ImportError("\(path): \(systemError()); give the path of the store")
    }
    defer { unsafe free(real) }
    let name = unsafe String(cString: real)
    let descriptor = unsafe Glibc.open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ImportError("\(name): \(systemError())") }
    return Folder(descriptor, path: name)
  }

  /// What a name of the directory is.
  enum Kind { case file(bytes: Int64), folder, link, other, none }

  /// Looks at a name without following it.
  func kind(of name: String) -> Kind {
    guard Self.isName(name) else { return .none }
    var status = stat()
    guard unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return .none }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file(bytes: Int64(status.st_size))
    case S_IFDIR: return .folder
    case S_IFLNK: return .link
    default: return .other
    }
  }

  /// What changes of a regular file when somebody writes to it; nil when there is none.
  struct Stamp: Equatable {
    var file: UInt64
    var bytes: Int64
    var seconds: Int
    var nanoseconds: Int
  }

  /// The stamp of a name, not followed.
  func stamp(of name: String) -> Stamp? {
    var status = stat()
    guard Self.isName(name),
      unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0,
      status.st_mode & S_IFMT == S_IFREG
    else { return nil }
    return Stamp(
      file: UInt64(status.st_ino), bytes: Int64(status.st_size),
      seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
  }

  /// Whether a regular file of that name is there.
  func hasFile(_ name: String) -> Bool {
    if case .file = kind(of: name) { true } else { false }
  }

  /// The directory of that name in this one; nil when there is none.
  func folder(_ name: String) -> Folder? {
    guard Self.isName(name) else { return nil }
    let inner = unsafe openat(
      descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    return inner >= 0 ? Folder(inner, path: path + "/" + name) : nil
  }

  /// The regular file of that name, opened for reading; nil when there is none.
  ///
  /// - Parameter isPacked: Whether it has to be unpacked.
  func file(_ name: String, isPacked: Bool = false) -> Lines? {
    guard hasFile(name) else { return nil }
    let inner = unsafe openat(
      descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard inner >= 0 else { return nil }
    let bytes = FileBytes(inner)
    return Lines(isPacked ? Unpacked(bytes) : bytes)
  }

  /// The names in the directory, sorted by bytes.
  func names() throws(ImportError) -> [String] {
    let copy = unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0, let stream = unsafe fdopendir(copy) else {
      throw ImportError("\(path): \(systemError())")
    }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Whether a text can be the name of a file, and of nothing else.
  static func isName(_ text: String) -> Bool {
    !text.isEmpty && text != "." && text != ".." && text.utf8.count <= 255
      && !text.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
  }
}

/// The system's words for the last error of a system call.
func systemError() -> String {
  unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
}
