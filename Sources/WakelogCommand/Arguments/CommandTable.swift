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
      commands: [.verify, .backup, .compact, .trim, .forget, .export, .importing]),
  ]

  /// All commands.
  static var commands: [Command] { groups.flatMap(\.commands) }

  /// Carries out what was typed; gives the exit status.
  static func run(_ arguments: [String]) -> ExitStatus {
    guard let name = arguments.first else {
      printError(page, prefix: "")
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
      let wantsJSON = arguments.prefix { $0 != "--" }.contains("--json")
      report(error, of: command, asJSON: wantsJSON)
      return error.status
    }
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
    printError(
      "no command '\(name)'\(hint(name, among: commands.map(\.name)))\n"
        + "'wakelog --help' lists the commands")
    return .usage
  }
}
