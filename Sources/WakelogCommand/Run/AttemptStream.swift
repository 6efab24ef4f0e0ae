internal import Glibc
internal import WakelogModel

/// The two streams of a running CLI: passed through as they come, read on the way.
struct AttemptStream {
  private let child: ChildProcess
  private let cli: AgentCLI?
  private var outputTap = OutputTap()
  private var errorTap = OutputTap()
  /// What the output says so far.
  private(set) var reading = AttemptReading()

  init(child: ChildProcess, cli: AgentCLI?) {
    self.child = child
    self.cli = cli
  }

  /// The end of standard output.
  var output: String { outputTap.text }
  /// The end of standard error.
  var errors: String { errorTap.text }

  /// Passes both streams through until they end; `alive` is called at the start, when the session
  /// was seen to be entered, and every so many seconds.
  mutating func pump(every seconds: UInt32, alive: (AttemptReading) -> Void) {
    var isOpen = (output: true, errors: true)
    var wasEntered = false
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    alive(reading)
    var beat = now() + Int(seconds)
    while isOpen.output || isOpen.errors {
      // A descriptor of -1 is not waited for.
      let ready = Descriptor.wait(
        for: [
          (isOpen.output ? child.output : -1, POLLIN), (isOpen.errors ? child.errors : -1, POLLIN),
        ], milliseconds: Int32(max(0, beat - now()) * 1_000))
      if ready[0] != 0 {
        isOpen.output = pass(child.output, to: STDOUT_FILENO, &chunk, isOutput: true)
      }
      if ready[1] != 0 {
        isOpen.errors = pass(child.errors, to: STDERR_FILENO, &chunk, isOutput: false)
      }
      if now() >= beat || (reading.isEntered && !wasEntered) {
        wasEntered = reading.isEntered
        alive(reading)
        beat = now() + Int(seconds)
      }
    }
    outputTap.endLine { line in cli?.read(line, &reading) }
  }

  private mutating func pass(
    _ from: Int32, to: Int32, _ chunk: inout [UInt8], isOutput: Bool
  ) -> Bool {
    let count = Descriptor.read(from, into: &chunk)
    guard count > 0 else { return false }
    // Whoever reads our output may go away; what the CLI does is recorded all the same.
    _ = Descriptor.write(chunk[..<count], to: to)
    if isOutput {
      outputTap.take(chunk[..<count]) { line in cli?.read(line, &reading) }
    } else {
      errorTap.take(chunk[..<count]) { _ in }
    }
    return true
  }

  private func now() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec
  }
}

/// Passes on to the CLI the signals that ask this process to stop.
///
/// A signal that the terminal sends reaches the CLI by itself, being of the same group.
struct SignalRelay: Sendable {
  private static let relayed = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
  private let child = Monitor<pid_t>(0)

  /// Begins to take the signals.
  init() {
    signal(SIGPIPE, SIG_IGN)
    SignalSet.block(Self.relayed)
    let child = child
    let thread = Thread.start {
      while true {
        let (number, fromTerminal) = SignalSet.wait(Self.relayed)
        let id = child.change { $0 }
        if id > 0, !fromTerminal { kill(id, number) }
        if id == 0 { _exit(128 + number) }
      }
    }
    thread?.detach()
  }

  /// Names the process that gets them; 0 for none, when a signal ends this process.
  func follow(_ id: pid_t) { child.change { $0 = id } }
}
