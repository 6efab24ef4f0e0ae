internal import Glibc
internal import WakelogHost

/// How a piece of text stands out on a terminal.
enum Style: String {
  /// As it is.
  case plain = ""
  /// A heading.
  case bold = "1"
  /// Of less interest.
  case dim = "2"
  /// Something failed or is dead.
  case red = "31"
  /// Something works.
  case green = "32"
  /// Something wants a look.
  case yellow = "33"

  /// Whether standard output shows colours: a terminal, and NO_COLOR (no-color.org) not set.
  static let isShown =
    Descriptor.isTerminal(STDOUT_FILENO) && (environment("NO_COLOR") ?? "").isEmpty
    && environment("TERM") != "dumb"

  /// The text in this style.
  func apply(_ text: String) -> String {
    self == .plain || !Self.isShown ? text : "\u{1B}[\(rawValue)m\(text)\u{1B}[0m"
  }

  /// The code that some text begins with, if it is one of ours; nil for any other.
  static func opening(_ text: Substring.UnicodeScalarView) -> String? {
    codes.first { text.starts(with: $0.unicodeScalars) }
  }

  private static let codes =
    ["\u{1B}[0m"]
    + [bold, dim, red, green, yellow].map { "\u{1B}[\($0.rawValue)m" } + ["\u{1B}[1;31m"]

  /// The style of a word that says how something is or ended.
  static func of(status: String) -> Style {
    switch status {
    case "succeeded", "running": .green
    case "failed", "failing", "timedOut", "condemned": .red
    case "interrupted", "cancelled", "superseded", "paused", "queued": .yellow
    default: .plain
    }
  }
}
