internal import Glibc
internal import WakelogProviders

/// The two streams of a running CLI: passed through as they come, read on the way.
struct AttemptStream {
  private let child: ChildProcess
  private var reader: OutputReader?
  private var outputTail = StreamTail()
  private var errorTail = StreamTail()

  /// `reader` is nil for output that is not to be read.
  init(child: ChildProcess, reader: OutputReader?) {
    self.child = child
    self.reader = reader
  }

  /// What the output says so far.
  var reading: AttemptReading { reader?.reading ?? AttemptReading() }
  /// The end of standard output.
  var output: String { outputTail.text }
  /// The end of standard error.
  var errors: String { errorTail.text }

  /// Passes both streams through until they end; `alive` is called at the start, when the session
  /// was seen to be entered, and every so many seconds.
  ///
  /// What a CLI leaves running keeps its streams open: they are let go a moment after its end.
  mutating func pump(every seconds: UInt32, alive: (AttemptReading) -> Void) {
    var isOpen = (output: child.output >= 0, errors: true)
    var wasEntered = false
    var hasEnded = false
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    alive(reading)
    var beat = now() + Int(seconds)
    while isOpen.output || isOpen.errors {
      let patience = min(max(0, beat - now()) * 1_000, hasEnded ? 200 : 1_000)
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
      if now() >= beat || (reading.isEntered && !wasEntered) {
        wasEntered = reading.isEntered
        alive(reading)
        beat = now() + Int(seconds)
      }
    }
    reader?.end()
  }

  private mutating func pass(
    _ from: Int32, to: Int32, _ chunk: inout [UInt8], isOutput: Bool
  ) -> Bool {
    let count = Descriptor.read(from, into: &chunk)
    guard count > 0 else { return false }
    // Whoever reads our output may go away; what the CLI does is recorded all the same.
    _ = Descriptor.write(chunk[..<count], to: to)
    if isOutput {
      outputTail.take(chunk[..<count])
      reader?.take(chunk[..<count])
    } else {
      errorTail.take(chunk[..<count])
    }
    return true
  }

  private func now() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec
  }
}

/// The end of a stream that is passed through.
private struct StreamTail {
  /// How much is kept as evidence, in bytes.
  private static let kept = 64 << 10
  private var bytes: [UInt8] = []

  /// Whole characters only.
  var text: String {
    String(decoding: bytes.suffix(Self.kept).drop { $0 & 0xC0 == 0x80 }, as: UTF8.self)
  }

  mutating func take(_ piece: ArraySlice<UInt8>) {
    bytes += piece
    if bytes.count > 2 * Self.kept { bytes.removeFirst(bytes.count - Self.kept) }
  }
}
