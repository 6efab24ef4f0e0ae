internal import Glibc
internal import WakelogHost

/// All commands, in the order in which the help shows them.
///
/// A command is added here and nowhere else: a `Command` value, in the group where one would look
/// for it.
enum CommandTable {
  /// Commands that belong together.
  struct Group: Sendable {
    /// What they are for.
    var title: String
    /// The commands.
    var commands: [Command]
  }

  /// The groups.
  static let groups = [
    Group(title: "Start here", commands: [.demo]),
    Group(title: "Hosts", commands: [.serve, .run, .providers, .classify, .policy]),
    Group(
      title: "Looking",
      commands: [.sessions, .agents, .runs, .events, .timeline, .show, .why, .attention, .stats]),
    Group(
      title: "After an incident",
      commands: [.diagnose, .at, .bisect, .doctor, .replay, .minimise, .report]),
    Group(title: "Acting", commands: [.pause, .unpause, .reset, .abandon, .repair, .redact]),
    Group(
      title: "Keeping",
      commands: [.verify, .salvage, .backup, .compact, .trim, .forget, .export, .importing]),
  ]

  /// All commands.
  static var commands: [Command] { groups.flatMap(\.commands) }

  /// Carries out what was typed, and sees that what it printed arrived; gives the exit status.
  static func run(_ arguments: [String]) -> ExitStatus {
    StandardOutput.prepare()
    let status = carryOut(arguments)
    guard let failure = StandardOutput.close() else { return status }
    guard failure != EPIPE else { return status == .done ? .unread : status }
    let error = CommandError(
      status: status.code < 2 ? .unwritten : status,
      message:
        "standard output cannot be written (\(systemError(failure))): what was to be printed "
        + "is not all there; what the command did is done")
    report(error, of: nil, asJSON: wantsJSON(arguments))
    return error.status
  }

  private static func carryOut(_ arguments: [String]) -> ExitStatus {
    guard let name = arguments.first else {
      printErrorLines(page)
      return .usage
    }
    switch name {
    case "--help", "-h": return help(nil)
    case "help": return help(arguments.dropFirst().first)
    case "--version":
      printOut("wakelog \(version)\n")
      return .done
    default: break
    }
    guard let command = commands.first(where: { $0.name == name }) else {
      return unknown(name)
    }
    return run(command, Array(arguments.dropFirst()))
  }

  private static func run(_ command: Command, _ arguments: [String]) -> ExitStatus {
    do {
      let invocation = try command.parse(arguments)
      if invocation.has("--help") {
        printOut(command.page)
        return .done
      }
      return try WholeLog.carryOut(invocation)
    } catch {
      let error = CommandError(error)
      report(error, of: command, asJSON: wantsJSON(arguments))
      return error.status
    }
  }

  private static func wantsJSON(_ arguments: [String]) -> Bool {
    arguments.prefix { $0 != "--" }.contains("--json")
  }

  private static func help(_ name: String?) -> ExitStatus {
    guard let name else {
      printOut(page)
      return .done
    }
    guard let command = commands.first(where: { $0.name == name }) else { return unknown(name) }
    printOut(command.page)
    return .done
  }

  private static func unknown(_ name: String) -> ExitStatus {
    printError("no command '\(name)'\(hint(name, among: commands.map(\.name)))")
    printErrorLines("'wakelog --help' lists the commands")
    return .usage
  }
}
