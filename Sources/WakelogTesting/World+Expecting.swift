internal import WakelogModel

extension World {
  /// The state as it is, in plain words.
  public var projection: Projection {
    let projection = Projection()
    for (symbol, key) in strings.all(Space.Session.self) where state.sessions[symbol.number].exists
    {
      projection.sessions[key] = reading(symbol)
    }
    for (symbol, name) in strings.all(Space.Agent.self) {
      projection.agents[name] = reading(state.agents[symbol.number])
    }
    for (symbol, name) in strings.all(Space.Host.self) {
      let row = state.hosts[symbol.number]
      var reading = HostReading()
      reading.epoch = Int(row.epoch)
      reading.version = strings.text(row.versionToUse)
      reading.upgrade = strings.text(row.upgrade)
      projection.hosts[name] = reading
    }
    for (symbol, session) in strings.allIdentities
    where state.identities[symbol.number].exists {
      projection.identities[name(of: session)] = reading(state.identities[symbol.number])
    }
    policies.follow(state)
    if state.totals.policy.exists { projection.policy = policies.policy.name }
    return projection
  }

  /// Compares everything that changed since the last comparison with what is expected of it.
  ///
  /// The closure changes what was last seen into what should be now. Gives one line for every
  /// field that differs, `-` as expected and `+` as it is; empty when all is as expected. Either
  /// way the next comparison starts from what is.
  public func expectChange(_ change: (Projection) -> Void = { _ in }) -> String {
    let wanted = expected.copy()
    change(wanted)
    let actual = projection
    expected = actual
    let left = wanted.lines
    let right = actual.lines
    var diff: [String] = []
    for name in Set(left.keys).union(right.keys).sorted() where left[name] != right[name] {
      diff.append("- \(name) = \(left[name] ?? "as never seen")")
      diff.append("+ \(name) = \(right[name] ?? "as never seen")")
    }
    return diff.joined(separator: "\n")
  }

  /// Takes what is for granted: the next comparison starts from here.
  public func settleExpectations() { expected = projection }

  /// A session key in plain words; all zeros for one never seen.
  public func session(_ key: String = "s") -> SessionReading {
    reading(strings.symbol(key, Space.Session.self))
  }

  /// An agent in plain words; all zeros for one never seen.
  public func agent(_ name: String = "ada") -> AgentReading {
    reading(state.agents[strings.symbol(name, Space.Agent.self).number])
  }

  /// A provider session in plain words; all zeros for one never seen.
  public func identity(_ id: String, provider: String = "claude") -> IdentityReading {
    reading(state.identities[strings.identity(id, provider).number])
  }

  /// The id; with its provider where another provider has one of the same text.
  private func name(of session: ProviderSession) -> String {
    let known = strings.identities(of: session.id).filter { state.identities[$0.number].exists }
    return known.count > 1 ? "\(session.provider):\(session.id)" : session.id
  }

  private func reading(_ session: SessionSymbol) -> SessionReading {
    let row = state.sessions[session.number]
    let open = state.openRun(of: session)
    var reading = SessionReading()
    reading.agent = strings.text(row.agent)
    reading.provider = strings.text(row.provider)
    reading.generation = Int(row.generation.value)
    reading.bound = strings.session(row.bound)?.id
    reading.provenBy = row.boundProof
    var link = row.condemnations
    while link != 0 {
      let entry = state.condemnations[link]
      if state.identities[entry.identity.number].condemned != nil {
        reading.condemned.insert(strings.session(entry.identity)?.id ?? "?", at: 0)
      }
      link = entry.next
    }
    reading.openRun = open.map { Int($0.run.value) }
    reading.attempt = open.map { Int($0.attempt.value) }
    reading.pending = row.pending != 0
    if row.notBefore != 0 {
      reading.notBefore =
        Instant(nanoseconds: row.notBefore, offsetMinutes: row.notBeforeOffset).description
    }
    reading.cursor = row.cursor
    reading.lastRun = row.lastRunOutcome
    reading.via = row.lastRunVia
    reading.failure = row.lastRunFailure
    reading.lastError = row.lastErrorKind
    reading.wakes = Int(row.wakes)
    reading.runs = Int(row.runs)
    reading.attempts = Int(row.attempts)
    reading.fallbacks = Int(row.fallbacks)
    reading.resets = Int(row.resets)
    return reading
  }

  private func reading(_ row: AgentRow) -> AgentReading {
    var reading = AgentReading()
    reading.sessions = Int(row.sessions)
    reading.openRuns = Int(row.openRuns)
    reading.isPaused = row.isPaused
    reading.lastRun = row.lastRunOutcome
    reading.lastError = row.lastErrorKind
    reading.agentFailures = Int(row.agentFailures)
    reading.infrastructureFailures = Int(row.infrastructureFailures)
    reading.sessionFailures = Int(row.sessionFailures)
    reading.configurationFailures = Int(row.configurationFailures)
    return reading
  }

  private func reading(_ row: IdentityRow) -> IdentityReading {
    var reading = IdentityReading()
    reading.isProven = row.isProven
    reading.isVouched = row.isVouched
    reading.condemned = row.condemned
    reading.suspicion = Int(row.suspicion)
    reading.heldBy = strings.text(row.heldBy)
    reading.workspace = strings.text(row.workspace)
    reading.runs = Int(row.runs)
    return reading
  }
}
