import WakelogModel
import WakelogStore

// From the strings of a request to symbols.

extension Core {
  /// The symbol of a session key that the log knows.
  func session(_ key: String) throws(WakelogError) -> SessionSymbol {
    guard let symbol = names.known(key, Space.Session.self),
      state.sessions[symbol.number].exists
    else {
      throw WakelogError(
        .notFound, "there is no session with this key; wake it first, or list them with `sessions`",
        field: "session")
    }
    return symbol
  }

  /// The symbol of an agent that the log knows.
  func agent(_ name: String) throws(WakelogError) -> AgentSymbol {
    guard let symbol = names.known(name, Space.Agent.self),
      state.agents[symbol.number].sessions > 0
    else {
      throw WakelogError(
        .notFound, "there is no agent of this name; list them with `agents`", field: "agent")
    }
    return symbol
  }

  /// The symbol of an id for a provider, assigned if it had none.
  func identity(_ id: String, _ provider: String) -> IdentitySymbol {
    IdentitySymbol(
      names.number(.identity, ProviderSession(id: id, provider: provider).bytes))
  }

  /// The symbol of an id for a provider; nil if it has none.
  func knownIdentity(_ id: String, _ provider: String) -> IdentitySymbol? {
    names.find(.identity, ProviderSession(id: id, provider: provider).bytes)
      .map { IdentitySymbol($0) }
  }

  /// The symbol of an id that an operator names on a key: with the provider of the key's binding
  /// to it, the one used last first, else with the key's.
  func identity(
    _ id: String, on session: SessionSymbol
  ) -> (identity: IdentitySymbol, provider: ProviderSymbol) {
    let row = state.sessions[session.number]
    for binding in state.bindings(of: session)
    where names.session(binding.identity)?.id.hasSameBytes(as: id) == true {
      return (binding.identity, state.identities[binding.identity.number].provider)
    }
    return (identity(id, names.text(row.provider) ?? ""), row.provider)
  }

  /// Whether the id asked for, by a call or else by the wake that waits, is new to the log and
  /// known for another provider.
  func isResumeOfAnotherProvider(
    _ asked: IdentitySymbol, waitingOn session: SessionSymbol
  ) throws(WakelogError) -> Bool {
    let resume = asked.or(state.pending(of: session)?.resume ?? .none)
    guard let known = names.session(resume), !state.identities[resume.number].exists else {
      return false
    }
    return try isOfAnotherProvider(known.id, known.provider)
  }

  /// Whether the log knows an id for another provider than this one.
  func isOfAnotherProvider(_ id: String, _ provider: String) throws(WakelogError) -> Bool {
    let prefix = Array(id.utf8)
    let view = try view
    var isKnown = false
    func take(_ number: UInt32, _ bytes: [UInt8]) {
      if let found = ProviderSession(bytes: bytes), Array(found.id.utf8) == prefix,
        !found.provider.hasSameBytes(as: provider), state.identities[number].exists
      {
        isKnown = true
      }
    }
    names.forEachAhead(.identity, take)
    do {
      try view.forEachSymbol(Namespace.identity.rawValue, prefix: prefix) { number, span in
        take(number, unsafe span.withUnsafeBytes { unsafe Array($0) })
        return !isKnown
      }
    } catch {
      throw WakelogError(any: error)
    }
    return isKnown
  }

  /// The symbol of a fingerprint.
  func fingerprint(_ values: NamedValues<String>?) -> FingerprintSymbol {
    guard let values else { return .none }
    let members = values.pairs.map {
      JSONObject.Member(name: $0.name, value: .string($0.value))
    }
    return names.symbol(JSONValue.object(JSONObject(members)).text, Space.Fingerprint.self)
  }

  /// Who asks, from a request or from the engine's own host.
  func claim(_ host: String?, _ epoch: UInt32?, _ call: Call) -> HostClaim? {
    if let host {
      return HostClaim(host: names.symbol(host, Space.Host.self), epoch: epoch)
    }
    return call.host.map {
      HostClaim(host: names.symbol($0.host, Space.Host.self), epoch: $0.epoch)
    }
  }
}
