internal import WakelogModel

/// One object of parameters: hands out its values by form, and names the one at fault.
///
/// What is unknown or given twice shows in the count of what was asked for; only then are names
/// compared one by one.
///
/// Names compare by their bytes: `Swift.String` takes canonically equivalent spellings for equal.
struct ParameterReader: ParameterVisitor {
  /// The longest text that is a name or a remark, in bytes.
  static let longestName = 1_024
  /// The longest canonical JSON of an object that is kept as it is, in bytes.
  static let longestObject = 16 << 10

  private let object: JSONObject
  private let path: String
  /// How many members were asked for.
  private var count = 0

  init(_ object: JSONObject, path: String) {
    self.object = object
    self.path = path
  }

  /// Whether every member was asked for, and so is known and given once.
  var isComplete: Bool { count == object.members.count }

  /// Throws when a member is unknown or given twice.
  func requireKnown(_ names: [String]) throws(WakelogError) {
    var seen = [Bool](repeating: false, count: names.count)
    for member in object.members {
      let field = self.path(of: member.name)
      guard let index = names.firstIndex(where: { $0.hasSameBytes(as: member.name) }) else {
        throw WakelogError(
          .invalidParameter,
          "`\(field)` is unknown; remove it, or use one of \(names.joined(separator: ", "))",
          field: field)
      }
      guard !seen[index] else {
        throw WakelogError(
          .invalidParameter, "`\(field)` is given twice; give it once", field: field)
      }
      seen[index] = true
    }
  }

  /// The dotted path of a member of this object.
  func path(of name: String) -> String { Self.path(path, name) }

  mutating func required<Value>(
    _ name: String, _ value: inout Value, _ form: @autoclosure () -> ParameterForm<Value>
  ) throws(WakelogError) {
    guard let given = member(name), !given.isNull else {
      let field = path(of: name)
      throw WakelogError(
        .invalidParameter, "`\(field)` is missing; give \(form().expected())", field: field)
    }
    value = try form().read(given, path(of: name))
  }

  mutating func optional<Value>(
    _ name: String, _ value: inout Value?, _ form: @autoclosure () -> ParameterForm<Value>
  ) throws(WakelogError) {
    guard let given = member(name), !given.isNull else { return value = nil }
    value = try form().read(given, path(of: name))
  }

  mutating func nullable<Value>(
    _ name: String, _ value: inout Given<Value>, _ form: @autoclosure () -> ParameterForm<Value>
  ) throws(WakelogError) {
    guard let given = member(name) else { return value = .leftOut }
    value = given.isNull ? .nothing : .value(try form().read(given, path(of: name)))
  }

  private mutating func member(_ name: String) -> JSONValue? {
    for member in object.members where member.name.hasSameBytes(as: name) {
      count += 1
      return member.value
    }
    return nil
  }
}

extension ParameterReader {
  /// The dotted path of a member of the object at a path.
  static func path(_ path: String, _ name: String) -> String {
    path.isEmpty ? shown(name) : "\(path).\(shown(name))"
  }

  /// A name as errors quote it: cut where it is longer than any that is known.
  static func shown(_ name: String) -> String {
    guard !name.isEmpty else { return "\"\"" }
    let scalars = name.unicodeScalars
    // Scalars take up to four bytes, so a name of 64 bytes has no more than 64 of them.
    guard name.utf8.count > 64,
      let end = scalars.index(
        scalars.startIndex, offsetBy: 64, limitedBy: scalars.endIndex), end != scalars.endIndex
    else { return name }
    return String(scalars[..<end]) + "…"
  }
}

extension String {
  /// Whether both are spelt with the same bytes.
  func hasSameBytes(as other: String) -> Bool {
    let (mine, others) = (utf8Span.span, other.utf8Span.span)
    guard mine.count == others.count else { return false }
    for index in mine.indices where mine[index] != others[index] { return false }
    return true
  }
}
