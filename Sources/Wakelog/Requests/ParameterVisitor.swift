internal import WakelogModel

/// Sees every parameter of a request in its canonical order.
///
/// One description of a request serves all who need its parameters: the reader, the writer, and
/// whoever needs the names.
protocol ParameterVisitor {
  /// What a visit may throw.
  associatedtype Failure: Error

  /// A parameter that every call gives.
  mutating func required<Value>(
    _ name: String, _ value: inout Value, _ form: @autoclosure () -> ParameterForm<Value>)
    throws(Failure)
  /// A parameter that may be left out.
  mutating func optional<Value>(
    _ name: String, _ value: inout Value?, _ form: @autoclosure () -> ParameterForm<Value>)
    throws(Failure)
  /// A parameter for which null is a value of its own.
  mutating func nullable<Value>(
    _ name: String, _ value: inout Given<Value>, _ form: @autoclosure () -> ParameterForm<Value>)
    throws(Failure)
}

extension ParameterVisitor {
  /// A boolean that may be left out, and then has its default.
  mutating func boolean(
    _ name: String, _ value: inout Bool, otherwise: Bool = false
  ) throws(Failure) {
    var given: Bool? = value == otherwise ? nil : value
    try optional(name, &given, .boolean)
    value = given ?? otherwise
  }

  /// How many entries a page has.
  mutating func limit(_ value: inout UInt32) throws(Failure) {
    var given: UInt32? = value == 1_000 ? nil : value
    try optional("limit", &given, .integer(1...10_000))
    value = given ?? 1_000
  }

  /// The time, which every call takes.
  mutating func time(_ at: inout Instant?) throws(Failure) { try optional("at", &at, .time) }

  /// The time and the idempotency key, which every call that writes takes.
  mutating func time(_ at: inout Instant?, key: inout String?) throws(Failure) {
    try time(&at)
    try optional("key", &key, .name)
  }
}

/// An object of parameters: a request, or an object within one.
protocol ParameterObject: Sendable {
  /// An object that is only good for being read into.
  init()
  /// Shows every parameter to a visitor, which may change it.
  mutating func visit<Visitor: ParameterVisitor>(
    _ visitor: inout Visitor) throws(Visitor.Failure)
  /// What is wrong between parameters that are each right.
  func conflict() -> (field: String, message: String)?
}

extension ParameterObject {
  func conflict() -> (field: String, message: String)? { nil }

  /// Reads all parameters.
  mutating func read(_ object: JSONObject, path: String = "") throws(WakelogError) {
    var reader = ParameterReader(object, path: path)
    do throws(WakelogError) {
      try visit(&reader)
    } catch {
      // A name that is wrong is said before a value that is.
      try reader.requireKnown(Self.parameterNames)
      throw error
    }
    if !reader.isComplete { try reader.requireKnown(Self.parameterNames) }
    guard let conflict = conflict() else { return }
    let field = conflict.field.isEmpty ? path : reader.path(of: conflict.field)
    throw WakelogError(.invalidParameter, "`\(field)` \(conflict.message)", field: field)
  }

  /// All parameters as canonical JSON.
  var written: JSONObject {
    var copy = self
    var writer = ParameterWriter()
    copy.visit(&writer)
    return writer.object
  }

  /// The names of the parameters in their order.
  static var parameterNames: [String] {
    var empty = Self()
    var names = ParameterNames()
    empty.visit(&names)
    return names.names
  }
}

/// Collects the names of parameters.
private struct ParameterNames: ParameterVisitor {
  var names: [String] = []

  mutating func required<Value>(
    _ name: String, _ value: inout Value, _ form: @autoclosure () -> ParameterForm<Value>
  ) { names.append(name) }
  mutating func optional<Value>(
    _ name: String, _ value: inout Value?, _ form: @autoclosure () -> ParameterForm<Value>
  ) { names.append(name) }
  mutating func nullable<Value>(
    _ name: String, _ value: inout Given<Value>, _ form: @autoclosure () -> ParameterForm<Value>
  ) { names.append(name) }
}

/// Writes parameters as canonical JSON.
struct ParameterWriter: ParameterVisitor {
  private(set) var object = JSONObject()

  mutating func required<Value>(
    _ name: String, _ value: inout Value, _ form: @autoclosure () -> ParameterForm<Value>
  ) { object.members.append(.init(name: name, value: form().write(value))) }

  mutating func optional<Value>(
    _ name: String, _ value: inout Value?, _ form: @autoclosure () -> ParameterForm<Value>
  ) {
    guard let value else { return }
    object.members.append(.init(name: name, value: form().write(value)))
  }

  mutating func nullable<Value>(
    _ name: String, _ value: inout Given<Value>, _ form: @autoclosure () -> ParameterForm<Value>
  ) {
    switch value {
    case .leftOut: break
    case .nothing: object.members.append(.init(name: name, value: .null))
    case .value(let value): object.members.append(.init(name: name, value: form().write(value)))
    }
  }
}
