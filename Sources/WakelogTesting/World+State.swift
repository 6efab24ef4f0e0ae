public import WakelogModel

// What the rows of the state say, in words.

extension World {
  /// A key's row.
  public func session(_ name: String = "s") -> SessionRow { state.sessions[key(name)] }

  /// An agent's row.
  public func agent(_ name: String = "ada") -> AgentRow {
    let symbol: AgentSymbol = symbol(name)
    return state.agents[symbol.number]
  }

  /// A provider session's row.
  public func identity(_ id: String, provider: String = "claude") -> IdentityRow {
    state.identities[identity(id, of: provider).number]
  }

  /// The id that a key points to; nil for none.
  public func bound(_ name: String = "s") -> String? { id(of: session(name).bound) }

  /// The row of a key's open run; nil for none.
  public func openRun(_ name: String = "s") -> RunRow? { state.openRun(of: symbol(name)) }

  /// The row of a key's waiting wake; nil for none.
  public func pending(_ name: String = "s") -> PendingRow? { state.pending(of: symbol(name)) }

  private func key(_ name: String) -> UInt32 {
    let symbol: SessionSymbol = symbol(name)
    return symbol.number
  }

  /// What the log adds up to when its events are reduced one by one in a new state.
  public func replayed() -> State {
    var fresh = State()
    for event in log { fresh.reduce(event) }
    return fresh
  }
}
