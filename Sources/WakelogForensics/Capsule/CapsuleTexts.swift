internal import Wakelog
internal import WakelogModel

/// The strings of a capsule as its reader has them: in full, or shortened.
struct CapsuleTexts: SymbolTexts {
  private var known: [Namespace: [UInt32: [UInt8]]] = [:]
  private var agents: [SessionSymbol: SymbolNumber] = [:]
  private typealias SymbolNumber = Symbol<Space.Agent>

  func bytes(_ namespace: Namespace, _ number: UInt32) -> [UInt8]? { known[namespace]?[number] }

  mutating func add(_ namespace: UInt8, _ number: UInt32, _ bytes: [UInt8]) {
    guard let namespace = Namespace(rawValue: namespace) else { return }
    known[namespace, default: [:]][number] = bytes
  }

  /// The event for people, its agent as far as the events before it told.
  mutating func json(_ record: [UInt8], _ sequence: UInt64) -> JSONValue {
    let event = Event(record: unsafe record.span.bytes, sequence: SequenceNumber(sequence))
    switch event.body {
    case .wakeRequested(let wake): agents[event.session] = wake.agent
    case .sessionOpened(let opened): agents[event.session] = opened.agent
    default: break
    }
    let agent = agents[event.session].flatMap { bytes(.agent, $0.number) }
    return event.json(
      self, agent: agent.map { String(decoding: $0, as: UTF8.self) }, record: record,
      parse: { try? JSONParser.parse($0) })
  }
}

/// What of a capsule's strings is shown, and how the rest is shortened.
struct Discretion {
  private var ids: [[UInt8]] = []
  private let isOff: Bool

  /// Hides the ids of provider sessions wherever they stand, unless they are to be kept.
  init(_ sessions: some Sequence<[UInt8]>, keepsIds: Bool) {
    isOff = keepsIds
    // An id of fewer bytes can be guessed and is no secret; as a part of words it is everywhere.
    ids = sessions.compactMap { ProviderSession(bytes: $0).map { Array($0.id.utf8) } }
      .filter { $0.count >= 4 }
  }

  /// Whether a text may be shown in full.
  func shows(_ text: [UInt8]) -> Bool { isOff || !ids.contains { text.contains($0) } }

  /// The bytes to show in place of a symbol's; nil if they are shown as they are.
  func short(_ namespace: UInt8, _ number: UInt32, _ bytes: [UInt8]) -> [UInt8]? {
    guard !isOff else { return nil }
    switch Namespace(rawValue: namespace) {
    case .identity:
      guard let session = ProviderSession(bytes: bytes) else { return [] }
      let id = Self.start(of: session.id, number)
      return ProviderSession(id: id, provider: session.provider).bytes
    case .display: return Array(Self.start(of: String(decoding: bytes, as: UTF8.self), number).utf8)
    case .params: return Array("…\(number)".utf8)
    default: return shows(bytes) ? nil : Array("…\(number)".utf8)
    }
  }

  /// A third of an id at most, eight characters at most, and the number that tells it from others.
  private static func start(of id: String, _ number: UInt32) -> String {
    "\(id.prefix(min(8, id.count / 3)))…\(number)"
  }
}

/// How bytes stand in a capsule: as the text that they are, as a provider's id, or in hexadecimal.
enum CapsuleBytes {
  static func json(_ bytes: [UInt8], _ namespace: UInt8? = nil) -> JSONValue {
    if namespace == Namespace.identity.rawValue, let session = ProviderSession(bytes: bytes),
      session.bytes == bytes
    {
      return ["sessionId": .string(session.id), "provider": .string(session.provider)]
    }
    if let text = String(validating: bytes, as: UTF8.self) { return .string(text) }
    return ["bytes": .hexadecimal(bytes)]
  }

  static func read(_ value: JSONValue?) -> [UInt8]? {
    if let text = value?.string { return Array(text.utf8) }
    if let id = value?["sessionId"]?.string, let provider = value?["provider"]?.string {
      return ProviderSession(id: id, provider: provider).bytes
    }
    return value?["bytes"]?.hexadecimal
  }
}
