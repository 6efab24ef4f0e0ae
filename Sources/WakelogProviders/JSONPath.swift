/// A place in a JSON document: names from the top down with dots between them.
///
/// `*` is every member of an object and every element of an array, `**` any depth, and a dot that
/// belongs to a name is written `\\.`: `stats.models.*.tokens.prompt`, `**.usage.in`,
/// `session\\.id`.
public struct JSONPath: Sendable, Hashable {
  /// The names.
  public let names: [String]

  /// Reads a path; nil when a name is empty.
  public init?(_ text: String) {
    names = Self.names(in: text)
    guard !names.contains("") else { return nil }
  }

  /// The path as written.
  public var text: String {
    names.map { name in
      name.split(separator: ".", omittingEmptySubsequences: false).joined(separator: "\\.")
    }
    .joined(separator: ".")
  }

  /// Every value that stands there, in the document's order.
  public func values(in document: JSONValue) -> [JSONValue] {
    var found = [document]
    for name in names {
      found = found.flatMap { value -> [JSONValue] in
        switch name {
        case "*": value.children
        case "**": value.descendants(depth: 0)
        default: value[name].map { [$0] } ?? []
        }
      }
    }
    return found
  }

  private static func names(in text: String) -> [String] {
    var names = [""]
    var isEscaped = false
    for character in text {
      switch character {
      case "\\" where !isEscaped: isEscaped = true
      case "." where !isEscaped: names.append("")
      default:
        names[names.count - 1].append(character)
        isEscaped = false
      }
    }
    return names
  }
}

extension JSONPath: ExpressibleByStringLiteral {
  /// The path as written; empty names are left out.
  public init(stringLiteral value: String) {
    names = Self.names(in: value).filter { !$0.isEmpty }
  }
}

extension JSONValue {
  fileprivate var children: [JSONValue] { array ?? object?.members.map(\.value) ?? [] }

  /// The value and all below it, down to a depth that no CLI nests to.
  fileprivate func descendants(depth: Int) -> [JSONValue] {
    depth > 16 ? [self] : [self] + children.flatMap { $0.descendants(depth: depth + 1) }
  }
}
