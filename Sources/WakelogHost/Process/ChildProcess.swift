internal import CWakelogSystem
internal import Glibc

/// A program that is run with its output through pipes.
package struct ChildProcess: Sendable {
  /// How a program ended.
  package enum Ending: Equatable, Sendable {
    /// It ended by itself with a status.
    case exited(Int32)
    /// A signal ended it.
    case signalled(Int32)
    /// It ended, and somebody else took note of how: a host that ignores SIGCHLD has the system do
    /// so.
    case unknown
  }

  /// How a program is run.
  package struct Program: Sendable {
    /// Its path.
    package var path: String
    /// Its name, and its arguments.
    package var words: [String]
    /// Its environment, `NAME=value`; nil for this process's own.
    package var environment: [String]?
    /// Where it works; nil for here.
    package var folder: String?
    /// Its standard input; nil for this process's own.
    package var input: Int32?
    /// One more descriptor that it inherits, under its number here.
    package var kept: Int32?
    /// Whether it writes to this process's own standard output, which has to be the terminal for
    /// a program that speaks with a person.
    package var isInteractive = false
    /// Whether it leads a process group of its own, so that it can be ended with all that it starts.
    package var leadsGroup = true
    /// Whether the kernel ends it when the thread that started it ends.
    package var diesWithParent = true

    /// A program in a group of its own.
    package init(path: String, words: [String]) {
      self.path = path
      self.words = words
    }
  }

  /// The process id.
  package let id: Int32
  /// Gives what it writes to standard output; -1 where that is this process's own.
  package let output: Int32
  /// Gives what it writes to standard error.
  package let errors: Int32
  /// Whether it leads a process group of its own.
  package let ownsGroup: Bool

  /// Finds a program as a shell would, in the folders of a `PATH`; nil when there is none that may
  /// be run.
  package static func find(_ name: String, path: String?) -> String? {
    if name.utf8.contains(UInt8(ascii: "/")) {
      guard unsafe access(name, X_OK) == 0, let path = unsafe realpath(name, nil) else {
        return nil
      }
      defer { unsafe free(path) }
      return unsafe String(cString: path)
    }
    guard !name.isEmpty else { return nil }
    for folder in (path ?? "/usr/bin:/bin").split(separator: ":") {
      let path = "\(folder)/\(name)"
      if unsafe access(path, X_OK) == 0 { return path }
    }
    return nil
  }

  /// Starts a program; throws the system's words when it cannot. `named` gets its number before it
  /// runs.
  package init(
    _ program: Program, named: (Int32) -> Void = { _ in }
  ) throws(StartFailure) {
    guard let err = Descriptor.pipe() else { throw StartFailure(message: systemError()) }
    guard let out = program.isInteractive ? (-1, -1) : Descriptor.pipe() else {
      let failure = StartFailure(message: systemError())
      close(err.read)
      close(err.write)
      throw failure
    }
    ownsGroup = program.leadsGroup
    let words = CStrings(program.words)
    let environment = program.environment.map(CStrings.init)
    let place = unsafe program.folder.map { unsafe strdup($0)! }
    defer { unsafe free(place) }
    var process: pid_t = 0
    let code = unsafe program.path.withCString { path in
      var raw = unsafe wakelog_program(
        path: path, words: words.start, environment: environment?.start, folder: place,
        input: program.input ?? -1, output: out.write, errors: err.write,
        kept: program.kept ?? -1, own_group: program.leadsGroup,
        dies_with_parent: program.diesWithParent)
      return withoutActuallyEscaping(named) { named in
        let box = Named(named)
        let context = unsafe Unmanaged.passUnretained(box).toOpaque()
        return withExtendedLifetime((box, words, environment)) {
          unsafe wakelog_spawn(
            &raw, &process,
            { id, context in
              unsafe Unmanaged<Named>.fromOpaque(context!).takeUnretainedValue().body(id)
            }, context)
        }
      }
    }
    if !program.isInteractive { close(out.write) }
    close(err.write)
    guard code == 0 else {
      if !program.isInteractive { close(out.read) }
      close(err.read)
      throw StartFailure(message: systemError(code))
    }
    id = process
    output = out.read
    errors = err.read
  }

  /// Why a program could not be started.
  package struct StartFailure: Error {
    /// The system's words.
    package var message: String
  }

  /// What `kill` takes for it: its group, if that is its own.
  package var target: Int32 { ownsGroup ? -id : id }

  /// Whether it has ended.
  package var hasEnded: Bool { Self.hasReport(id, WEXITED) }

  /// Whether the system has something of a kind to report of a child, which is left to be reported
  /// again; true where it has no such child any more.
  package static func hasReport(_ child: Int32, _ kind: Int32) -> Bool {
    var information = unsafe siginfo_t()
    let result = unsafe waitid(P_PID, id_t(child), &information, kind | WNOHANG | WNOWAIT)
    if result < 0, errno == ECHILD { return kind == WEXITED }
    // Zero where there is nothing to report.
    return unsafe result == 0 && information.si_signo == SIGCHLD
  }

  /// Waits for the end and lets go of everything. `ended` is called before the system may give the
  /// process id to another.
  package func wait(_ ended: () -> Void) -> Ending {
    if output >= 0 { close(output) }
    close(errors)
    while waitid(P_PID, id_t(id), nil, WEXITED | WNOWAIT) < 0, errno == EINTR {}
    ended()
    var status: Int32 = 0
    var result: pid_t
    repeat { result = unsafe waitpid(id, &status, 0) } while result < 0 && errno == EINTR
    guard result == id else { return .unknown }
    let signal = status & 0x7F
    return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
  }
}

/// Texts as C takes a list of them: each ended by a zero byte, the list by a null.
@safe private final class CStrings {
  private var pointers: UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>

  init(_ texts: [String]) {
    unsafe pointers = .allocate(capacity: texts.count + 1)
    for (index, text) in texts.enumerated() {
      unsafe pointers.initializeElement(at: index, to: strdup(text))
    }
    unsafe pointers.initializeElement(at: texts.count, to: nil)
  }

  deinit {
    for index in unsafe pointers.indices { unsafe free(pointers[index]) }
    unsafe pointers.deallocate()
  }

  var start: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? { unsafe pointers.baseAddress }
}

/// Is told the number of a program, from C.
private final class Named {
  let body: (Int32) -> Void
  init(_ body: @escaping (Int32) -> Void) { self.body = body }
}
