/// A place in a JSON document: names from the top down, `*` for every member of an object and every
/// element of an array: `stats.models.*.tokens.prompt`.
public struct JSONPath: Sendable, Hashable {
  /// The names.
  public let names: [String]

  /// Reads a path written with dots; nil when a name is empty.
  public init?(_ text: String) {
    let names = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard !names.contains("") else { return nil }
    self.names = names
  }

  /// The path as written.
  public var text: String { names.joined(separator: ".") }

  /// Every value that stands there, in the document's order.
  public func values(in document: JSONValue) -> [JSONValue] {
    var found = [document]
    for name in names {
      found = found.flatMap { value -> [JSONValue] in
        if name != "*" { return value[name].map { [$0] } ?? [] }
        return value.array ?? value.object?.members.map(\.value) ?? []
      }
    }
    return found
  }
}

extension JSONPath: ExpressibleByStringLiteral {
  /// The path as written; empty names are left out.
  public init(stringLiteral value: String) {
    names = value.split(separator: ".").map(String.init)
  }
}
