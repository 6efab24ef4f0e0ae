internal import Glibc
internal import Wakelog
internal import WakelogHost

/// Passes on to the CLI the signals that ask this process to stop, and is stopped when the CLI is.
///
/// At a terminal both are of one process group, so that a signal of the terminal reaches the CLI by
/// itself, and the terminal stays the CLI's to read and to set. A CLI with a group of its own gets
/// all signals from here, and its group with it.
struct SignalRelay: Sendable {
  private static let relayed = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP]
  private let state = Monitor(State())

  private struct State {
    /// Whether a run is open, so that this process must not end without saying how it ended.
    var isBusy = false
    /// The CLI; 0 for none.
    var child: pid_t = 0
    /// What `kill` takes for it.
    var target: pid_t = 0
    /// The signal that came while there was none; 0 for none.
    var pending: Int32 = 0
  }

  /// Begins to take the signals; to be called before any thread starts, since threads inherit what
  /// is blocked.
  init() {
    signal(SIGPIPE, SIG_IGN)
    SignalSet.block(Self.relayed + [SIGCHLD])
    let state = state
    let thread = Thread.start {
      while true {
        let (number, fromTerminal) = SignalSet.wait(Self.relayed + [SIGCHLD])
        if number == SIGCHLD {
          let (child, target) = state.look { ($0.child, $0.target) }
          if child > 0 { Self.stopBeside(child, target) }
        } else {
          Self.take(number, fromTerminal, state)
        }
      }
    }
    thread?.detach()
  }

  /// From here on a signal waits for the next CLI instead of ending this process.
  func begin() { state.change { $0.isBusy = true } }

  /// The signal that came while there was no CLI to get it; 0 for none.
  var pending: Int32 { state.look { $0.pending } }

  /// Names the CLI that gets the signals; nil for none.
  func follow(_ child: ChildProcess?) {
    let pending = state.change { state in
      state.child = child?.id ?? 0
      state.target = child?.target ?? 0
      defer { if child != nil { state.pending = 0 } }
      return state.pending
    }
    guard let child else { return }
    if pending != 0 { kill(child.target, pending) }
    // It may have stopped before it had a name here.
    kill(getpid(), SIGCHLD)
  }

  private static func take(_ number: Int32, _ fromTerminal: Bool, _ state: Monitor<State>) {
    let (target, isShared, isBusy) = state.change { state in
      // One of the terminal has reached the CLI that has just ended.
      if state.child == 0, !fromTerminal, number != SIGTSTP { state.pending = number }
      return (state.target, state.target > 0, state.isBusy)
    }
    if target != 0 {
      if !fromTerminal || !isShared { kill(target, number) }
    } else if number == SIGTSTP {
      raise(SIGSTOP)
    } else if !isBusy {
      _exit(128 + number)
    }
  }

  /// The shell takes the terminal back only when the whole job is stopped, and a CLI that reads
  /// keys by itself stops only itself.
  private static func stopBeside(_ child: pid_t, _ target: pid_t) {
    guard isStopped(child) else { return }
    // Both may have been continued already, this process first.
    usleep(50_000)
    guard isStopped(child) else { return }
    // To this thread, so that it is stopped before the next line.
    raise(SIGSTOP)
    kill(target, SIGCONT)
  }

  private static func isStopped(_ child: pid_t) -> Bool {
    ChildProcess.hasReport(child, WSTOPPED)
  }
}
