internal import Glibc
internal import Synchronization

/// What became of what this process writes to standard output.
///
/// Nobody looks at single writes: the first that fails is remembered, nothing is written after it,
/// and the tool says so when it ends. Long commands stop when they see `hasFailed`.
enum StandardOutput {
  private static let failure = Mutex<Int32?>(nil)

  /// Whether something could not be written.
  static var hasFailed: Bool { failure.withLock { $0 != nil } }

  /// Remembers why a write failed, unless an earlier one did.
  static func remember(_ code: Int32) {
    failure.withLock { $0 = $0 ?? code }
  }

  /// Makes the process ready to write: before anything else is opened.
  ///
  /// A standard stream that is closed would be the next file that is opened, and a log be written
  /// over by what is printed: each becomes one that can only fail. A broken pipe and a limit on the
  /// size of files are errors of their writes, and no deaths.
  static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) < 0 {
      _ = unsafe open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Closes standard output, which is when some file systems say that they are full; gives the
  /// first error there was.
  static func close() -> Int32? {
    if Glibc.close(STDOUT_FILENO) != 0 { remember(errno) }
    return failure.withLock { $0 }
  }
}
