internal import Wakelog
public import WakelogModel

/// The strings of a log for others to read: provider sessions under names of their own.
///
/// Whoever has the id of a provider's session may be able to read or go on with it. The same id
/// has the same name wherever it stands, also as the id to show.
public struct Pseudonyms: SymbolTexts {
  private let texts: any SymbolTexts

  /// Hides the ids of a log.
  public init(_ texts: any SymbolTexts) { self.texts = texts }

  /// The bytes of a string, or of the name in its place.
  public func bytes(_ namespace: Namespace, _ number: UInt32) -> [UInt8]? {
    guard let bytes = texts.bytes(namespace, number) else { return nil }
    switch namespace {
    case .identity:
      guard let session = ProviderSession(bytes: bytes) else { return bytes }
      return ProviderSession(id: "session-\(number)", provider: session.provider).bytes
    case .display: return Array("display-\(number)".utf8)
    case .params: return Array("{\"withheld\":\(number)}".utf8)
    default: return bytes
    }
  }
}

extension Minimum {
  /// The events as `export` would show them, one a line, together a log to import.
  public func lines(_ texts: any SymbolTexts) -> [JSONValue] {
    let symbols = SymbolTable(texts, usedIn: events)
    var agents: [SessionSymbol: String] = [:]
    return events.map { event in
      switch event.body {
      case .wakeRequested(let wake): agents[event.session] = symbols.text(wake.agent)
      case .sessionOpened(let opened): agents[event.session] = symbols.text(opened.agent)
      default: break
      }
      return event.json(
        symbols, agent: agents[event.session], parse: { try? JSONParser.parse($0) })
    }
  }
}
