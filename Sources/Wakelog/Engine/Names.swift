import WakelogModel
package import WakelogStore

/// The snapshot of a transaction that is under way, to look names up in.
package struct LogView: LogTransaction {
  package let snapshot: Snapshot
}

/// A string of a namespace.
struct Name: Hashable {
  var namespace: Namespace
  var bytes: [UInt8]

  /// All bytes in one piece: an array's own way takes them one by one.
  func hash(into hasher: inout Hasher) {
    hasher.combine(namespace.rawValue)
    unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
  }
}

/// A number of a namespace.
struct NameNumber: Hashable {
  var namespace: Namespace
  var number: UInt32
}

/// Strings and their numbers: those of the log, those that are on their way there, and those that
/// the command under way assigns.
///
/// New numbers are kept only if the command's events use them; the log gets them with the events.
/// What is looked up often is remembered, up to a limit.
final class Names: SymbolTexts, SymbolNumbers {
  /// The log as the transaction under way sees it; nil between transactions.
  var view: LogView?
  /// Assigned by the command under way, in order.
  private(set) var assigned: [(name: Name, number: UInt32)] = []
  private var assignedNumbers: [Name: UInt32] = [:]
  private var assignedCounts: [Namespace: UInt32] = [:]
  /// Used by events that are not durable yet.
  private var numbersAhead: [Name: UInt32] = [:]
  private var textsAhead: [NameNumber: Known] = [:]
  /// The last numbers with those, by namespace, where known.
  private var counts: [Namespace: UInt32] = [:]
  private var numbers = BoundedCache<Name, UInt32>()
  private var texts = BoundedCache<NameNumber, Known>()
  /// The first row found damaged since the transaction began. What was looked up has no answer then,
  /// and a call must not take it for unknown: it fails.
  private(set) var damage: StoreError?

  /// A string of the log as bytes and as text; an identity's text is its id.
  private struct Known {
    var bytes: [UInt8]
    var text: String
  }

  private func read<Value>(_ body: () throws -> Value?) -> Value? {
    do {
      return try body()
    } catch {
      if damage == nil { damage = error as? StoreError ?? StoreError(.corrupt, "\(error)") }
      return nil
    }
  }

  /// Throws what was found damaged.
  func checkDamage() throws {
    if let damage { throw damage }
  }

  /// Forgets what was found damaged, for the next call.
  func forgetDamage() { damage = nil }

  /// The number of a string; nil if it has none. 0 and nil never mean the same.
  func find(_ namespace: Namespace, _ bytes: [UInt8]) -> UInt32? {
    let name = Name(namespace: namespace, bytes: bytes)
    if !assignedNumbers.isEmpty, let number = assignedNumbers[name] { return number }
    if let number = numbers[name] { return number }
    if !numbersAhead.isEmpty, let number = numbersAhead[name] { return number }
    guard let view else { return nil }
    let found = read {
      try unsafe bytes.withUnsafeBytes {
        unsafe try view.number(of: $0, namespace: namespace.rawValue)
      }
    }
    guard let number = found else { return nil }
    numbers[name] = number
    return number
  }

  /// The number of a string, assigned now if it had none.
  func number(_ namespace: Namespace, _ bytes: [UInt8]) -> UInt32 {
    if let number = find(namespace, bytes) { return number }
    let last =
      assignedCounts[namespace] ?? counts[namespace]
      ?? read { try view?.symbolCount(namespace.rawValue) } ?? 0
    let name = Name(namespace: namespace, bytes: bytes)
    assignedCounts[namespace] = last + 1
    assigned.append((name, last + 1))
    assignedNumbers[name] = last + 1
    return last + 1
  }

  /// The string of a number; nil if it was never assigned.
  func bytes(_ namespace: Namespace, _ number: UInt32) -> [UInt8]? {
    known(namespace, number)?.bytes
  }

  /// The string of a number if it was looked up of late.
  func remembered(_ namespace: Namespace, _ number: UInt32) -> [UInt8]? {
    texts[NameNumber(namespace: namespace, number: number)]?.bytes
  }

  private func known(_ namespace: Namespace, _ number: UInt32) -> Known? {
    if number == 0 { return nil }
    let key = NameNumber(namespace: namespace, number: number)
    if let known = texts[key] { return known }
    if !textsAhead.isEmpty, let known = textsAhead[key] { return known }
    for entry in assigned where entry.number == number && entry.name.namespace == namespace {
      return Self.known(namespace, entry.name.bytes)
    }
    let found = read {
      try view?.symbol(namespace.rawValue, number) { span in
        unsafe span.withUnsafeBytes { unsafe [UInt8]($0) }
      }
    }
    guard let found else { return nil }
    let known = Self.known(namespace, found)
    texts[key] = known
    return known
  }

