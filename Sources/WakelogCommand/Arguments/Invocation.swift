internal import Glibc
internal import WakelogHost

/// A command as it was called: its operands and options, checked against its table.
struct Invocation: Sendable {
  /// The command.
  var command: Command
  /// Values given by place.
  var operands: [String] = []
  /// Options in the order given, a switch with an empty value.
  var options: [(name: String, value: String)] = []
  /// What stood behind `--`.
  var rest: [String] = []

  /// Whether output is for programs.
  var wantsJSON: Bool { has("--json") }

  /// Whether an option was given.
  func has(_ name: String) -> Bool { options.contains { $0.name == name } }

  /// The value of an option as last given.
  func value(_ name: String) -> String? { options.last { $0.name == name }?.value }

  /// The value of an option as a whole number within bounds.
  func integer(_ name: String, in bounds: ClosedRange<Int64> = 0...Int64.max) throws -> Int64? {
    guard let text = value(name) else { return nil }
    guard let number = Int64(text), bounds.contains(number) else {
      let limits =
        bounds.upperBound == .max
        ? "of \(bounds.lowerBound) or more" : "from \(bounds.lowerBound) to \(bounds.upperBound)"
      throw CommandError.usage("\(name) takes a whole number \(limits), not '\(text)'")
    }
    return number
  }

  /// An operand as the number of an event or a run.
  func number(_ index: Int) throws -> Int64 {
    guard let number = Int64(operands[index]), number > 0 else {
      let name = command.operands[index].name
      throw CommandError.usage("\(name) is a number, 1 or more, not '\(operands[index])'")
    }
    return number
  }

  /// The folder of the log.
  func logFolder() throws -> String {
    if let folder = value("--log") ?? environment("WAKELOG_LOG"), !folder.isEmpty { return folder }
    throw CommandError.usage("--log DIR is missing: the folder of the log")
  }

  /// Who does it: as given, else the user's name.
  var actor: String {
    if let name = value("--by") ?? environment("USER"), !name.isEmpty { return name }
    return "user \(getuid())"
  }
}

/// A path as it is from any folder: one that is relative is of this folder.
func absolutePath(_ path: String) -> String {
  guard !path.hasPrefix("/"), let here = unsafe getcwd(nil, 0) else { return path }
  defer { unsafe free(here) }
  let folder = unsafe String(cString: here)
  return path == "." || path.isEmpty ? folder : "\(folder)/\(path)"
}

/// A variable of the environment.
func environment(_ name: String) -> String? { ProcessEnvironment.value(name) }

/// Why a command was not carried out.
struct CommandError: Error {
  /// How the tool ends.
  var status: ExitStatus
  /// What is wrong and what to do next.
  var message: String

  /// A call that cannot be understood.
  static func usage(_ message: String) -> CommandError {
    CommandError(status: .usage, message: message)
  }

  /// Something that the log or the state of things does not allow.
  static func refused(_ message: String) -> CommandError {
    CommandError(status: .refused, message: message)
  }
}
