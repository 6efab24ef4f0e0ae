package import Glibc

/// A directory held open, below which nothing leads out: names are looked up one by one, no symbolic
/// link is followed, and no name may contain a path.
@safe package final class Folder {
  /// Where it is, for messages.
  package let path: String
  private let descriptor: Int32

  private init(_ descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  /// Opens the directory that a person named, who may name it through links; nil, with `errno` set,
  /// if it is none.
  package convenience init?(opening path: String) {
    let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    self.init(descriptor, path: path)
  }

  /// Looks at a name; nil when nothing lies there.
  package func status(of name: String) -> stat? {
    var status = stat()
    guard Self.isName(name), unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0
    else { return nil }
    return status
  }

  /// The size in bytes of a regular file of that name; nil if it is none.
  package func size(_ name: String) -> Int? {
    guard let status = status(of: name), status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  /// The directory of that name in this one; nil when there is none.
  package func folder(_ name: String) -> Folder? {
    guard Self.isName(name) else { return nil }
    let inner = unsafe openat(
      descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    return inner < 0 ? nil : Folder(inner, path: path + "/" + name)
  }

  /// Opens the regular file of that name for reading; nil when there is none.
  package func openFile(_ name: String) -> Int32? {
    guard size(name) != nil else { return nil }
    let inner = unsafe openat(
      descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    return inner < 0 ? nil : inner
  }

  /// The names of what lies in it, in no order; nil, with `errno` set, when it cannot be listed.
  package func list() -> [String]? {
    let copy = unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0 else { return nil }
    guard let stream = unsafe fdopendir(copy) else {
      close(copy)
      return nil
    }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Whether a text, which may come from anywhere, can be the name of a file and of nothing else.
  package static func isName(_ text: String) -> Bool {
    !text.isEmpty && text != "." && text != ".." && text.utf8.count <= 255
      && !text.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
  }
}
