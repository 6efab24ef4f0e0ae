public import WakelogModel

extension World {
  /// Gives `reset`.
  @discardableResult
  public func reset(
    _ session: String? = nil, because: String = "", ifGeneration: UInt32? = nil
  ) -> Reply {
    give(
      .reset(
        session: symbol(session ?? lastSession), because: symbol(because),
        ifGeneration: ifGeneration.map { Generation($0) }))
  }

  /// Gives `abandon` for the key's latest run, or for another.
  @discardableResult
  public func abandon(_ session: String? = nil, run: SequenceNumber? = nil) -> Reply {
    let (hold, key) = held(session, nil)
    return give(
      .abandon(
        session: key, run: run ?? hold.run, by: symbol("operator"), why: symbol("stuck")))
  }

  /// Gives `probe`.
  @discardableResult
  public func probe(_ session: String? = nil, sessionId: String, exists: Bool) -> Reply {
    let key: SessionSymbol = symbol(session ?? lastSession)
    return give(
      .probe(
        session: key, identity: identity(sessionId, of: provider(of: key)), exists: exists,
        detail: .none))
  }

  /// Gives `check` for the key's latest run, or for the one held.
  @discardableResult
  public func check(_ session: String? = nil, holding: Hold? = nil) -> Reply {
    let (hold, key) = held(session, holding)
    return give(.check(session: key, fence: claim(hold)))
  }

  /// Gives `flush` for the key's latest run, or for the one held.
  @discardableResult
  public func flush(
    _ session: String? = nil, holding: Hold? = nil, from: UInt64, to: UInt64
  ) -> Reply {
    let (hold, key) = held(session, holding)
    return give(.flush(session: key, fence: claim(hold), from: from, to: to))
  }

  /// Gives `host`.
  @discardableResult
  public func host(_ host: String, version: String = "") -> Reply {
    give(.host(symbol(host), version: symbol(version)))
  }

  /// Gives `upgrade`.
  @discardableResult
  public func upgrade(_ host: String, to: String, _ step: UpgradeStep) -> Reply {
    give(.upgrade(symbol(host), to: symbol(to), step: step, detail: .none))
  }

  /// Gives `pause`.
  @discardableResult
  public func pause(_ agent: String = "ada") -> Reply {
    give(.pause(symbol(agent), isPaused: true, by: symbol("operator")))
  }

  /// Gives `unpause`.
  @discardableResult
  public func unpause(_ agent: String = "ada") -> Reply {
    give(.pause(symbol(agent), isPaused: false, by: symbol("operator")))
  }

  /// Gives `repair`. An empty `bind` clears the binding; nil leaves it.
  @discardableResult
  public func repair(
    _ session: String? = nil, expecting: String?? = .none, lastRun: Outcome? = nil,
    bind: String? = nil, revive: String = ""
  ) -> Reply {
    let key: SessionSymbol = symbol(session ?? lastSession)
    let provider = provider(of: key)
    var command = RepairCommand(session: key, by: symbol("operator"), why: symbol("repair"))
    if let expecting {
      command.expectedIdentity = .exactly(expecting.map { identity($0, of: provider) })
    }
    if let lastRun { command.expectedOutcome = .exactly(lastRun) }
    if let bind {
      command.setting =
        bind.isEmpty ? .clear : .bind(identity(bind, of: provider), symbol(provider))
    }
    command.revive = identity(revive, of: provider)
    return give(.repair(command))
  }
}
