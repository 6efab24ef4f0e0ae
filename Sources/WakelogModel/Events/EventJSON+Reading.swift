/// Reads fields from the members of an object.
///
/// Strings get places in `strings`, counted from 1, instead of numbers: those are only given once
/// the whole line is known to be right.
struct EventFieldReader: FieldVisitor {
  private let members: [JSONObject.Member]
  private var isTaken: [Bool]
  private(set) var strings: [(field: String, namespace: Namespace, bytes: [UInt8])] = []
  /// The first fault.
  private(set) var fault: EventJSONError?

  init(_ json: JSONValue) throws(EventJSONError) {
    guard let object = json.object else {
      throw EventJSONError(field: "event", message: "must be an object")
    }
    members = object.members
    isTaken = [Bool](repeating: false, count: members.count)
  }

  /// The value of a member; nil when left out or null.
  mutating func take(_ name: StaticString) -> JSONValue? {
    let name = name.description
    guard
      let index = members.firstIndex(where: { $0.name.utf8.elementsEqual(name.utf8) }),
      !isTaken[index]
    else { return nil }
    isTaken[index] = true
    guard !members[index].value.isNull else { return nil }
    return members[index].value
  }

  /// Reads a member by its form; nil when it is left out or at fault.
  mutating func take<Value>(
    _ name: StaticString, _ expected: String, _ read: (JSONValue) -> Value?
  ) -> Value? {
    guard let given = take(name) else { return nil }
    guard let value = read(given) else {
      refuse(name.description, "must be \(expected)")
      return nil
    }
    return value
  }

  mutating func refuse(_ field: String, _ message: String) {
    if fault == nil { fault = EventJSONError(field: field, message: message) }
  }

  /// Throws the first fault, or names a member that nothing has asked for.
  func finish() throws(EventJSONError) {
    if let fault { throw fault }
    guard let index = isTaken.firstIndex(of: false) else { return }
    let name = members[index].name
    throw EventJSONError(
      field: name.isEmpty ? "\"\"" : String(name.prefix(64)),
      message: "is no member of this kind of event, or given twice; remove it")
  }

  mutating func symbol<Space>(_ name: StaticString, _ value: inout Symbol<Space>) {
    guard let given = take(name), let bytes = bytes(name.description, Space.namespace, given)
    else { return }
    strings.append((name.description, Space.namespace, bytes))
    value = Symbol(UInt32(strings.count))
  }

  private mutating func bytes(
    _ name: String, _ namespace: Namespace, _ value: JSONValue
  ) -> [UInt8]? {
    switch (namespace, value) {
    case (.identity, .object(let object)):
      return session(name, object)?.bytes
    case (.identity, _):
      refuse(name, "must be an object with sessionId and provider")
      return nil
    case (.fingerprint, .object), (.params, .object), (.policy, .object):
      return Array(value.text.utf8)
    case (_, .string(let text)):
      return Array(text.utf8)
    default:
      refuse(name, "must be a string")
      return nil
    }
  }

  private mutating func session(_ name: String, _ object: JSONObject) -> ProviderSession? {
    var parts: [String?] = [nil, nil]
    for member in object.members {
      let field = "\(name).\(member.name.prefix(64))"
      guard
        let index = ["sessionId", "provider"].firstIndex(where: {
          $0.utf8.elementsEqual(member.name.utf8)
        }), parts[index] == nil
      else {
        refuse(field, "is unknown or given twice; remove it")
        return nil
      }
      guard let text = member.value.string, text.utf8.count <= Int(UInt16.max) else {
        refuse(field, "must be a string of at most \(UInt16.max) bytes")
        return nil
      }
      parts[index] = text
    }
    guard let id = parts[0], let provider = parts[1] else {
      refuse("\(name).\(parts[0] == nil ? "sessionId" : "provider")", "is missing")
      return nil
    }
    return ProviderSession(id: id, provider: provider)
  }

  mutating func code<Code: FieldCode>(_ name: StaticString, _ value: inout Code?) {
    value = take(name, "one of \(Code.allCases.map(\.name).joined(separator: ", "))") {
      $0.string.flatMap { Code(name: $0) }
    }
  }
  mutating func flags<Flags: FieldFlags>(_ value: inout Flags) {
    for (name, flag) in Flags.names
    where take(name, "true or false", { $0.bool }) == true { value.formUnion(flag) }
  }
  mutating func number(_ name: StaticString, _ value: inout UInt32) {
    value = take(name, "an integer of 32 bits") { $0.integer.flatMap { UInt32(exactly: $0) } } ?? 0
  }
  mutating func plusOne(_ name: StaticString, _ value: inout UInt32) {
    let given = take(name, "an integer from 0 to \(UInt32.max - 1)") {
      $0.integer.flatMap { UInt32(exactly: $0) }.flatMap { $0 < .max ? $0 : nil }
    }
    value = given.map { $0 + 1 } ?? 0
  }
  mutating func sequence(_ name: StaticString, _ value: inout SequenceNumber) {
    var number = value.value
    wide(name, &number)
    value = SequenceNumber(number)
  }
  mutating func wide(_ name: StaticString, _ value: inout UInt64) {
    value = take(name, "an integer of 0 or more") { $0.unsigned } ?? 0
  }
  mutating func digest(_ name: StaticString, _ value: inout UInt64) {
    value =
      take(name, "16 hexadecimal digits") {
        guard let bytes = $0.hexadecimal, bytes.count == 8 else { return nil }
        return bytes.reduce(0) { $0 << 8 | UInt64($1) }
      } ?? 0
  }
  mutating func time(_ name: StaticString, _ value: inout Int64) {
    value = take(name, "an RFC 3339 time") { $0.string.flatMap { Instant($0) }?.nanoseconds } ?? 0
  }
  mutating func optional(_ name: StaticString, _ value: inout Int32?) {
    value = take(name, "an integer of 32 bits with a sign") {
      $0.integer.flatMap { Int32(exactly: $0) }
    }
  }
  mutating func trace(_ name: StaticString, _ value: inout TraceParent) {
    value = take(name, "a W3C traceparent") { $0.string.flatMap { TraceParent($0) } } ?? .none
  }
  mutating func secret(_ value: inout FenceDigest) {}
}

/// Puts numbers in the place of places.
struct SymbolPlacer: PartialVisitor {
  let numbers: [UInt32]

  mutating func symbol<Space>(_ name: StaticString, _ value: inout Symbol<Space>) {
    if value.exists { value = Symbol(numbers[Int(value.number) - 1]) }
  }
}
