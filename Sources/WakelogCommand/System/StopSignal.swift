internal import Glibc
internal import Wakelog
internal import WakelogHost

/// Tells every blocking loop of a server that it is to stop.
///
/// The descriptor becomes readable for good, so that any number of loops can poll it beside their
/// own. The signals are blocked and awaited on a thread of their own: no handler runs anywhere.
struct StopSignal: Sendable {
  /// Polls as readable once the process is to stop.
  let descriptor: Int32

  /// Turns SIGTERM and SIGINT into a stop; to be called before any thread starts, since threads
  /// inherit what is blocked. SIGPIPE is ignored: a vanished reader is an error of its write.
  ///
  /// A second signal ends the process at once, and so does the grace running out: whoever does not
  /// read its replies, or is stopped while it holds the log, must not keep a server from stopping.
  /// `atForcedExit` returns the status that the process then ends with.
  static func install(graceSeconds: Int, atForcedExit: @escaping @Sendable () -> ExitStatus)
    -> StopSignal?
  {
    signal(SIGPIPE, SIG_IGN)
    guard let (read, write) = Descriptor.pipe() else { return nil }
    SignalSet.block([SIGTERM, SIGINT])
    let waiter = Thread.start {
      _ = SignalSet.wait([SIGTERM, SIGINT])
      close(write)
      SignalSet.wait([SIGTERM, SIGINT], seconds: graceSeconds)
      _exit(atForcedExit().code)
    }
    guard let waiter else { return nil }
    waiter.detach()
    return StopSignal(descriptor: read)
  }
}

/// Sets of signals: blocking them and waiting for them.
enum SignalSet {
  /// Keeps signals from interrupting this thread and those it starts.
  static func block(_ signals: [Int32]) {
    var set = make(signals)
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Waits for one of the signals; its number and whether the kernel sent it to the whole terminal
  /// group, as it does for Control-C.
  static func wait(_ signals: [Int32]) -> (number: Int32, fromTerminal: Bool) {
    var set = make(signals)
    var information = unsafe siginfo_t()
    while true {
      let number = unsafe sigwaitinfo(&set, &information)
      if number > 0 { return (number, unsafe information.si_code == 0x80) }
    }
  }

  /// Waits for one of the signals, but not for longer than so many seconds.
  static func wait(_ signals: [Int32], seconds: Int) {
    var set = make(signals)
    var limit = timespec(tv_sec: seconds, tv_nsec: 0)
    _ = unsafe sigtimedwait(&set, nil, &limit)
  }

  /// The set of some signals.
  static func make(_ signals: [Int32]) -> sigset_t {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for signal in signals { unsafe sigaddset(&set, signal) }
    return set
  }
}
