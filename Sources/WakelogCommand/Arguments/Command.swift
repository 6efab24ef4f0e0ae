/// One command of the tool, as data: what it is called, what it takes, what it teaches, what it
/// does.
struct Command: Sendable {
  /// The word that calls it.
  var name: String
  /// What it does, in a line.
  var summary: String
  /// When one would use it, and what is worth knowing, in a few sentences.
  var about: String
  /// What follows without a name, in order.
  var operands: [Operand] = []
  /// What follows by name, besides `--json` and `--help`, which every command has.
  var options: [Option] = []
  /// What stands behind `--`, if the command takes that.
  var rest: String?
  /// Calls that one could type as they stand.
  var examples: [String]
  /// Carries it out; gives the exit status.
  var run: @Sendable (Invocation) throws -> ExitStatus

  /// A value given by its place.
  struct Operand: Sendable {
    /// How the help shows it: `SESSION`.
    var name: String
    /// Whether it must be there.
    var isRequired = true
  }

  /// A value given by name.
  struct Option: Sendable {
    /// The name with its dashes: `--log`.
    var name: String
    /// How the help shows its value; nil for a switch.
    var value: String?
    /// What it does, in a line.
    var help: String
    /// Whether the command cannot do without it.
    var isRequired = false
  }
}

extension Command.Option {
  /// The folder of the log.
  static let log = Self(
    name: "--log", value: "DIR", help: "the log's folder; left out, $WAKELOG_LOG", isRequired: true)
  /// Where the events went that the log does not have any more.
  static let archive = Self(
    name: "--archive", value: "DIR",
    help: "look at the whole log, with the events that 'trim' moved there")
  /// Output for programs.
  static let json = Self(name: "--json", value: nil, help: "print JSON, for programs")
  /// The command's own page.
  static let help = Self(name: "--help", value: nil, help: "print this page")
  /// Who does something that the log records.
  static let by = Self(name: "--by", value: "NAME", help: "who does it; left out, your user name")
  /// Why somebody does something that the log records.
  static let why = Self(
    name: "--why", value: "TEXT", help: "why, for whoever reads the log later", isRequired: true)
}

/// How the tool ends.
enum ExitStatus: Sendable, Equatable {
  /// Done.
  case done
  /// Done, and something was found: a broken seal, a bad line.
  case finding
  /// The call cannot be understood.
  case usage
  /// The log cannot be read.
  case unreadable
  /// The log or the policy says no.
  case refused
  /// What was to be printed could not be written.
  case unwritten
  /// A server ended before everything it had accepted was answered.
  case unanswered
  /// Whoever read what was printed went away.
  case unread
  /// The status of a program that was run.
  case other(Int32)

  /// The status as the system takes it.
  var code: Int32 {
    switch self {
    case .done: 0
    case .finding: 1
    case .usage: 2
    case .unreadable: 3
    case .refused: 4
    case .unwritten: 5
    case .unanswered: 6
    // As of a program that SIGPIPE ended.
    case .unread: 141
    case .other(let code): code
    }
  }
}
