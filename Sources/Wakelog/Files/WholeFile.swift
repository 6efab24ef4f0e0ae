import Glibc

/// A file that is there as a whole or not at all, and that its owner alone may read, as the log.
///
/// It is written beside its place under another name, flushed to the disk, and given its name then.
/// When that fails, a file that was there before stays, and nothing else is left behind.
package enum WholeFile {
  /// Makes a file of what `body` writes piece by piece; gives what `body` gives.
  ///
  /// Throws what `body` throws, `conflict` where there is a file and it is not to be replaced,
  /// `notFound` where the directory is missing, `diskFull`, or `readOnly` for whatever else the
  /// system says.
  package static func write<Result>(
    to path: String, replacing: Bool, _ body: (([UInt8]) throws -> Void) throws -> Result
  ) throws -> Result {
    let isThere = unsafe access(path, F_OK) == 0
    guard replacing || !isThere else { throw failure(path, EEXIST) }
    // A device or a pipe is written to, for there is nothing that could take its place.
    let isStream = Self.isStream(path)
    let draft = isStream ? path : path + ".draft-\(getpid())"
    let flags = isStream ? O_WRONLY | O_NOCTTY : O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW
    let descriptor = unsafe open(draft, flags | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(path, errno) }
    var isOpen = true
    do {
      var pending: [UInt8] = []
      let result = try body { piece in
        pending += piece
        guard pending.count > 1 << 16 else { return }
        guard writeAll(pending, descriptor) else { throw failure(path, errno) }
        pending.removeAll(keepingCapacity: true)
      }
      guard writeAll(pending, descriptor), isStream || fsync(descriptor) == 0 else {
        throw failure(path, errno)
      }
      isOpen = false
      // Some file systems say only here that they are full.
      guard close(descriptor) == 0, isStream || name(draft, path, replacing) else {
        throw failure(path, errno)
      }
      if !isStream { flushFolder(of: path) }
      return result
    } catch {
      if isOpen { close(descriptor) }
      if !isStream { unsafe unlink(draft) }
      throw error
    }
  }

  /// Makes a file of bytes, or replaces the one that is there.
  package static func write(_ bytes: [UInt8], to path: String) throws(WakelogError) {
    do {
      try write(to: path, replacing: true) { write in try write(bytes) }
    } catch {
      throw WakelogError(any: error)
    }
  }

  /// Whether a path names what is neither a file nor a folder.
  private static func isStream(_ path: String) -> Bool {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return false }
    return ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
  }

  private static func name(_ draft: String, _ path: String, _ replacing: Bool) -> Bool {
    guard !replacing else { return unsafe rename(draft, path) == 0 }
    // Unlike a rename, a link never takes the place of what came meanwhile.
    guard unsafe link(draft, path) == 0 else { return false }
    unsafe unlink(draft)
    return true
  }

  /// Makes the name as durable as the bytes; where the system cannot, the file is there all the
  /// same.
  private static func flushFolder(of path: String) {
    let parts = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? "."
    let folder = unsafe open(String(parts), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }

  private static func writeAll(_ bytes: [UInt8], _ descriptor: Int32) -> Bool {
    unsafe bytes.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
        let count = unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        done += count
      }
      return true
    }
  }

  private static func failure(_ path: String, _ code: Int32) -> WakelogError {
    switch code {
    case EEXIST:
      WakelogError(
        .conflict, "\(path) is there already; name a file that is not", field: "output")
    case ENOENT, ENOTDIR:
      WakelogError(
        .notFound, "\(path) cannot be made: its directory is missing; make it, or name another",
        field: "output")
    case ENOSPC, EDQUOT:
      WakelogError(.diskFull, "\(path) cannot be written: the disk is full", field: "output")
    case EISDIR:
      WakelogError(.conflict, "\(path) is a directory; name a file", field: "output")
    default:
      WakelogError(
        .readOnly,
        "\(path) cannot be written (\(unsafe String(cString: strerror(code)))); name "
          + "another file", field: "output")
    }
  }
}
