import WakelogModel
import WakelogStore

/// What goes when a session is forgotten: found by one walk over all events, taken away in the
/// commit that says so.
struct Forgetting: Sendable {
  /// Names that nothing else uses.
  var symbols: [(namespace: Namespace, number: UInt32, isKnownAgain: Bool)] = []
  /// Events whose evidence goes.
  var evidence: [UInt64] = []
  /// Texts that replies must not hold.
  var texts: Set<String> = []

  /// Takes it all away; the rows of the archive went before.
  func carryOut(in transaction: borrowing WriteTransaction) throws {
    for sequence in evidence { _ = try transaction.forgetEvidence(sequence) }
    try transaction.forget(
      symbols.map { ($0.namespace.rawValue, $0.number, $0.isKnownAgain) })
    let texts = texts
    // A reply begins with the digest of its call; see `Core.once`.
    try transaction.dropReplies { reply in
      let text = String(decoding: reply.dropFirst(Forgetting.digestSize), as: UTF8.self)
      return (try? JSONParser.parse(text))?.holds(anyOf: texts) ?? false
    }
  }

  private static let digestSize = 16
}

extension JSONValue {
  /// Whether it is, or holds, one of some strings.
  fileprivate func holds(anyOf texts: Set<String>) -> Bool {
    switch self {
    case .string(let text): texts.contains(text)
    case .array(let values): values.contains { $0.holds(anyOf: texts) }
    case .object(let object): object.members.contains { $0.value.holds(anyOf: texts) }
    default: false
    }
  }
}

/// Which symbols the events of one session use, and which those of all others do.
struct SymbolUse {
  let session: SessionSymbol
  private var own: [Namespace: NumberSet] = [:]
  private var others: [Namespace: NumberSet] = [:]
  /// How many events of the session there were.
  private(set) var events: UInt64 = 0
  /// Those of them that may have evidence.
  private(set) var sequences: [UInt64] = []

  /// What tells of a person. Words of hosts, providers, policies and the classifier do not.
  private static let personal: Set<Namespace> = [
    .session, .agent, .identity, .workspace, .fingerprint, .reason, .scope, .display, .params,
    .actor, .text,
  ]

  init(_ session: SessionSymbol) { self.session = session }

  /// Takes in an event.
  mutating func take(_ event: Event) {
    let isOwn = event.session == session && event.body.kind != .sessionForgotten
    if isOwn {
      events += 1
      switch event.body {
      case .attemptFinished: sequences.append(event.sequence.value)
      case .wakeRequested(let wake) where wake.flags.contains(.hasPayload):
        sequences.append(event.sequence.value)
      default: break
      }
    }
    event.forEachSymbol { namespace, number in
      guard Self.personal.contains(namespace) else { return }
      if isOwn {
        own[namespace, default: NumberSet()].insert(number)
      } else {
        others[namespace, default: NumberSet()].insert(number)
      }
    }
  }

  /// Counts a symbol as used by somebody else.
  mutating func keep(_ namespace: Namespace, _ number: UInt32) {
    others[namespace, default: NumberSet()].insert(number)
  }

  /// The ids of the session that other sessions' events use too.
  var shared: [UInt32] {
    (own[.identity]?.numbers ?? []).filter { others[.identity]?.contains($0) == true }
  }

  /// The symbols that only the session's events use, in order.
  var forgotten: [(namespace: Namespace, number: UInt32)] {
    Namespace.allCases.flatMap { namespace in
      (own[namespace]?.numbers ?? []).filter { others[namespace]?.contains($0) != true }
        .map { (namespace, $0) }
    }
  }
}

/// A set of small numbers.
private struct NumberSet {
  private var words: [UInt64] = []

  mutating func insert(_ number: UInt32) {
    let index = Int(number >> 6)
    // Numbers have no gaps, so what is far beyond the rest is damage, and no name.
    guard index < words.count + (1 << 20) else { return }
    while words.count <= index { words.append(0) }
    words[index] |= 1 << UInt64(number & 63)
  }

  func contains(_ number: UInt32) -> Bool {
    let index = Int(number >> 6)
    return index < words.count && words[index] & (1 << UInt64(number & 63)) != 0
  }

  var numbers: [UInt32] {
    words.enumerated().flatMap { index, word in
      (0..<64).filter { word & (1 << UInt64($0)) != 0 }.map { UInt32(index << 6 + $0) }
    }
  }
}
