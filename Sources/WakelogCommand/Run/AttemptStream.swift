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
    var ends = Self.ends
    var end = limit.map { now() + $0 }
    var wasEnded = false
    var wasEntered = false
    alive(read.reading)
    var beat = now() + Int(seconds)
    while true {
      let patience = min(max(0, min(beat, end ?? .max) - now()) * 1_000, 1_000)
      switch read.read(milliseconds: patience) {
      case .end:
        _ = read.end()
        return wasEnded
      case .output(let bytes):
        // Whoever reads our output may go away; what the CLI does is recorded all the same.
        _ = Descriptor.write(bytes, to: STDOUT_FILENO)
        read.look(at: bytes)
      case .errors(let bytes): _ = Descriptor.write(bytes, to: STDERR_FILENO)
      case .nothing: break
      }
      if let due = end, now() >= due, !child.hasEnded {
        kill(child.target, ends[0].signal)
        end = ends[0].patience.map { now() + $0 }
        ends.removeFirst()
        wasEnded = true
      }
      if now() >= beat || (read.reading.isEntered && !wasEntered) {
        wasEntered = read.reading.isEntered
        alive(read.reading)
        beat = now() + Int(seconds)
      }
    }
  }

  /// How a CLI that takes too long is ended, and how long it has to go.
  private static let ends: [(signal: Int32, patience: Int?)] = [(SIGTERM, 5), (SIGKILL, nil)]

  private func now() -> Int { Int(monotonicSeconds()) }
}
