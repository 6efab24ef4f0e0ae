// An event as JSON: seven members that every event has, null where there is none, then the fields
// of its kind that are not zero, by the names that its `visit` gives them:
//
//   { "seq": 7, "at": "2026-01-18T05:00:00+01:00", "kind": "wake.requested", "session": "s",
//     "agent": "ada", "run": 7, "generation": 1, "provider": "claude", "source": "message",
//     "resume": { "sessionId": "abc", "provider": "claude" }, "forceFresh": true }
//
// Integers above 2⁶³ - 1 are strings of digits; digests are 16 hexadecimal digits. A field `agent`
// takes the place of the member. Fences are never shown, nor `previous`, which follows.

/// Gives the strings behind symbols.
public protocol SymbolTexts {
  /// The bytes of a string; nil when its number was never assigned.
  func bytes(_ namespace: Namespace, _ number: UInt32) -> [UInt8]?
}

/// Gives strings their numbers.
public protocol SymbolNumbers {
  /// The number of a string, assigned now if it had none.
  mutating func number(_ namespace: Namespace, _ bytes: [UInt8]) throws -> UInt32
}

extension Event {
  /// The event as one line of an export shows it.
  ///
  /// Total: a number without a string is shown as `{"missing": number}`, which no import takes.
  /// Fingerprints, parameters and policies are shown as the objects they are where `parse` reads
  /// their text and writing gives the same bytes again, else as text.
  ///
  /// - Parameters:
  ///   - agent: The agent of the event's session, for kinds that do not name it.
  ///   - record: The event's record; an event of an unrecognised kind is only whole with it.
  ///   - parse: Reads JSON text.
  public func json(
    _ texts: some SymbolTexts, agent: String?, record: [UInt8]? = nil,
    parse: (String) -> JSONValue? = { _ in nil }
  ) -> JSONValue {
    withoutActuallyEscaping(parse) { parse in
      var shown = EventFieldWriter(texts: texts, parse: parse, offsetMinutes: at.offsetMinutes)
      shown.add("seq", .unsigned(sequence.value))
      shown.add("at", .string(at.description))
      shown.add("kind", .string(kindName))
      shown.add("session", shown.text(of: session))
      shown.add("agent", agent.map { .string($0) } ?? .null)
      shown.add("run", run.exists ? .unsigned(run.value) : .null)
      shown.add("generation", generation.value > 0 ? .integer(Int64(generation.value)) : .null)
      var flags = flags
      shown.flags(&flags)
      var fields = body
      fields.visit(&shown)
      if body.kind == nil, let record { shown.add("record", .hexadecimal(record)) }
      return .object(shown.object)
    }
  }

  /// The kind's name; `unrecognised.` and its number when this version does not know it.
  public var kindName: String { body.kind?.name ?? "unrecognised.\(body.kindNumber)" }

  /// The names of the members that every event has.
  static var headerNames: [String] {
    ["seq", "at", "kind", "session", "agent", "run", "generation"]
  }
}

/// Shows fields as members of an object.
private struct EventFieldWriter<Texts: SymbolTexts>: FieldVisitor {
  let texts: Texts
  let parse: (String) -> JSONValue?
  let offsetMinutes: Int16
  private(set) var object = JSONObject()

  init(texts: Texts, parse: @escaping (String) -> JSONValue?, offsetMinutes: Int16) {
    self.texts = texts
    self.parse = parse
    self.offsetMinutes = offsetMinutes
  }

  mutating func add(_ name: StaticString, _ value: JSONValue) {
    object.members.append(.init(name: name.description, value: value))
  }

  /// What a symbol stands for; null for none.
  func text<Space>(of symbol: Symbol<Space>) -> JSONValue {
    guard symbol.exists else { return .null }
    let missing: JSONValue = ["missing": .integer(Int64(symbol.number))]
    guard let bytes = texts.bytes(Space.namespace, symbol.number) else { return missing }
    switch Space.namespace {
    case .identity:
      guard let found = ProviderSession(bytes: bytes), found.bytes == bytes else {
        return missing
      }
      return ["sessionId": .string(found.id), "provider": .string(found.provider)]
    case .fingerprint, .params, .policy:
      let text = String(decoding: bytes, as: UTF8.self)
      guard let value = parse(text), value.object != nil, value.text.utf8.elementsEqual(bytes)
      else { return .string(text) }
      return value
    default:
      return .string(String(decoding: bytes, as: UTF8.self))
    }
  }

  mutating func symbol<Space>(_ name: StaticString, _ value: inout Symbol<Space>) {
    if Space.namespace == .agent {
      object["agent"] = text(of: value)
    } else if value.exists {
      add(name, text(of: value))
    }
  }
  mutating func code<Code: FieldCode>(_ name: StaticString, _ value: inout Code?) {
    if let value { add(name, .string(value.name)) }
  }
  mutating func flags<Flags: FieldFlags>(_ value: inout Flags) {
    for (name, flag) in Flags.names where value.isSuperset(of: flag) { add(name, true) }
  }
  mutating func number(_ name: StaticString, _ value: inout UInt32) {
    if value > 0 { add(name, .integer(Int64(value))) }
  }
  mutating func plusOne(_ name: StaticString, _ value: inout UInt32) {
    if value > 0 { add(name, .integer(Int64(value) - 1)) }
  }
  mutating func sequence(_ name: StaticString, _ value: inout SequenceNumber) {
    if value.exists { add(name, .unsigned(value.value)) }
  }
  mutating func wide(_ name: StaticString, _ value: inout UInt64) {
    if value > 0 { add(name, .unsigned(value)) }
  }
  mutating func digest(_ name: StaticString, _ value: inout UInt64) {
    guard value > 0 else { return }
    add(name, .hexadecimal((0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * $0)) }))
  }
  mutating func time(_ name: StaticString, _ value: inout Int64) {
    guard value != 0 else { return }
    let instant = Instant(nanoseconds: value, offsetMinutes: offsetMinutes)
    add(name, .string(instant.description))
  }
  mutating func optional(_ name: StaticString, _ value: inout Int32?) {
    if let value { add(name, .integer(Int64(value))) }
  }
  mutating func trace(_ name: StaticString, _ value: inout TraceParent) {
    if value.exists { add(name, .string(value.text)) }
  }
  mutating func secret(_ value: inout FenceDigest) {}
}
