internal import Glibc
internal import Wakelog
internal import WakelogHost
internal import WakelogProviders

/// The two streams of a running CLI: passed through as they come, read on the way.
struct AttemptStream {
  private let child: ChildProcess
  /// What was read.
  private(set) var read: AttemptOutput

  /// `reader` is nil for output that is not to be read.
  init(child: ChildProcess, reader: OutputReader?) {
    self.child = child
    read = AttemptOutput(child: child, reader: reader)
  }

  /// Passes both streams through until they end; `alive` is called at the start, when the session
  /// was seen to be entered, and every so many seconds. Gives whether the CLI was ended because it
  /// took longer than `limit` seconds.
  mutating func pump(
    every seconds: UInt32, limit: Int?, alive: (AttemptReading) -> Void
  ) -> Bool {
    var termination = Termination()
    var due = limit.map { monotonicSeconds() + Double($0) }
    var wasEntered = false
    alive(read.reading)
    var beat = monotonicSeconds() + Double(seconds)
    while true {
      let patience = min(max(0, min(beat, due ?? .infinity) - monotonicSeconds()), 1)
      switch read.read(milliseconds: Int((patience * 1_000).rounded(.up))) {
      case .end:
        _ = read.end()
        return termination.hasBegun
      case .output(let bytes):
        // Whoever reads our output may go away; what the CLI does is recorded all the same.
        _ = Descriptor.write(bytes, to: STDOUT_FILENO)
        read.look(at: bytes)
      case .errors(let bytes): _ = Descriptor.write(bytes, to: STDERR_FILENO)
      case .nothing: break
      }
      let now = monotonicSeconds()
      if let isDue = due, now >= isDue, !child.hasEnded {
        termination.begin(at: now)
        due = termination.signal(child, at: now)
      }
      if now >= beat || (read.reading.isEntered && !wasEntered) {
        wasEntered = read.reading.isEntered
        alive(read.reading)
        beat = now + Double(seconds)
      }
    }
  }
}
