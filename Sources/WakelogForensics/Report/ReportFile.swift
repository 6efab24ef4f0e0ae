import Glibc
public import Wakelog

extension Report {
  /// Writes a page to a file: whoever reads it sees the old one or all of the new one.
  ///
  /// Only its owner may read it, as the log. Throws `notFound` where the directory is missing,
  /// `diskFull`, or `readOnly` for whatever else the system says; then the old file stays.
  public static func write(_ page: [UInt8], to path: String) throws(WakelogError) {
    let draft = path + ".draft-\(getpid())"
    let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw failure(path) }
    guard writeAll(page, descriptor), fsync(descriptor) == 0 else {
      let error = failure(path)
      close(descriptor)
      _ = unsafe unlink(draft)
      throw error
    }
    close(descriptor)
    guard unsafe rename(draft, path) == 0 else {
      let error = failure(path)
      _ = unsafe unlink(draft)
      throw error
    }
  }

  private static func writeAll(_ page: [UInt8], _ descriptor: Int32) -> Bool {
    unsafe page.withUnsafeBytes { bytes in
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

  private static func failure(_ path: String) -> WakelogError {
    switch errno {
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
        "\(path) cannot be written (\(unsafe String(cString: strerror(errno)))); name "
          + "another file", field: "output")
    }
  }
}
