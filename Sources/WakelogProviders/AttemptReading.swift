/// What an attempt's output says of it so far.
public struct AttemptReading: Sendable, Hashable {
  /// The id that the CLI reported; it proves nothing before the session is entered.
  public var sessionId: String?
  /// Model turns, at least; nil where the output does not say. 0 while no model has answered,
  /// whatever a CLI counts: Claude Code counts an error of the API as a turn.
  public var turns: Int64?
  /// Whether a model has answered.
  public var isEntered = false
  /// Tokens read, those that a cache gave among them, whatever the CLI calls so.
  public var inputTokens: Int64?
  /// Tokens that a cache gave; nil where the output does not say.
  public var cachedTokens: Int64?
  /// Tokens written.
  public var outputTokens: Int64?
  /// Millionths of a dollar.
  public var costMicros: Int64?
  /// Which of these numbers count the whole session and not this attempt.
  public var total: Set<UsageCount> = []

  /// Nothing was read.
  public init() {}

  /// The numbers of `usage`.
  var counts: [Int64?] { [inputTokens, cachedTokens, outputTokens, costMicros] }

  /// What `finish` takes as such; null where the output does not say.
  public var usage: JSONValue {
    if counts.allSatisfy({ $0 == nil }) { return .null }
    return [
      "inputTokens": number(inputTokens), "cachedTokens": number(cachedTokens),
      "outputTokens": number(outputTokens), "costMicros": number(costMicros),
      "total": total.isEmpty
        ? .null : .strings(UsageCount.allCases.filter(total.contains).map(\.rawValue)),
    ]
  }

  /// `{ "sessionId", "entered", "turns", "usage" }`, null where the output does not say.
  public var json: JSONValue {
    [
      "sessionId": sessionId.map(JSONValue.string) ?? .null, "entered": .bool(isEntered),
      "turns": number(turns), "usage": usage,
    ]
  }

  private func number(_ value: Int64?) -> JSONValue { value.map(JSONValue.integer) ?? .null }
}
