import WakelogModel

/// The strings of a world, each with its number: what the log keeps in tables, kept in memory.
final class Strings {
  private struct Name: Hashable {
    var namespace: Namespace
    var text: String
  }

  private var numbers: [Name: UInt32] = [:]
  private var texts: [Namespace: [String]] = [:]
  private var identities: [ProviderSession: UInt32] = [:]
  private var sessions: [ProviderSession] = []

  /// The number of a text, assigned if it had none; none for nil.
  func symbol<Space: SymbolSpace>(_ text: String?, _ space: Space.Type) -> Symbol<Space> {
    guard let text else { return .none }
    let name = Name(namespace: Space.namespace, text: text)
    if let number = numbers[name] { return Symbol(number) }
    texts[Space.namespace, default: []].append(text)
    let number = UInt32(texts[Space.namespace]?.count ?? 0)
    numbers[name] = number
    return Symbol(number)
  }

  /// The text of a number; nil for none.
  func text<Space: SymbolSpace>(_ symbol: Symbol<Space>) -> String? {
    text(Space.namespace, symbol.number)
  }

  /// The text of a number of a namespace; nil for none.
  func text(_ namespace: Namespace, _ number: UInt32) -> String? {
    let known = texts[namespace] ?? []
    return number != 0 && number <= known.count ? known[Int(number) - 1] : nil
  }

  /// The number of an id with its provider, assigned if it had none; none for nil.
  func identity(_ id: String?, _ provider: String) -> IdentitySymbol {
    guard let id else { return .none }
    let session = ProviderSession(id: id, provider: provider)
    if let number = identities[session] { return IdentitySymbol(number) }
    sessions.append(session)
    identities[session] = UInt32(sessions.count)
    return IdentitySymbol(UInt32(sessions.count))
  }

  /// The id and provider of a number; nil for none.
  func session(_ identity: IdentitySymbol) -> ProviderSession? {
    let index = Int(identity.number) - 1
    return sessions.indices.contains(index) ? sessions[index] : nil
  }

  /// Every id of that text, whoever issued it.
  func identities(of id: String) -> [IdentitySymbol] {
    sessions.indices.filter { sessions[$0].id == id }.map { IdentitySymbol(UInt32($0 + 1)) }
  }

  /// Every text of a namespace with its number.
  func all<Space: SymbolSpace>(_ space: Space.Type) -> [(symbol: Symbol<Space>, text: String)] {
    (texts[Space.namespace] ?? []).enumerated()
      .map { (Symbol(UInt32($0.offset + 1)), $0.element) }
  }

  /// Every provider session with its number.
  var allIdentities: [(symbol: IdentitySymbol, session: ProviderSession)] {
    sessions.enumerated().map { (IdentitySymbol(UInt32($0.offset + 1)), $0.element) }
  }
}
