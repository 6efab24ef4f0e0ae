/// Reads the members of one object of a provider's document; a name that nobody asked for is an
/// error, since it is a misspelt one.
struct DocumentMembers {
  private let object: JSONObject
  /// Where the object stands in the document; empty at the top.
  private let path: String
  private var known: [String] = []

  init(_ object: JSONObject, at path: String) {
    self.object = object
    self.path = path
  }

  /// A member's path, for messages.
  func field(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

  /// A member's value; nil when it is left out or null.
  mutating func value(_ name: String) -> JSONValue? {
    known.append(name)
    guard let value = object[name], !value.isNull else { return nil }
    return value
  }

  mutating func string(_ name: String) throws(ProviderError) -> String? {
    guard let value = value(name) else { return nil }
    guard let text = value.string, !text.isEmpty else {
      throw ProviderError(field(name), "must be text that is not empty")
    }
    return text
  }

  mutating func strings(_ name: String) throws(ProviderError) -> [String] {
    guard let value = value(name) else { return [] }
    let texts = value.array?.compactMap(\.string).filter { !$0.isEmpty }
    guard let texts, texts.count == value.array?.count else {
      throw ProviderError(field(name), "must be an array of words")
    }
    return texts
  }

  mutating func path(_ name: String) throws(ProviderError) -> JSONPath? {
    guard let text = try string(name) else { return nil }
    return try Self.path(text, field(name))
  }

  /// One path, or an array of them.
  mutating func paths(_ name: String) throws(ProviderError) -> [JSONPath] {
    if value(name)?.array == nil { return try path(name).map { [$0] } ?? [] }
    var paths: [JSONPath] = []
    for text in try strings(name) { paths.append(try Self.path(text, field(name))) }
    return paths
  }

  mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, _ type: Choice.Type
  ) throws(ProviderError) -> Choice? where Choice.RawValue == String {
    guard let text = try string(name) else { return nil }
    guard let choice = Choice(rawValue: text) else {
      let names = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
      throw ProviderError(field(name), "must be \(names)")
    }
    return choice
  }

  /// The objects of an array.
  mutating func objects(_ name: String) throws(ProviderError) -> [(JSONObject, String)] {
    guard let value = value(name) else { return [] }
    guard let array = value.array else { throw ProviderError(field(name), "must be an array") }
    var found: [(JSONObject, String)] = []
    for (index, element) in array.enumerated() {
      guard let object = element.object else {
        throw ProviderError("\(field(name))[\(index)]", "must be an object")
      }
      found.append((object, "\(field(name))[\(index)]"))
    }
    return found
  }

  /// Refuses members that were not asked for.
  func end() throws(ProviderError) {
    guard let stray = object.members.first(where: { !known.contains($0.name) }) else { return }
    throw ProviderError(
      field(stray.name), "no such member; there are \(known.joined(separator: ", "))")
  }

  static func path(_ text: String, _ field: String) throws(ProviderError) -> JSONPath {
    guard let path = JSONPath(text) else {
      throw ProviderError(field, "must be names with dots between them: \"usage.input_tokens\"")
    }
    return path
  }
}
