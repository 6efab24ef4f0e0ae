public import Wakelog

extension Predicate {
  /// Reads an expression; throws `invalidParameter`, naming the place.
  public init(_ text: String) throws(WakelogError) {
    var parser = try PredicateParser(text)
    root = try parser.either(depth: 0)
    try parser.end()
    self.text = text
  }
}

/// Reads an expression from left to right.
private struct PredicateParser {
  private enum Token: Equatable {
    case name(String)
    case number(Int64)
    case text(String)
    case sign(String)
  }

  private static let maximumDepth = 64
  private static let signs = ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")"]

  private var tokens: [(token: Token, place: Int)] = []
  private var next = 0

  init(_ text: String) throws(WakelogError) {
    var rest = Array(text)[...]
    while let first = rest.first {
      let place = rest.startIndex + 1
      if first.isWhitespace {
        rest.removeFirst()
      } else if let sign = Self.signs.first(where: { rest.starts(with: $0) }) {
        rest.removeFirst(sign.count)
        tokens.append((.sign(sign), place))
      } else if first == "\"" || first == "'" {
        let value = rest.dropFirst().prefix { $0 != first }
        guard value.endIndex < rest.endIndex else {
          throw Self.error("a text that begins at \(place) does not end; close it with \(first)")
        }
        tokens.append((.text(String(value)), place))
        rest = rest[(value.endIndex + 1)...]
      } else if first.isLetter || first.isNumber || first == "-" {
        let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
        rest = rest[word.endIndex...]
        tokens.append((try Self.word(String(word), place), place))
      } else {
        throw Self.error("'\(first)' at \(place) has no meaning here; texts stand in quotes")
      }
    }
  }

  private static func word(_ word: String, _ place: Int) throws(WakelogError) -> Token {
    guard word.first?.isLetter != true else { return .name(word) }
    guard let number = Int64(word) else {
      throw error("'\(word)' at \(place) is no number; texts stand in quotes")
    }
    return .number(number)
  }

  private static func error(_ message: String) -> WakelogError {
    WakelogError(.invalidParameter, message, field: "where")
  }

  private mutating func take(_ sign: String) -> Bool {
    guard next < tokens.count, tokens[next].token == .sign(sign) else { return false }
    next += 1
    return true
  }

  private func unexpected(_ wanted: String) -> WakelogError {
    guard next < tokens.count else { return Self.error("\(wanted) is missing at the end") }
    return Self.error("\(wanted) is missing at \(tokens[next].place)")
  }

  func end() throws(WakelogError) {
    if next < tokens.count { throw unexpected("&& or ||") }
  }

  mutating func either(depth: Int) throws(WakelogError) -> Predicate.Node {
    var node = try both(depth: depth)
    while take("||") { node = .either(node, try both(depth: depth)) }
    return node
  }

  private mutating func both(depth: Int) throws(WakelogError) -> Predicate.Node {
    var node = try not(depth: depth)
    while take("&&") { node = .both(node, try not(depth: depth)) }
    return node
  }

  private mutating func not(depth: Int) throws(WakelogError) -> Predicate.Node {
    guard depth < Self.maximumDepth else {
      throw Self.error("it is nested more than \(Self.maximumDepth) deep; write it flatter")
    }
    if take("!") { return .not(try not(depth: depth + 1)) }
    if take("(") {
      let node = try either(depth: depth + 1)
      guard take(")") else { throw unexpected(")") }
      return node
    }
    let left = try value()
    for comparison in Predicate.Comparison.allCases where take(comparison.rawValue) {
      return .compare(left, comparison, try value())
    }
    return left
  }

  private mutating func value() throws(WakelogError) -> Predicate.Node {
    guard next < tokens.count else { throw unexpected("a field or a value") }
    let (token, place) = tokens[next]
    switch token {
    case .number(let number):
      next += 1
      return .literal(.number(number))
    case .text(let text):
      next += 1
      return .literal(.text(text))
    case .name(let name):
      next += 1
      return try named(name, place)
    case .sign: throw unexpected("a field or a value")
    }
  }

  private func named(_ name: String, _ place: Int) throws(WakelogError) -> Predicate.Node {
    switch name {
    case "true": return .literal(.truth(true))
    case "false": return .literal(.truth(false))
    case "null": return .literal(.none)
    default: break
    }
    guard let field = PredicateField.all.first(where: { $0.name == name }) else {
      throw Self.error(
        "'\(name)' at \(place) is no field; the fields are "
          + PredicateField.all.map(\.name).joined(separator: ", "))
    }
    return .field(field)
  }
}
