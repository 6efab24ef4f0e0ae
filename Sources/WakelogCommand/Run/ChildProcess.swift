internal import Glibc

/// A program that is run with its output through pipes, its input and its terminal left as they are.
///
/// It stays in this process's group: Control-C, Control-Z and the size of the window reach it as if
/// the shell had started it.
struct ChildProcess {
  /// How a program ended.
  enum Ending: Equatable {
    /// It ended by itself with a status.
    case exited(Int32)
    /// A signal ended it.
    case signalled(Int32)
  }

  /// The process id.
  let id: pid_t
  /// Gives what it writes to standard output; -1 where that is this process's own.
  let output: Int32
  /// Gives what it writes to standard error.
  let errors: Int32

  /// Finds a program as a shell would; nil when there is none that may be run.
  static func find(_ name: String) -> String? {
    if name.utf8.contains(UInt8(ascii: "/")) {
      guard unsafe access(name, X_OK) == 0, let path = unsafe realpath(name, nil) else {
        return nil
      }
      defer { unsafe free(path) }
      return unsafe String(cString: path)
    }
    for folder in (environment("PATH") ?? "/usr/bin:/bin").split(separator: ":") {
      let path = "\(folder)/\(name)"
      if unsafe access(path, X_OK) == 0 { return path }
    }
    return nil
  }

  /// Starts a program in a folder; throws the system's words when it cannot. An interactive one
  /// writes to standard output itself, which has to be the terminal for it.
  init(
    _ path: String, _ arguments: [String], folder: String?, isInteractive: Bool
  ) throws(StartFailure) {
    guard let err = Descriptor.pipe() else { throw StartFailure(message: systemError()) }
    guard let out = isInteractive ? (-1, -1) : Descriptor.pipe() else {
      let failure = StartFailure(message: systemError())
      close(err.read)
      close(err.write)
      throw failure
    }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    if !isInteractive {
      unsafe posix_spawn_file_actions_adddup2(&actions, out.write, STDOUT_FILENO)
    }
    unsafe posix_spawn_file_actions_adddup2(&actions, err.write, STDERR_FILENO)
    // The signals that this process awaits are the program's own business again.
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var none = SignalSet.make([])
    var usual = SignalSet.make([SIGPIPE, SIGXFSZ])
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &usual)
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
    var words: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { unsafe words.forEach { unsafe free($0) } }
    var process: pid_t = 0
    // Glibc's module has no way to name the folder of a spawned program: this process goes there
    // and back, which nothing else of it looks at.
    let here = unsafe open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(here) }
    var code: Int32 = 0
    if let folder, unsafe chdir(folder) != 0 { code = errno }
    if code == 0 {
      code = unsafe posix_spawn(&process, path, &actions, &attributes, &words, environ)
    }
    _ = fchdir(here)
    if !isInteractive { close(out.write) }
    close(err.write)
    guard code == 0 else {
      if !isInteractive { close(out.read) }
      close(err.read)
      throw StartFailure(message: systemError(code))
    }
    id = process
    output = out.read
    errors = err.read
  }

  /// Why a program could not be started.
  struct StartFailure: Error {
    /// The system's words.
    var message: String
  }

  /// Whether it has ended.
  var hasEnded: Bool { Self.hasReport(id, WEXITED) }

  /// Whether the system has something of a kind to report of a child, which is left to be reported
  /// again.
  static func hasReport(_ child: pid_t, _ kind: Int32) -> Bool {
    var information = unsafe siginfo_t()
    let result = unsafe waitid(P_PID, id_t(child), &information, kind | WNOHANG | WNOWAIT)
    // Zero where there is nothing to report.
    return unsafe result == 0 && information.si_signo == SIGCHLD
  }

  /// Waits for the end and lets go of everything. `ended` is called before the system may give the
  /// process id to another.
  func wait(_ ended: () -> Void) -> Ending {
    if output >= 0 { close(output) }
    close(errors)
    while waitid(P_PID, id_t(id), nil, WEXITED | WNOWAIT) < 0, errno == EINTR {}
    ended()
    var status: Int32 = 0
    while unsafe waitpid(id, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
  }
}
