internal import Wakelog
internal import WakelogModel

extension CommandError {
  /// Finds how the tool ends for an error of whatever origin.
  init(_ error: any Error) {
    switch error {
    case let error as CommandError: self = error
    case let error as WakelogError:
      let status: ExitStatus =
        switch error.code {
        case .invalidParameter, .unknownMethod, .tooLarge: .usage
        case .corrupt: .unreadable
        case .staleFence, .hostSuperseded, .notFound, .conflict, .busy, .diskFull, .readOnly:
          .refused
        }
      let field = error.field.map { "\($0): " } ?? ""
      self.init(status: status, message: field + error.message)
    default: self.init(status: .refused, message: "\(error)")
    }
  }
}

extension CommandTable {
  /// Says on standard error why a command was not carried out; nil for what is wrong with the
  /// output of any.
  static func report(_ error: CommandError, of command: Command?, asJSON: Bool) {
    if asJSON {
      let object: JSONValue = [
        "error": [
          "message": .string(error.message), "exitStatus": .integer(Int64(error.status.code)),
        ]
      ]
      printError(object.text, prefix: "")
      return
    }
    printError(error.message, prefix: "wakelog\(command.map { " \($0.name)" } ?? ""): ")
    if let command, error.status == .usage {
      printErrorLines("  \(command.usage)\n'wakelog \(command.name) --help' explains")
    }
  }
}

/// The version of the tool.
let version = "0.1.0"