  private static func known(_ namespace: Namespace, _ bytes: [UInt8]) -> Known {
    guard namespace == .identity else {
      return Known(bytes: bytes, text: String(decoding: bytes, as: UTF8.self))
    }
    let session = ProviderSession(bytes: bytes)
    if session == nil, bytes.starts(with: Array("forgotten:".utf8)) {
      let stand = ProviderSession(forgotten: bytes)
      return Known(bytes: stand.bytes, text: stand.id)
    }
    return Known(bytes: bytes, text: session?.id ?? String(decoding: bytes, as: UTF8.self))
  }

  /// The text of a symbol; nil for none.
  func text<Space>(_ symbol: Symbol<Space>) -> String? {
    known(Space.namespace, symbol.number)?.text
  }

  /// The symbol of a text, assigned now if it had none.
  func symbol<Space>(_ text: String, _ space: Space.Type) -> Symbol<Space> {
    Symbol(number(Space.namespace, Array(text.utf8)))
  }

  /// The symbol of a text that may be left out.
  func symbol<Space>(_ text: String?, _ space: Space.Type) -> Symbol<Space> {
    text.map { symbol($0, space) } ?? .none
  }

  /// The symbol of a text if it has one.
  func known<Space>(_ text: String, _ space: Space.Type) -> Symbol<Space>? {
    find(Space.namespace, Array(text.utf8)).map { Symbol($0) }
  }

  /// Ends a command: gives the numbers that its events use, to be written, and forgets the rest.
  ///
  /// Numbers have no gaps, so one below a used one counts as used.
  func takeAssigned(usedIn events: ArraySlice<Outgoing>) -> [(name: Name, number: UInt32)] {
    guard !assigned.isEmpty else { return [] }
    var highest: [Namespace: UInt32] = [:]
    for event in events {
      event.event.forEachSymbol { namespace, number in
        highest[namespace] = max(highest[namespace] ?? 0, number)
      }
    }
    let used = assigned.filter { $0.number <= highest[$0.name.namespace] ?? 0 }
    forgetAssigned()
    for entry in used {
      let namespace = entry.name.namespace
      counts[namespace] = entry.number
      numbersAhead[entry.name] = entry.number
      textsAhead[NameNumber(namespace: namespace, number: entry.number)] = Self.known(
        namespace, entry.name.bytes)
    }
    return used
  }

  /// Calls a closure with what is on its way into a namespace of the log.
  func forEachAhead(_ namespace: Namespace, _ body: (UInt32, [UInt8]) -> Void) {
    for (name, number) in numbersAhead where name.namespace == namespace {
      body(number, name.bytes)
    }
  }

  /// Numbers that were on their way are in the log.
  func settle(_ names: [(name: Name, number: UInt32)]) {
    for entry in names {
      let key = NameNumber(namespace: entry.name.namespace, number: entry.number)
      numbers[entry.name] = entry.number
      numbersAhead[entry.name] = nil
      texts[key] = textsAhead.removeValue(forKey: key)
    }
  }

  /// Forgets how many numbers there are, since others may have assigned some.
  func forgetCounts() { counts.removeAll(keepingCapacity: true) }

  /// Forgets what the command under way assigned.
  func forgetAssigned() {
    guard !assigned.isEmpty else { return }
    assigned.removeAll(keepingCapacity: true)
    assignedNumbers.removeAll(keepingCapacity: true)
    assignedCounts.removeAll(keepingCapacity: true)
  }

  /// Forgets everything, since some of it was taken back.
  func forgetAll() {
    forgetAssigned()
    forgetCounts()
    numbersAhead = [:]
    textsAhead = [:]
    numbers = BoundedCache()
    texts = BoundedCache()
  }
}

/// Remembers what was used of late: two generations, the older dropped when the newer is full.
struct BoundedCache<Key: Hashable, Value> {
  private var young: [Key: Value] = [:]
  private var old: [Key: Value] = [:]
  private let limit: Int

  init(limit: Int = 8_192) { self.limit = limit }

  subscript(key: Key) -> Value? {
    mutating get {
      if let value = young[key] { return value }
      guard let value = old[key] else { return nil }
      self[key] = value
      return value
    }
    set {
      if young.count >= limit {
        old = young
        young = [:]
      }
      young[key] = newValue
    }
  }
}
