internal import Wakelog
public import WakelogModel

/// What decisions ask for when they are made anew over a record.
public protocol RecordedContext: Context {
  /// Puts the policy in force that a state names, unless another was chosen for the replay.
  func follow(_ state: State)
  /// The name of a classifier's entry.
  func text(of code: Symbol<Space.Code>) -> String
  /// Who wrote a note.
  func text(of actor: Symbol<Space.Actor>) -> String
  /// An id that the record does not know, for a session that only the replay begins.
  func newIdentity(for provider: ProviderSymbol) -> IdentitySymbol
}

/// The strings of a log, and the policies that it adopted or one in their place.
public final class NamedContext: RecordedContext {
  /// The strings.
  public let symbols: SymbolTable
  private let chosen: Policy?
  private var policy: Policy
  private var policies: [Symbol<Space.Policy>: Policy] = [:]
  private var invented: UInt64 = 0

  /// Goes by the policies that the log adopted, or by a chosen one from beginning to end.
  public init(_ symbols: SymbolTable, policy: Policy? = nil) {
    self.symbols = symbols
    chosen = policy
    self.policy = policy ?? Self.standard
  }

  private static let standard: Policy = {
    guard let policy = Policy.builtIn(named: "standard") else {
      preconditionFailure("the built-in policy `standard` is gone")
    }
    return policy
  }()

  /// Puts the policy in force that a state names; `standard` where it names none.
  public func follow(_ state: State) {
    guard chosen == nil else { return }
    let symbol = state.totals.policy
    if let known = policies[symbol] { return policy = known }
    policy = Self.standard
    if let text = symbols.text(symbol), let json = try? JSONParser.parse(text),
      let read = try? Policy(recorded: json)
    {
      policy = read
    }
    policies[symbol] = policy
  }

  /// The rules in force for a key, an agent and a provider.
  public func rules(
    session: SessionSymbol, agent: AgentSymbol, provider: ProviderSymbol
  ) -> Rules {
    if policy.overrides.isEmpty { return policy.rules }
    return policy.rules(
      session: symbols.text(session) ?? "", agent: symbols.text(agent) ?? "",
      provider: symbols.text(provider) ?? "")
  }

  /// The text of a reason.
  public func text(of reason: ReasonSymbol) -> String { symbols.text(reason) ?? "" }

  /// The text of a provider.
  public func text(of provider: ProviderSymbol) -> String { symbols.text(provider) ?? "" }

  /// The name of a classifier's entry.
  public func text(of code: Symbol<Space.Code>) -> String { symbols.text(code) ?? "" }

  /// Who wrote a note.
  public func text(of actor: Symbol<Space.Actor>) -> String { symbols.text(actor) ?? "" }

  /// The names of a fingerprint with their values, sorted by name.
  public func fingerprint(_ symbol: FingerprintSymbol) -> [(name: String, value: String)] {
    guard let text = symbols.text(symbol), let object = try? JSONParser.parse(text).object else {
      return []
    }
    return object.members.map { (name: $0.name, value: $0.value.string ?? $0.value.text) }
      .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// The symbol of a classifier's entry.
  public func symbol(ofCode code: String) -> Symbol<Space.Code> {
    symbols.symbol(code, Space.Code.self)
  }

  /// An id that the record does not know.
  public func newIdentity(for provider: ProviderSymbol) -> IdentitySymbol {
    invented += 1
    let session = ProviderSession(id: "replayed-\(invented)", provider: text(of: provider))
    return IdentitySymbol(symbols.number(.identity, session.bytes))
  }
}
