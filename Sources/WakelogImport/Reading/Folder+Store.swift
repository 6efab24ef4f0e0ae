import Glibc
import Wakelog

// A directory of a host's store.

extension Folder {
  /// Opens the directory that a person named; they may name it through links.
  static func open(_ path: String) throws(ImportError) -> Folder {
    guard let real = unsafe realpath(path, nil) else {
      throw ImportError("\(path): \(systemError()); give the path of the store")
    }
    defer { unsafe free(real) }
    let name = unsafe String(cString: real)
    guard let folder = Folder(opening: name) else {
      throw ImportError("\(name): \(systemError())")
    }
    return folder
  }

  /// What a name of the directory is.
  enum Kind { case file(bytes: Int64), folder, link, other, none }

  /// Looks at a name without following it.
  func kind(of name: String) -> Kind {
    guard let status = status(of: name) else { return .none }
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
    guard let status = status(of: name), status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Stamp(
      file: UInt64(status.st_ino), bytes: Int64(status.st_size),
      seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
  }

  /// Whether a regular file of that name is there.
  func hasFile(_ name: String) -> Bool { size(name) != nil }

  /// The regular file of that name, opened for reading; nil when there is none.
  ///
  /// - Parameter isPacked: Whether it has to be unpacked.
  func file(_ name: String, isPacked: Bool = false) -> Lines? {
    guard let descriptor = openFile(name) else { return nil }
    let bytes = FileBytes(descriptor)
    return Lines(isPacked ? Unpacked(bytes) : bytes)
  }

  /// The names in the directory, sorted by bytes.
  func names() throws(ImportError) -> [String] {
    guard let names = list() else { throw ImportError("\(path): \(systemError())") }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}

/// The system's words for the last error of a system call.
func systemError() -> String {
  unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
}
