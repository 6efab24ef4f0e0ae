internal import Wakelog
internal import WakelogModel

/// A log opened for one command.
struct Log {
  let engine: Engine

  /// Opens the log of a command that looks on.
  static func reading<Result>(
    _ invocation: Invocation, _ body: (Log) throws -> Result
  ) throws -> Result {
    var options = Engine.Options()
    options.readOnly = true
    return try open(invocation, options, body)
  }

  /// Opens the log of a command that changes something.
  static func writing<Result>(
    _ invocation: Invocation, _ body: (Log) throws -> Result
  ) throws -> Result {
    try open(invocation, Engine.Options(), body)
  }

  /// Opens the log; what goes wrong there means that it cannot be read.
  static func open<Result>(
    _ invocation: Invocation, _ options: Engine.Options, _ body: (Log) throws -> Result
  ) throws -> Result {
    let folder = try invocation.logFolder()
    var options = options
    let progress = ConversionProgress()
    options.conversionProgress = { progress.show($0, $1) }
    let engine: Engine
    do throws(WakelogError) {
      engine = try Engine.open(folder, options: options)
    } catch {
      throw CommandError(status: .unreadable, message: "\(folder): \(error.message)")
    }
    defer { engine.close() }
    return try body(Log(engine: engine))
  }

  /// Carries out a method.
  @discardableResult
  func call(_ method: String, _ params: JSONValue = [:]) throws -> JSONValue {
    guard case .object(let object) = params else { return .null }
    return try engine.call(method, object)
  }

  /// All items of a method that gives them in pages.
  func all(_ method: String, _ params: JSONValue = [:]) throws -> [JSONValue] {
    var items: [JSONValue] = []
    var params = params.object ?? JSONObject()
    while true {
      let page = try engine.call(method, params)
      items += page["items"]?.array ?? []
      guard let after = page["after"], !after.isNull else { return items }
      params["after"] = after
    }
  }

  /// The position of the last event; 0 for an empty log.
  var last: UInt64 { engine.waitForEvents(after: 0, timeoutMilliseconds: 0) }
}

extension JSONValue {
  /// The value as a table shows it: text as it is, `-` for nothing.
  var shown: String {
    switch self {
    case .null: "-"
    case .string(let text): text
    case .array(let values) where values.allSatisfy { $0.object == nil && $0.array == nil }:
      values.map(\.shown).joined(separator: ", ")
    default: text
    }
  }

  /// A member as a table shows it.
  func shown(_ name: String) -> String { (self[name] ?? .null).shown }

  /// The value over several lines, indented, for a person.
  func pretty(indent: String = "") -> String {
    let inner = indent + "  "
    switch self {
    case .object(let object) where !object.members.isEmpty:
      let members = object.members.map {
        "\(inner)\(JSONValue.string($0.name).text): \($0.value.pretty(indent: inner))"
      }
      return "{\n" + members.joined(separator: ",\n") + "\n\(indent)}"
    case .array(let values) where values.contains { $0.object != nil }:
      let elements = values.map { inner + $0.pretty(indent: inner) }
      return "[\n" + elements.joined(separator: ",\n") + "\n\(indent)]"
    case .array(let values):
      return "[" + values.map(\.text).joined(separator: ", ") + "]"
    default: return text
    }
  }
}

/// An object of those values that are there.
func object(_ members: [(String, JSONValue?)]) -> JSONValue {
  .object(
    JSONObject(
      members.compactMap { name, value in value.map { .init(name: name, value: $0) } }))
}
