public import WakelogModel

/// The strings of a log with those that a replay adds: a number for each, and back.
///
/// Numbers of the log stay what they are; new strings get the numbers after them.
public final class SymbolTable: SymbolTexts, SymbolNumbers {
  private let log: any SymbolTexts
  private var last: [Namespace: UInt32] = [:]
  private var added: [Namespace: [UInt32: [UInt8]]] = [:]
  private var numbers: [Namespace: [[UInt8]: UInt32]] = [:]

  /// The strings that events use, as their log spells them.
  public init(_ log: any SymbolTexts, usedIn events: [Event]) {
    self.log = log
    for event in events {
      event.forEachSymbol { namespace, number in
        self.last[namespace] = max(self.last[namespace] ?? 0, number)
      }
    }
  }

  /// An empty table.
  public convenience init() { self.init(NoStrings(), usedIn: []) }

  /// The bytes of a string; nil when its number was never assigned.
  public func bytes(_ namespace: Namespace, _ number: UInt32) -> [UInt8]? {
    added[namespace]?[number] ?? log.bytes(namespace, number)
  }

  /// The number of a string, assigned now if it had none.
  public func number(_ namespace: Namespace, _ bytes: [UInt8]) -> UInt32 {
    var known = numbers.removeValue(forKey: namespace) ?? readNumbers(namespace)
    defer { numbers[namespace] = known }
    if let number = known[bytes] { return number }
    let number = (last[namespace] ?? 0) + 1
    last[namespace] = number
    added[namespace, default: [:]][number] = bytes
    known[bytes] = number
    return number
  }

  private func readNumbers(_ namespace: Namespace) -> [[UInt8]: UInt32] {
    var known: [[UInt8]: UInt32] = [:]
    for number in 0..<(last[namespace] ?? 0) {
      if let bytes = log.bytes(namespace, number + 1) { known[bytes] = number + 1 }
    }
    return known
  }

  /// The symbol of a text, assigned now if it had none.
  public func symbol<Space>(_ text: String, _ space: Space.Type) -> Symbol<Space> {
    Symbol(number(Space.namespace, Array(text.utf8)))
  }

  /// The text of a symbol, of a provider session its id; nil for none.
  public func text<Space>(_ symbol: Symbol<Space>) -> String? {
    guard let bytes = bytes(Space.namespace, symbol.number) else { return nil }
    let session = Space.namespace == .identity ? ProviderSession(bytes: bytes) : nil
    return session?.id ?? String(decoding: bytes, as: UTF8.self)
  }
}

private struct NoStrings: SymbolTexts {
  func bytes(_ namespace: Namespace, _ number: UInt32) -> [UInt8]? { nil }
}
