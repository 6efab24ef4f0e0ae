import WakelogModel

extension History {
  /// One of all commands, the common ones often.
  mutating func drawCommand() -> Command {
    switch Int.random(in: 0..<1_000, using: &random) {
    case ..<330: return .wake(wake())
    case ..<620: return .finish(finish())
    case ..<690: return .progress(progress())
    case ..<760: return .next(next())
    case ..<790:
      return .reset(
        session: session(), because: .none,
        ifGeneration: happens(200) ? Generation(pick([1, 2, 3])) : nil)
    case ..<810: return abandon()
    case ..<830: return .cancel(session: session(), by: Symbol(1))
    case ..<860:
      return .probe(
        session: session(), identity: anyIdentity(), exists: happens(500), detail: .none)
    case ..<880:
      let run = run()
      return .check(session: run.session, fence: run.claim)
    case ..<905: return flush()
    case ..<920: return .host(host(), version: happens(500) ? version() : .none)
    case ..<935:
      return .upgrade(
        host(), to: version(), step: pick([.staged, .verified, .failed, .swapped, .swapped]),
        detail: .none)
    case ..<950: return .pause(agent(session()), isPaused: happens(300), by: Symbol(1))
    case ..<965: return .repair(repair())
    case ..<970: return .adopt(Symbol(pick([1, 2, 3, 4, 5])))
    case ..<975: return .redact(SequenceNumber(pick([1, 2, 3])), by: Symbol(1), why: .none)
    case ..<977: return .endImportedRuns
    case ..<985: return .note(session: session(), by: Symbol(1), text: Symbol(1))
    default: return .finish(repeated())
    }
  }

  mutating func session() -> SessionSymbol {
    SessionSymbol(UInt32.random(in: 1...keys, using: &random))
  }

  /// Three keys share an agent; the agent of a key is now and then named wrong.
  mutating func agent(_ session: SessionSymbol) -> AgentSymbol {
    AgentSymbol(happens(15) ? pick([1, 2, 3]) : (session.number + 2) / 3)
  }

  /// A key keeps to its provider nearly always.
  mutating func provider(_ session: SessionSymbol) -> ProviderSymbol {
    ProviderSymbol(happens(40) ? pick([1, 2]) : session.number % 4 == 0 ? 2 : 1)
  }

  mutating func host() -> HostSymbol { HostSymbol(pick([1, 1, 2])) }

  mutating func version() -> Symbol<Space.Version> { Symbol(pick([1, 2, 3])) }

  /// An id that the log may know.
  mutating func anyIdentity() -> IdentitySymbol {
    if world.providers.isEmpty || happens(30) { return world.newIdentity(ProviderSymbol(1)) }
    let count = UInt32(world.providers.count)
    let recent = count > 8 && happens(800) ? count - 8 : 1
    return IdentitySymbol(UInt32.random(in: recent...count, using: &random))
  }

  /// An id of a provider, known or not.
  mutating func identity(of provider: ProviderSymbol) -> IdentitySymbol {
    let known = world.identities(of: provider)
    if known.isEmpty || happens(150) { return world.newIdentity(provider) }
    return pick(Array(known.suffix(10)))
  }

  /// A run as a host believes to hold it; one time in eight it has ended.
  mutating func run() -> HistoryWorld.Held {
    if !world.stale.isEmpty, world.held.isEmpty || happens(120) { return pick(world.stale) }
    if world.held.isEmpty || happens(10) {
      let claim = FenceClaim(
        run: SequenceNumber(1), digest: FenceDigest(low: random.next(), high: 7))
      return HistoryWorld.Held(
        session: session(), claim: claim, attempt: SequenceNumber(2), asked: .none,
        provider: ProviderSymbol(1))
    }
    return pick(world.held)
  }

  private mutating func claim() -> HostClaim? {
    guard happens(500) else { return nil }
    let host = host()
    let epoch = state.hosts[host.number].epoch
    if happens(40) { return HostClaim(host: host, epoch: epoch &- 1) }
    return HostClaim(host: host, epoch: happens(500) ? epoch : nil)
  }

  private mutating func lease() -> UInt32? {
    happens(150) ? pick([0, 5, 60, 3_600, .max]) : nil
  }

  private mutating func workspace() -> Workspace? {
    guard happens(700) else { return nil }
    let kind: WorkspaceKind = pick([.project, .project, .home, .worktree, .other])
    return Workspace(path: WorkspaceSymbol(kind == .home ? 9 : pick([1, 1, 1, 2])), kind: kind)
  }

  private mutating func wake() -> WakeCommand {
    let session = session()
    var wake = WakeCommand(
      session: session, agent: agent(session), provider: provider(session),
      source: pick([.timer, .timer, .message, .message, .assignment, .cron, .manual, .recovery]),
      fence: FenceDigest(low: random.next(), high: random.next()))
    if happens(400) { wake.reason = ReasonSymbol(pick([1, 2, 3, 4, 5])) }
    wake.hasPayload = happens(100)
    if happens(300) { wake.scope = ScopeSymbol(pick([1, 2])) }
    wake.workspace = workspace()
    wake.forceFresh = happens(50)
    wake.keep = happens(200) ? happens(500) : nil
    if happens(150) {
      wake.resume = identity(of: wake.provider)
      let isSeen = state.identities[wake.resume.number].exists
      wake.isResumeOfAnotherProvider = !isSeen && happens(200)
    }
    if happens(400) { wake.fingerprint = FingerprintSymbol(pick([1, 2, 3, 4])) }
    if happens(200) { wake.transcript = happens(700) }
    if happens(60) { wake.transcripts = [(anyIdentity(), happens(500)), (anyIdentity(), true)] }
    wake.resumable = !happens(60)
    wake.leaseSeconds = lease()
    wake.host = claim()
    return wake
  }

  private mutating func next() -> NextCommand {
    let waiting = (1...keys).filter { state.sessions[$0].pending != 0 }
    let session = waiting.isEmpty || happens(300) ? session() : SessionSymbol(pick(waiting))
    var next = NextCommand(
      session: session, fence: FenceDigest(low: random.next(), high: random.next()))
    next.host = claim()
    next.leaseSeconds = lease()
    return next
  }

  private mutating func abandon() -> Command {
    let run = run()
    return .abandon(session: run.session, run: run.claim.run, by: Symbol(1), why: .none)
  }

  private mutating func flush() -> Command {
    let run = run()
    let cursor = happens(800) ? state.sessions[run.session.number].cursor : UInt64(pick([0, 5]))
    let count = UInt64(pick([0, 1, 7]))
    return .flush(session: run.session, fence: run.claim, from: cursor, to: cursor + count)
  }

  private mutating func repair() -> RepairCommand {
    var repair = RepairCommand(session: session(), by: Symbol(1), why: Symbol(1))
    let bound = state.sessions[repair.session.number].bound
    if happens(300) { repair.expectedIdentity = .exactly(bound.exists ? bound : nil) }
    if happens(200) { repair.expectedOutcome = .exactly(happens(500) ? .succeeded : nil) }
    if happens(500) {
      repair.revive = anyIdentity()
      world.dead.remove(repair.revive)
    }
    switch Int.random(in: 0..<4, using: &random) {
    case 0: repair.setting = .clear
    case 1:
      let provider = provider(repair.session)
      repair.setting = .bind(identity(of: provider), provider)
    case 2 where repair.revive.exists:
      let provider = world.providers[Int(repair.revive.number) - 1]
      repair.setting = .bind(repair.revive, provider)
    default: break
    }
    return repair
  }
}
