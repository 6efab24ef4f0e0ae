public import WakelogModel

/// What may be asked of a session's state, as `status == "queued" && condemned > 2`.
///
/// ```
/// either:     both { "||" both }
/// both:       not { "&&" not }
/// not:        "!" not | "(" either ")" | comparison
/// comparison: value [ ("==" | "!=" | "<" | "<=" | ">" | ">=") value ]
/// value:      a field | a number | "text" | 'text' | true | false | null
/// ```
///
/// Fields are those of `PredicateField.all`. Numbers are compared by size, texts for being the
/// same; a field that has no value is `null`, and neither less nor greater than anything. A field
/// alone holds when it is neither null, false, 0 nor empty.
public struct Predicate: Sendable {
  /// The text that it was read from.
  public let text: String
  let root: Node

  /// An expression.
  indirect enum Node: Sendable {
    case either(Node, Node)
    case both(Node, Node)
    case not(Node)
    case compare(Node, Comparison, Node)
    case field(PredicateField)
    case literal(PredicateValue)
  }

  /// How two values are compared.
  enum Comparison: String, Sendable, CaseIterable {
    case equal = "=="
    case unequal = "!="
    case atMost = "<="
    case atLeast = ">="
    case less = "<"
    case greater = ">"
  }

  /// Whether it holds for a session in a state.
  public func holds(
    for session: SessionSymbol, in state: State, names: @escaping (Namespace, UInt32) -> String?
  ) -> Bool {
    let place = PredicatePlace(session: session, state: state, names: names)
    return Self.value(root, place).isTrue
  }

  /// Whether it goes on to hold once it does: counters that never go back, each compared with a
  /// number as being greater, and nothing denied. Then the first event is found by halving.
  public var isMonotone: Bool { Self.isMonotone(root) }

  private static func isMonotone(_ node: Node) -> Bool {
    switch node {
    case .either(let left, let right), .both(let left, let right):
      isMonotone(left) && isMonotone(right)
    case .compare(.field(let field), .greater, .literal(.number)),
      .compare(.field(let field), .atLeast, .literal(.number)),
      .compare(.literal(.number), .less, .field(let field)),
      .compare(.literal(.number), .atMost, .field(let field)), .field(let field):
      field.isCounter
    default: false
    }
  }

  private static func value(_ node: Node, _ place: borrowing PredicatePlace) -> PredicateValue {
    switch node {
    case .either(let left, let right):
      .truth(value(left, place).isTrue || value(right, place).isTrue)
    case .both(let left, let right):
      .truth(value(left, place).isTrue && value(right, place).isTrue)
    case .not(let node): .truth(!value(node, place).isTrue)
    case .compare(let left, let comparison, let right):
      .truth(comparison.holds(value(left, place), value(right, place)))
    case .field(let field): field.read(place)
    case .literal(let value): value
    }
  }
}

/// A value of an expression.
enum PredicateValue: Equatable, Sendable {
  case none
  case number(Int64)
  case text(String)
  case truth(Bool)

  var isTrue: Bool {
    switch self {
    case .none: false
    case .number(let number): number != 0
    case .text(let text): !text.isEmpty
    case .truth(let truth): truth
    }
  }
}

extension Predicate.Comparison {
  func holds(_ left: PredicateValue, _ right: PredicateValue) -> Bool {
    switch self {
    case .equal: return left == right
    case .unequal: return left != right
    default: break
    }
    guard case .number(let left) = left, case .number(let right) = right else { return false }
    return switch self {
    case .less: left < right
    case .atMost: left <= right
    case .greater: left > right
    default: left >= right
    }
  }
}
