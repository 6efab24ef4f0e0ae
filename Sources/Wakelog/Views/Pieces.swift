import WakelogModel
import WakelogStore

// Pieces that several results are made of.

extension JSONValue {
  /// A string, or null.
  static func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }

  /// A word of a closed set, or null.
  static func word<Code: FieldCode>(_ value: Code?) -> JSONValue { .text(value?.name) }

  /// A count.
  static func count(_ value: UInt64) -> JSONValue { .integer(Int64(clamping: value)) }

  /// A count.
  static func count(_ value: UInt32) -> JSONValue { .integer(Int64(value)) }

  /// A position, or null for none.
  static func position(_ value: SequenceNumber) -> JSONValue {
    value.exists ? .count(value.value) : .null
  }

  /// A time in RFC 3339, or null for 0.
  static func time(_ nanoseconds: Int64, _ offsetMinutes: Int16) -> JSONValue {
    guard nanoseconds != 0 else { return .null }
    let instant = Instant(nanoseconds: nanoseconds, offsetMinutes: offsetMinutes)
    return .string(instant.description)
  }

  /// A failure with what decided it, or null.
  static func failure(_ kind: FailureKind?, because: String?) -> JSONValue {
    guard let kind else { return .null }
    return [
      "kind": .string(kind.name), "family": .string(kind.family.name), "because": .text(because),
    ]
  }
}

extension Core {
  /// The id behind a provider session; null for none.
  func sessionId(_ identity: IdentitySymbol) -> JSONValue {
    .text(names.text(identity))
  }

  /// Opaque parameters as they were given; null for none.
  func params(_ symbol: Symbol<Space.Params>) -> JSONValue {
    guard let text = names.text(symbol) else { return .null }
    return (try? JSONParser.parse(text)) ?? .string(text)
  }

  /// Throws if an event went to the archive.
  func requireNotArchived(_ sequence: SequenceNumber) throws(WakelogError) {
    let first = try firstSequence()
    if sequence.exists, sequence.value < first { throw .archived(before: first) }
  }

  /// The first event that the log has, or would have.
  func firstSequence() throws(WakelogError) -> UInt64 {
    let view = try view
    do { return try view.firstSequence } catch { throw WakelogError(any: error) }
  }

  /// Goes back through a stream from an event, that one included, while a closure says so.
  func walkBack(
    from head: SequenceNumber, _ body: (Event) -> Bool
  ) throws(WakelogError) {
    var next = head
    while next.exists, let event = try event(next), body(event) {
      // Links point back; one that does not is damaged.
      guard event.previous < event.sequence else { return }
      next = event.previous
    }
  }
}

extension Names {
  /// The id and provider behind a number; nil for none.
  func session(_ identity: IdentitySymbol) -> ProviderSession? {
    bytes(.identity, identity.number).flatMap { ProviderSession(bytes: $0) }
  }
}

extension JSONObject {
  /// Appends a member whose name is new.
  mutating func add(_ name: String, _ value: JSONValue) {
    members.append(Member(name: name, value: value))
  }
}
