/// Something that an agent said or did, as its CLI printed it.
public enum OutputPiece: Sendable, Hashable {
  /// Text of the answer: all of it, or what follows on the piece before.
  case text(String)
  /// A tool that the agent calls, and what it calls it with; null where the output does not say.
  case tool(name: String, input: JSONValue)
  /// What the attempt has used so far; see `AttemptReading.usage`.
  case usage(JSONValue)
  /// Any other document of the output.
  case raw(JSONValue)

  /// The text; nil for other pieces.
  public var text: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }

  /// `{ "kind", … }` with `text`, with `name` and `input`, with `usage` or with `document`.
  public var json: JSONValue {
    switch self {
    case .text(let text): ["kind": "text", "text": .string(text)]
    case .tool(let name, let input): ["kind": "tool", "name": .string(name), "input": input]
    case .usage(let usage): ["kind": "usage", "usage": usage]
    case .raw(let document): ["kind": "raw", "document": document]
    }
  }
}

/// Finds the pieces in a CLI's documents.
struct PieceFinder: Sendable {
  /// Whether any text has come.
  private var hasText = false
  /// Whether parts have come of a text that is still to come as a whole.
  private var hasParts = false

  /// The pieces of a document, in its order.
  mutating func pieces(
    of document: JSONValue, _ rules: [OutputRule], _ before: AttemptReading,
    _ after: AttemptReading
  ) -> [OutputPiece] {
    var pieces: [OutputPiece] = []
    for rule in rules where rule.applies(to: document) {
      for text in texts(rule, document) where !text.isEmpty {
        hasText = true
        pieces.append(.text(text))
      }
      let inputs = rule.toolInput?.values(in: document) ?? []
      for (index, name) in (rule.tool?.values(in: document).compactMap(\.string) ?? []).enumerated()
      {
        pieces.append(
          .tool(name: name, input: inputs.indices.contains(index) ? inputs[index] : .null))
      }
    }
    if after.counts != before.counts || after.total != before.total, !after.usage.isNull {
      pieces.append(.usage(after.usage))
    }
    return pieces.isEmpty ? [.raw(document)] : pieces
  }

  private mutating func texts(_ rule: OutputRule, _ document: JSONValue) -> [String] {
    func texts(_ path: JSONPath?) -> [String] {
      path?.values(in: document).compactMap(\.string) ?? []
    }
    let parts = texts(rule.part)
    if !parts.isEmpty {
      hasParts = true
      return parts
    }
    let whole = texts(rule.text)
    if !whole.isEmpty {
      // Its parts have been handed over.
      defer { hasParts = false }
      return hasParts ? [] : whole
    }
    return hasText ? [] : texts(rule.answer)
  }
}
