public import WakelogModel

extension World {
  /// Drops the waiting wake. See PROTOCOL, cancel.
  @discardableResult
  public func cancel(_ session: String = "s", by: String? = nil) -> Reply {
    give(
      .cancel(
        session: strings.symbol(session, Space.Session.self),
        by: strings.symbol(by, Space.Actor.self)))
  }

  /// Ends a generation. See PROTOCOL, reset.
  @discardableResult
  public func reset(
    _ session: String = "s", because: String? = nil, ifGeneration: UInt32? = nil
  ) -> Reply {
    give(
      .reset(
        session: strings.symbol(session, Space.Session.self),
        because: strings.symbol(because, Space.Text.self),
        ifGeneration: ifGeneration.map { Generation($0) }))
  }

  /// Ends an open run, the last one by default. See PROTOCOL, abandon.
  @discardableResult
  public func abandon(run: Int? = nil, by: String = "op", why: String = "stuck") -> Reply {
    let number = run ?? lastRun
    return give(
      .abandon(
        session: runs[number]?.session ?? .none, run: SequenceNumber(UInt64(number)),
        by: strings.symbol(by, Space.Actor.self), why: strings.symbol(why, Space.Text.self)))
  }

  /// Says what a look at the disk found. See PROTOCOL, probe.
  @discardableResult
  public func probe(
    _ session: String = "s", sessionId: String, exists: Bool, detail: String? = nil
  ) -> Reply {
    let symbol = strings.symbol(session, Space.Session.self)
    return give(
      .probe(
        session: symbol, identity: identity(sessionId, on: symbol), exists: exists,
        detail: strings.symbol(detail, Space.Text.self)))
  }

  /// Begins a host's epoch. See PROTOCOL, host.
  @discardableResult
  public func host(_ host: String, version: String? = nil) -> Reply {
    give(
      .host(
        strings.symbol(host, Space.Host.self),
        version: strings.symbol(version, Space.Version.self)))
  }

  /// Takes an upgrade one step. See PROTOCOL, upgrade.
  @discardableResult
  public func upgrade(
    _ host: String, to: String, step: UpgradeStep, detail: String? = nil
  ) -> Reply {
    give(
      .upgrade(
        strings.symbol(host, Space.Host.self), to: strings.symbol(to, Space.Version.self),
        step: step, detail: strings.symbol(detail, Space.Text.self)))
  }

  /// The version that a host is to run; nil before it named one.
  public func version(of host: String) -> String? {
    let row = state.hosts[strings.symbol(host, Space.Host.self).number]
    return strings.text(row.versionToUse)
  }

  /// Pauses an agent. See PROTOCOL, pause.
  @discardableResult
  public func pause(_ agent: String = "ada", by: String? = nil) -> Reply {
    give(
      .pause(
        strings.symbol(agent, Space.Agent.self), isPaused: true,
        by: strings.symbol(by, Space.Actor.self)))
  }

  /// Lets an agent be woken again. See PROTOCOL, unpause.
  @discardableResult
  public func unpause(_ agent: String = "ada", by: String? = nil) -> Reply {
    give(
      .pause(
        strings.symbol(agent, Space.Agent.self), isPaused: false,
        by: strings.symbol(by, Space.Actor.self)))
  }

  /// Writes words into the log. A host as it was changes its rules where the author is a change
  /// that was deployed.
  @discardableResult
  public func note(_ session: String? = nil, by: String, text: String) -> Reply {
    follow(noteBy: by)
    return give(
      .note(
        session: strings.symbol(session, Space.Session.self),
        by: strings.symbol(by, Space.Actor.self), text: strings.symbol(text, Space.Text.self)))
  }

  /// Sets a key right. See PROTOCOL, repair.
  ///
  /// `expecting` is the id that the key must point to, `.exactly(nil)` for nothing.
  @discardableResult
  public func repair(
    _ session: String = "s", expecting: RepairCommand.Expectation<String> = .any,
    lastRun: RepairCommand.Expectation<WakelogModel.Outcome> = .any, set: String? = nil,
    clears: Bool = false, revive: String? = nil, by: String = "op", why: String = "looked"
  ) -> Reply {
    let symbol = strings.symbol(session, Space.Session.self)
    var repair = RepairCommand(
      session: symbol, by: strings.symbol(by, Space.Actor.self),
      why: strings.symbol(why, Space.Text.self))
    if case .exactly(let id) = expecting {
      repair.expectedIdentity = .exactly(id.map { identity($0, on: symbol) })
    }
    repair.expectedOutcome = lastRun
    if let set {
      let provider = state.sessions[symbol.number].provider
      repair.setting = .bind(identity(set, on: symbol), provider)
    } else if clears {
      repair.setting = .clear
    }
    if let revive { repair.revive = identity(revive, on: symbol) }
    return give(.repair(repair))
  }

  /// Puts a policy in force. See PROTOCOL, policy.
  @discardableResult
  public func adopt(_ policy: Policy) -> Reply { give(.adopt(policies.symbol(of: policy))) }

  private func identity(_ id: String, on session: SessionSymbol) -> IdentitySymbol {
    strings.identity(id, strings.text(state.sessions[session.number].provider) ?? "")
  }
}
