internal import Glibc
internal import WakelogHost
internal import WakelogModel

/// Writes text to standard output, made safe for a terminal. That it cannot be written is
/// remembered, and said when the tool ends.
func printOut(_ text: String) {
  printOut(Array(text.utf8))
}

/// Writes bytes of UTF-8 to standard output.
func printOut(_ bytes: [UInt8]) {
  guard !StandardOutput.hasFailed else { return }
  let isSafe = bytes.allSatisfy(isPlain)
  let shown =
    isSafe
    ? bytes
    : Array(escaped(String(decoding: bytes, as: UTF8.self), keepingStyles: Style.isShown).utf8)
  if !Descriptor.write(shown, to: STDOUT_FILENO) { StandardOutput.remember(errno) }
}

/// Writes a line to standard error, made safe for a terminal.
func printError(_ text: String, prefix: String = "wakelog: ") {
  _ = Descriptor.write(Array("\(prefix)\(printable(text))\n".utf8), to: STDERR_FILENO)
}

/// Writes lines of our own to standard error.
func printErrorLines(_ text: String) {
  _ = Descriptor.write(Array("\(escaped(text))\n".utf8), to: STDERR_FILENO)
}

/// A number of things, in words: `1 event`, `12 events`.
func counted(_ count: some BinaryInteger, _ thing: String) -> String {
  "\(count) \(thing)\(count == 1 ? "" : "s")"
}

/// Says on standard error how far long work has come; only where a person looks on.
struct ProgressLine {
  private let isShown = Descriptor.isTerminal(STDERR_FILENO)
  private var lastSecond: Int = 0
  private var hasPrinted = false

  /// Shows a count now and then.
  mutating func show(_ text: @autoclosure () -> String) {
    guard isShown else { return }
    let second = Int(Clock.elapsed / 200_000_000)
    guard second != lastSecond else { return }
    lastSecond = second
    hasPrinted = true
    _ = Descriptor.write(Array("\r\u{1B}[K\(printable(text()))".utf8), to: STDERR_FILENO)
  }

  /// Takes the line away.
  func finish() {
    if hasPrinted { _ = Descriptor.write(Array("\r\u{1B}[K".utf8), to: STDERR_FILENO) }
  }
}
