internal import Glibc
internal import Wakelog
internal import WakelogProviders

/// The two streams of a running CLI: passed through as they come, read on the way.
struct AttemptStream {
  private let child: ChildProcess
  private var reader: OutputReader?
  private var printed = ProgramOutput()
  private var complained = ProgramOutput()

  /// `reader` is nil for output that is not to be read.
  init(child: ChildProcess, reader: OutputReader?) {
    self.child = child
    self.reader = reader
  }

  /// What the output says so far.
  var reading: AttemptReading { reader?.reading ?? AttemptReading() }
  /// What was written to standard output and to standard error, cut to what is kept.
  var texts: (output: String, errors: String) {
    let texts = ProgramOutput.texts(of: [printed, complained])
    return (texts[0], texts[1])
  }

  /// Passes both streams through until they end; `alive` is called at the start, when the session
  /// was seen to be entered, and every so many seconds. Gives whether the CLI was ended because it
  /// took longer than `limit` seconds.
  ///
  /// What a CLI leaves running keeps its streams open: they are let go a moment after its end.
  mutating func pump(
    every seconds: UInt32, limit: Int?, alive: (AttemptReading) -> Void
  ) -> Bool {
    var ends = Self.ends
    var end = limit.map { now() + $0 }
    var wasEnded = false
    var isOpen = (output: child.output >= 0, errors: true)
    var wasEntered = false
    var hasEnded = false
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    alive(reading)
    var beat = now() + Int(seconds)
    while isOpen.output || isOpen.errors {
      let next = min(beat, end ?? .max)
      let patience = min(max(0, next - now()) * 1_000, hasEnded ? 200 : 1_000)
      // A descriptor of -1 is not waited for.
      let ready = Descriptor.wait(
        for: [
          (isOpen.output ? child.output : -1, POLLIN), (isOpen.errors ? child.errors : -1, POLLIN),
        ], milliseconds: Int32(patience))
      if ready[0] != 0 {
        isOpen.output = pass(child.output, to: STDOUT_FILENO, &chunk, isOutput: true)
      }
      if ready[1] != 0 {
        isOpen.errors = pass(child.errors, to: STDERR_FILENO, &chunk, isOutput: false)
      }
      if ready == [0, 0] {
        if hasEnded { break }
        hasEnded = child.hasEnded
      }
      if let due = end, now() >= due, !hasEnded {
        kill(child.target, ends[0].signal)
        end = ends[0].patience.map { now() + $0 }
        ends.removeFirst()
        wasEnded = true
      }
      if now() >= beat || (reading.isEntered && !wasEntered) {
        wasEntered = reading.isEntered
        alive(reading)
        beat = now() + Int(seconds)
      }
    }
    reader?.end()
    return wasEnded
  }

  /// How a CLI that takes too long is ended, and how long it has to go.
  private static let ends: [(signal: Int32, patience: Int?)] = [(SIGTERM, 5), (SIGKILL, nil)]

  private mutating func pass(
    _ from: Int32, to: Int32, _ chunk: inout [UInt8], isOutput: Bool
  ) -> Bool {
    let count = Descriptor.read(from, into: &chunk)
    guard count > 0 else { return false }
    // Whoever reads our output may go away; what the CLI does is recorded all the same.
    _ = Descriptor.write(chunk[..<count], to: to)
    if isOutput {
      printed.take(chunk[..<count])
      reader?.take(chunk[..<count])
    } else {
      complained.take(chunk[..<count])
    }
    return true
  }

  private func now() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec
  }
}
