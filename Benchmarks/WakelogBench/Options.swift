import Glibc

/// What the command line asks for.
struct Options {
  var events = 10_000_000
  var sessions = 100_000
  var only: String?
  var directory = "/tmp/wakelog-bench"
  /// Commands that measure other languages; see Suite+Bindings.swift.
  var bindings: [String] = []
  var isQuick = false
  var keepsLog = false
  /// Set when this process was started by another to be measured from within.
  var child: String?

  static let usage = """
    usage: wakelog-bench [--events N] [--sessions N] [--only NAME] [--dir DIR] [--quick] [--keep]
                         [--binding COMMAND]...

      --events N    events in the log that is replayed (default 10,000,000)
      --sessions N  session keys they are spread over (default 100,000)
      --only NAME   one part alone: size, replay, bulk, callers, decision, opening, memory,
                    retention, bindings
      --binding C   a command that measures another language beside Swift; may be repeated
      --dir DIR     where the logs go, on the disk to be measured (default /tmp/wakelog-bench)
      --quick       200,000 events over 5,000 sessions, everything shorter: for every build
      --keep        leaves the log there, and uses the one that is there
    """

  init(_ arguments: [String]) {
    var rest = arguments.dropFirst()
    while let argument = rest.popFirst() {
      switch argument {
      case "--events": events = Self.number(rest.popFirst())
      case "--sessions": sessions = Self.number(rest.popFirst())
      case "--only": only = Self.text(rest.popFirst())
      case "--dir": directory = Self.text(rest.popFirst())
      case "--binding": bindings.append(Self.text(rest.popFirst()))
      case "--keep": keepsLog = true
      case "--child": child = rest.popFirst()
      case "--quick":
        isQuick = true
        events = 200_000
        sessions = 5_000
      case "--help":
        print(Self.usage)
        exit(0)
      default: Self.refuse("\(argument) is unknown")
      }
    }
  }

  func wants(_ name: String) -> Bool { only == nil || only == name }

  private static func text(_ text: String?) -> String {
    guard let text else { refuse("a word is missing") }
    return text
  }

  private static func number(_ text: String?) -> Int {
    guard let text, let number = Int(text), number > 0 else { refuse("a number is missing") }
    return number
  }

  private static func refuse(_ message: String) -> Never {
    print("\(message)\n\n\(usage)")
    exit(2)
  }
}
