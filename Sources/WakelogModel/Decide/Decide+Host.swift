extension Decider {
  mutating func probe(
    _ session: SessionSymbol, _ identity: IdentitySymbol, _ exists: Bool,
    _ detail: Symbol<Space.Text>, _ state: inout State
  ) throws(Fault) {
    _ = try requireSession(session, state)
    var observed = ProbeObserved()
    observed.identity = identity
    observed.seen = exists ? .present : .missing
    observed.detail = detail
    emit(.probeObserved(observed), session, &state)
    guard !exists else { return }
    let holder = state.identities[identity.number].heldBy
    if let run = state.openRun(of: holder), run.asked == identity { return }
    condemn(identity, .transcript, .missingTranscript, .none, session, .none, &state)
  }

  mutating func startHost(
    _ host: HostSymbol, _ version: Symbol<Space.Version>, _ process: ProcessMark,
    _ state: inout State
  ) throws(Fault) -> Answer {
    let row = state.hosts[host.number]
    let step = state.step(of: version, on: host)
    let isUntried = step == .staged || step == .failed
    // The version in use starts while it is being installed anew: there is no other.
    if version.exists, version != row.versionToUse, isUntried {
      throw .conflict("this version was staged and never verified")
    }
    var started = HostStarted()
    started.host = host
    started.epoch = row.epoch &+ 1
    started.version = version
    started.process = process
    emit(.hostStarted(started), .none, &state)
    let open = openRuns(state) { $0.host == host && $0.epoch < started.epoch }
    for ended in open { endRun(ended.session, .interrupted, cause: .host, &state) }
    return .host(epoch: started.epoch, interrupted: open, unfinished: row.upgrade)
  }

  /// The open runs that a closure picks, the oldest first.
  func openRuns(_ state: State, where isWanted: (RunRow) -> Bool = { _ in true }) -> [Answer.Ended]
  {
    var open: [Answer.Ended] = []
    state.runs.forEach { _, run in
      if isWanted(run) { open.append(Answer.Ended(run: run.run, session: run.session)) }
    }
    return open.sorted { $0.run < $1.run }
  }

  mutating func upgrade(
    _ host: HostSymbol, _ to: Symbol<Space.Version>, _ step: UpgradeStep,
    _ detail: Symbol<Space.Text>, _ state: inout State
  ) throws(Fault) {
    let row = state.hosts[host.number]
    let reached = row.upgrade == to && to.exists ? state.step(of: to, on: host) : nil
    switch step {
    case .staged: break
    case .verified where reached == .staged: break
    case .failed where reached == .staged || reached == .verified: break
    case .swapped where reached == .verified: break
    case .verified: throw .conflict("only the version that is staged can be verified; stage it")
    case .failed: throw .conflict("only the version that is staged can fail; stage it")
    case .swapped: throw .conflict("only a verified version is swapped in; verify it first")
    }
    var upgraded = HostUpgraded()
    upgraded.host = host
    upgraded.to = to
    upgraded.step = step
    upgraded.detail = detail
    emit(.hostUpgraded(upgraded), .none, &state)
  }

  mutating func pause(
    _ agent: AgentSymbol, _ isPaused: Bool, _ by: Symbol<Space.Actor>, _ state: inout State
  ) throws(Fault) {
    let row = state.agents[agent.number]
    guard row.sessions > 0 || row.isPaused else {
      throw .notFound("no such agent; list them with `agents`")
    }
    guard row.isPaused != isPaused else { return }
    var switched = AgentSwitched()
    switched.agent = agent
    switched.by = by
    emit(isPaused ? .agentPaused(switched) : .agentUnpaused(switched), .none, &state)
  }
}
