import Glibc

/// A folder held open, below which nothing leads out: names are looked up one by one, and symbolic
/// links are never followed.
final class Folder {
  private let descriptor: Int32

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Opens a folder that the user names, which may itself be a link; nil if it is none.
  static func open(_ path: String) -> Folder? {
    let descriptor = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    return descriptor < 0 ? nil : Folder(descriptor)
  }

  /// Opens a folder directly below; nil if it is none, or a link.
  func folder(_ name: String) -> Folder? {
    guard Self.isName(name) else { return nil }
    let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
    let found = unsafe openat(descriptor, name, flags)
    return found < 0 ? nil : Folder(found)
  }

  /// The size of a regular file directly below; nil if it is none, or a link.
  func size(_ name: String) -> Int? {
    guard Self.isName(name) else { return nil }
    var status = stat()
    guard unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0,
      status.st_mode & S_IFMT == S_IFREG
    else { return nil }
    return Int(status.st_size)
  }

  /// The names of what lies directly below, in no order; nil when it cannot be listed.
  func names() -> [String]? {
    let copy = unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0 else { return nil }
    guard let stream = unsafe fdopendir(copy) else {
      close(copy)
      return nil
    }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Whether text is a name of one file: an id from a log may be anything.
  static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 255 && text != "." && text != ".."
      && !text.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
  }
}
