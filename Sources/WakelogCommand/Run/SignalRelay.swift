internal import Glibc

/// Passes on to the CLI the signals that ask this process to stop, and is stopped when the CLI is.
///
/// Both are of one process group, so that a signal of the terminal reaches the CLI by itself, and
/// the terminal stays the CLI's to read and to set.
struct SignalRelay: Sendable {
  private static let relayed = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP]
  private let child = Monitor<pid_t>(0)

  /// Begins to take the signals; to be called before any thread starts, since threads inherit what
  /// is blocked.
  init() {
    signal(SIGPIPE, SIG_IGN)
    SignalSet.block(Self.relayed + [SIGCHLD])
    let child = child
    let thread = Thread.start {
      while true {
        let (number, fromTerminal) = SignalSet.wait(Self.relayed + [SIGCHLD])
        Self.take(number, fromTerminal, child.change { $0 })
      }
    }
    thread?.detach()
  }

  /// Names the process that gets them; 0 for none, when a signal ends this process.
  func follow(_ id: pid_t) { child.change { $0 = id } }

  private static func take(_ number: Int32, _ fromTerminal: Bool, _ child: pid_t) {
    switch number {
    case SIGCHLD: if child > 0 { stopBeside(child) }
    case _ where child > 0: if !fromTerminal { kill(child, number) }
    case SIGTSTP: kill(getpid(), SIGSTOP)
    default: _exit(128 + number)
    }
  }

  /// The shell takes the terminal back only when the whole job is stopped, and a CLI that reads
  /// keys by itself stops only itself.
  private static func stopBeside(_ child: pid_t) {
    guard isStopped(child) else { return }
    // Both may have been continued already, this process first.
    usleep(50_000)
    guard isStopped(child) else { return }
    kill(getpid(), SIGSTOP)
    kill(child, SIGCONT)
  }

  private static func isStopped(_ child: pid_t) -> Bool {
    ChildProcess.hasReport(child, WSTOPPED)
  }
}
