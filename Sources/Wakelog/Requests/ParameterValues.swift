public import WakelogModel

/// A parameter for which null is a value of its own.
public enum Given<Value: Sendable>: Sendable {
  /// It is not there.
  case leftOut
  /// It is null.
  case nothing
  /// It is there.
  case value(Value)
}

/// A directory by its path, with what it is.
public struct WorkspaceName: Sendable, ParameterObject {
  /// The absolute path, 1 to 1,024 bytes; compared literally.
  public var path: String
  /// What the directory is.
  public var kind: WorkspaceKind

  /// Names a directory.
  public init(path: String, kind: WorkspaceKind) {
    self.path = path
    self.kind = kind
  }

  init() { self.init(path: "", kind: .project) }

  mutating func visit<Visitor: ParameterVisitor>(
    _ visitor: inout Visitor
  ) throws(Visitor.Failure) {
    try visitor.required("path", &path, .path)
    try visitor.required("kind", &kind, .word)
  }
}

/// Names with values, sorted by the bytes of the names, each name once.
public struct NamedValues<Value: Sendable>: Sendable, ExpressibleByDictionaryLiteral {
  /// A name with its value.
  public typealias Pair = (name: String, value: Value)

  /// The pairs, sorted.
  public private(set) var pairs: [Pair]

  /// Takes pairs in any order; of two with the same name the later one counts.
  public init(_ pairs: [Pair] = []) {
    let sorted = pairs.enumerated().sorted { left, right in
      let (name, other) = (left.element.name.utf8, right.element.name.utf8)
      if name.lexicographicallyPrecedes(other) { return true }
      return left.offset < right.offset && !other.lexicographicallyPrecedes(name)
    }
    self.pairs = []
    for (_, pair) in sorted {
      if self.pairs.last?.name.hasSameBytes(as: pair.name) == true { self.pairs.removeLast() }
      self.pairs.append(pair)
    }
  }

  /// Takes pairs as written; of two with the same name the later one counts.
  public init(dictionaryLiteral elements: (String, Value)...) {
    self.init(elements.map { (name: $0.0, value: $0.1) })
  }
}

/// The signal that ended a process, as the host knows it.
public enum ProcessSignal: Sendable, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
  /// Its number, not negative.
  case number(Int32)
  /// Its name with or without `SIG`, 1 to 1,024 bytes.
  case name(String)

  /// A signal by its number.
  public init(integerLiteral value: Int32) { self = .number(value) }
  /// A signal by its name.
  public init(stringLiteral value: String) { self = .name(value) }
}

/// What an attempt used, as the provider counted it; at most 2⁶³ - 1 each.
public struct Usage: Sendable, ParameterObject {
  /// One of the counts.
  public enum Count: String, CaseIterable, Sendable {
    /// Tokens read.
    case inputTokens
    /// Tokens read from a cache.
    case cachedTokens
    /// Tokens written.
    case outputTokens
    /// Cost.
    case costMicros
  }

  /// Tokens read, those from a cache included.
  public var inputTokens: UInt64?
  /// Of the tokens read, those from a cache.
  public var cachedTokens: UInt64?
  /// Tokens written.
  public var outputTokens: UInt64?
  /// Millionths of the currency unit.
  public var costMicros: UInt64?
  /// Which counts are of the whole provider session, not of this attempt: the engine records what
  /// they are more than the last ones of that id. On the wire `true` stands for all.
  public var total: Set<Count>?

  /// Counts; nil for what the provider did not say.
  public init(
    inputTokens: UInt64? = nil, cachedTokens: UInt64? = nil, outputTokens: UInt64? = nil,
    costMicros: UInt64? = nil, total: Set<Count>? = nil
  ) {
    self.inputTokens = inputTokens
    self.cachedTokens = cachedTokens
    self.outputTokens = outputTokens
    self.costMicros = costMicros
    self.total = total
  }

  init() { self.init(inputTokens: nil) }

  mutating func visit<Visitor: ParameterVisitor>(
    _ visitor: inout Visitor
  ) throws(Visitor.Failure) {
    try visitor.optional("inputTokens", &inputTokens, .notNegative)
    try visitor.optional("cachedTokens", &cachedTokens, .notNegative)
    try visitor.optional("outputTokens", &outputTokens, .notNegative)
    try visitor.optional("costMicros", &costMicros, .notNegative)
    try visitor.optional("total", &total, .counts)
  }
}
