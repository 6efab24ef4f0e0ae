/// One rule of how a CLI's output is read: which documents it is for, and what stands where in them.
public struct OutputRule: Sendable, Hashable {
  /// A condition: a place, and the values of which one must stand there.
  public struct Condition: Sendable, Hashable {
    /// The place.
    public var path: JSONPath
    /// The values.
    public var values: [JSONValue]

    func holds(in document: JSONValue) -> Bool {
      path.values(in: document).contains { values.contains($0) }
    }
  }

  /// What shows that a model has answered.
  public enum Sign: Sendable, Hashable {
    /// The document by itself.
    case always
    /// A value there that is neither empty, 0, false nor null.
    case path(JSONPath)
  }

  /// How turns are counted.
  public enum Count: Sendable, Hashable {
    /// Each such document is so many.
    case each(Int64)
    /// The number there.
    case path(JSONPath)
  }

  /// All of these hold.
  public internal(set) var when: [Condition] = []
  /// None of these holds.
  public internal(set) var unless: [Condition] = []
  /// Where the session's id stands.
  public internal(set) var sessionId: JSONPath?
  /// What shows that a model has answered.
  public internal(set) var entered: Sign?
  /// How turns are counted.
  public internal(set) var turns: Count?
  /// Where the tokens read stand, those that a cache gave among them; several numbers are added up.
  public internal(set) var inputTokens: [JSONPath] = []
  /// Where the tokens stand that a cache gave.
  public internal(set) var cachedTokens: [JSONPath] = []
  /// Where the tokens written stand.
  public internal(set) var outputTokens: JSONPath?
  /// Where the cost in dollars stands.
  public internal(set) var costDollars: JSONPath?
  /// Whether numbers add to those of earlier documents; otherwise they take their place.
  public internal(set) var isSum = false
  /// Which of the numbers count the whole session, not this attempt.
  public internal(set) var total: Set<UsageCount> = []
  /// Where text of the answer stands.
  public internal(set) var text: JSONPath?
  /// Where a part stands of a text that the CLI prints as a whole afterwards.
  public internal(set) var part: JSONPath?
  /// Where the whole answer stands at the end, for a CLI that printed none of it before.
  public internal(set) var answer: JSONPath?
  /// Where the name of a tool stands that the model calls.
  public internal(set) var tool: JSONPath?
  /// Where that stands which the tool is called with.
  public internal(set) var toolInput: JSONPath?
}

/// The numbers of an attempt's usage, by the names of `finish`.
public enum UsageCount: String, Sendable, Hashable, CaseIterable {
  /// Tokens read, from a cache or not.
  case inputTokens
  /// Tokens that a cache gave.
  case cachedTokens
  /// Tokens written.
  case outputTokens
  /// Millionths of a dollar.
  case costMicros
}

extension OutputRule {
  /// Whether the rule is for a document.
  func applies(to document: JSONValue) -> Bool {
    when.allSatisfy { $0.holds(in: document) } && !unless.contains { $0.holds(in: document) }
  }

  /// Takes in a document.
  func read(_ document: JSONValue, _ reading: inout AttemptReading) {
    guard applies(to: document) else { return }
    if let id = sessionId?.values(in: document).compactMap(\.string).first, isId(id) {
      reading.sessionId = id
    }
    switch entered {
    case .always: reading.isEntered = true
    case .path(let path) where path.values(in: document).contains(where: isSomething):
      reading.isEntered = true
    default: break
    }
    switch turns {
    case .each(let count): reading.turns = bounded(reading.turns ?? 0, plus: count)
    case .path(let path): put(number(path, document), in: &reading.turns)
    case nil: break
    }
    let counts: [(UsageCount, Int64?, WritableKeyPath<AttemptReading, Int64?>)] = [
      (.inputTokens, number(inputTokens, document), \.inputTokens),
      (.cachedTokens, number(cachedTokens, document), \.cachedTokens),
      (.outputTokens, number(outputTokens, document), \.outputTokens),
      (.costMicros, number(costDollars, document, times: 1_000_000), \.costMicros),
    ]
    for (name, value, place) in counts where value != nil {
      put(value, in: &reading[keyPath: place])
      if total.contains(name) { reading.total.insert(name) }
    }
  }

  private func put(_ value: Int64?, in place: inout Int64?) {
    guard let value else { return }
    place = isSum ? bounded(place ?? 0, plus: value) : value
  }

  private func number(_ paths: [JSONPath], _ document: JSONValue) -> Int64? {
    let numbers = paths.compactMap { number($0, document) }
    return numbers.isEmpty ? nil : numbers.reduce(0, bounded)
  }

  /// The sum of the numbers there; nil when there is none. Negative and absurd ones are not counted.
  private func number(_ path: JSONPath?, _ document: JSONValue, times factor: Int64 = 1) -> Int64? {
    var sum: Int64?
    for value in path?.values(in: document) ?? [] {
      let counted: Int64? =
        switch value {
        case .integer(let whole) where (0..<limit).contains(whole): whole * factor
        case .number(let real) where real >= 0 && real < Double(limit):
          Int64((real * Double(factor)).rounded())
        default: nil
        }
      if let counted { sum = bounded(sum ?? 0, plus: counted) }
    }
    return sum
  }
}

/// More of anything than that is no count.
private let limit: Int64 = 1_000_000_000_000

private func bounded(_ left: Int64, plus right: Int64) -> Int64 {
  min(left + right, limit * 1_000_000)
}

/// The engine takes ids of 1 to 1,024 bytes.
private func isId(_ text: String) -> Bool { (1...1_024).contains(text.utf8.count) }

private func isSomething(_ value: JSONValue) -> Bool {
  switch value {
  case .null: false
  case .bool(let truth): truth
  case .integer(let number): number > 0
  case .number(let number): number > 0
  case .string(let text): !text.isEmpty
  case .array(let elements): !elements.isEmpty
  case .object(let object): !object.members.isEmpty
  }
}
