import WakelogModel

/// The strings and the policy that decisions look at: those of the log under way.
final class EngineContext: Context {
  let names: Names
  private var policySymbol = Symbol<Space.Policy>.none
  private(set) var policy = Policy.standard
  private var fingerprints = BoundedCache<UInt32, [(name: String, value: String)]>(limit: 256)

  init(names: Names) { self.names = names }

  /// Puts a policy in force by its symbol; `standard` for none, or for one that does
  /// not parse, which only a damaged log holds.
  func follow(_ symbol: Symbol<Space.Policy>) {
    guard symbol != policySymbol else { return }
    policySymbol = symbol
    policy = .standard
    guard let text = names.text(policySymbol), let json = try? JSONParser.parse(text),
      let parsed = try? Policy(recorded: json)
    else { return }
    policy = parsed
  }

  /// Forgets what came from a transaction that was rolled back.
  func forget() {
    policySymbol = .none
    policy = .standard
    fingerprints = BoundedCache(limit: 256)
  }

  func rules(
    session: SessionSymbol, agent: AgentSymbol, provider: ProviderSymbol
  ) -> Rules {
    if policy.overrides.isEmpty { return policy.rules }
    return policy.rules(
      session: names.text(session) ?? "", agent: names.text(agent) ?? "",
      provider: names.text(provider) ?? "")
  }

  func text(of reason: ReasonSymbol) -> String { names.text(reason) ?? "" }

  func text(of provider: ProviderSymbol) -> String { names.text(provider) ?? "" }

  func fingerprint(_ symbol: FingerprintSymbol) -> [(name: String, value: String)] {
    if let known = fingerprints[symbol.number] { return known }
    guard let text = names.text(symbol), let json = try? JSONParser.parse(text),
      let object = json.object
    else { return [] }
    let pairs = object.members
      .map { (name: $0.name, value: $0.value.string ?? $0.value.text) }
      .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    fingerprints[symbol.number] = pairs
    return pairs
  }

  func symbol(ofCode code: String) -> Symbol<Space.Code> {
    names.symbol(code, Space.Code.self)
  }
}

extension Policy {
  /// The policy of a log that never adopted one.
  static let standard: Policy = {
    guard let policy = Policy.builtIn(named: "standard") else {
      preconditionFailure("the built-in policy `standard` is gone")
    }
    return policy
  }()
}
