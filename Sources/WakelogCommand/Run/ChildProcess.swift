internal import CWakelogSystem
internal import Glibc

/// A program that is run with its output through pipes, its input and its terminal left as they are.
/// It dies with this process.
///
/// At a terminal it stays in this process's group: Control-C, Control-Z and the size of the window
/// reach it as if the shell had started it. Elsewhere it leads a group of its own, so that it can be
/// ended with all that it has started.
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
  /// Whether it leads a process group of its own.
  let ownsGroup: Bool

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
    let leads = !isInteractive && !Descriptor.isTerminal(STDIN_FILENO)
    ownsGroup = leads
    var words: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) } + [nil]
    let place = unsafe folder.map { unsafe strdup($0)! }
    defer {
      unsafe words.forEach { unsafe free($0) }
      unsafe free(place)
    }
    var process: pid_t = 0
    let code = unsafe path.withCString { path in
      unsafe words.withUnsafeMutableBufferPointer { words in
        var program = unsafe wakelog_program(
          path: path, words: words.baseAddress, folder: place, output: out.write,
          errors: err.write, own_group: leads, dies_with_parent: true)
        return unsafe wakelog_spawn(&program, &process)
      }
    }
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

  /// What `kill` takes for it: its group, if that is its own.
  var target: pid_t { ownsGroup ? -id : id }

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
