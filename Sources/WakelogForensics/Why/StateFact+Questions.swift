import WakelogModel

// Which facts answer to what is asked. They are what the rules look at, no more: a decision does
// not follow from how often a key was woken.

extension StateFact {
  /// What a key's binding consists of.
  static func binding(of session: SessionSymbol, in state: State) -> [StateFact] {
    let bound = state.sessions[session.number].bound
    var facts = [StateFact.bound(session)]
    guard bound.exists else { return facts + [.givenUp(session)] }
    facts += [
      .session(session, "who proved it") { [code($0.boundProof)] },
      .session(session, "its last proof") { [$0.provenAt.value] },
      .identity(bound, "the workspace it lives in", since: false) {
        [UInt64($0.workspace.number), code($0.workspaceKind)]
      },
      .identity(bound, "the run that made it") { [$0.mintingRunAt == 0 ? 0 : 1] },
    ]
    return facts
  }

  /// What a key's status consists of.
  static func status(of session: SessionSymbol, in state: State) -> [StateFact] {
    let agent = state.sessions[session.number].agent
    var facts: [StateFact] = [
      .session(session, "how the last run ended") {
        [
          $0.lastRun.value, code($0.lastRunOutcome), code($0.lastRunVia), code($0.lastRunFailure),
        ]
      },
      .session(session, "the last attempt that ended", since: false) { [$0.lastFinish.value] },
      .session(session, "the last error") { [code($0.lastErrorKind)] },
      .run(session, "the open run", since: false) { [$0.run.value, $0.attempt.value] },
      StateFact(name: "the wake that waits", since: false) {
        [$0.pendings[$0.sessions[session.number].pending].run.value]
      },
    ]
    if state.sessions[session.number].notBefore != 0 {
      facts.append(.session(session, "the wait") { [$0.notBefore == 0 ? 0 : 1] })
    }
    if state.agents[agent.number].isPaused {
      facts.append(StateFact(name: "the pause") { [$0.agents[agent.number].isPaused ? 1 : 0] })
    }
    return facts
  }

  /// What a decision was made on; nil for what came from outside.
  static func basis(of event: Event, agent: AgentSymbol) -> [StateFact]? {
    let session = event.session
    switch event.body {
    case .runStarted: return [.wake(session)]
    case .attemptStarted(let start): return offer(start, session)
    case .wakeCoalesced, .wakeDeferred:
      return [.wake(session), .run(session, "the open run") { [$0.run.value] }]
    case .wakeRefused(let refused):
      return refused.because == .paused
        ? [
          .wake(session),
          StateFact(name: "the pause") { [$0.agents[agent.number].isPaused ? 1 : 0] },
        ]
        : [.wake(session), .session(session, "the wait") { [$0.notBefore == 0 ? 0 : 1] }]
    case .sessionBound: return [.attempt(session), .ended(session)]
    case .sessionCleared(let cleared):
      return [.bound(session), .condemned(cleared.identity), .ended(session)]
    case .sessionCondemned(let condemned):
      let suspicion = StateFact.identity(condemned.identity, "what the id was suspected of") {
        [UInt64($0.suspicion)]
      }
      return condemned.cause == .transcript
        ? [.wake(session)]
        : [.attempt(session), .ended(session)] + (condemned.cause == .suspect ? [suspicion] : [])
    case .sessionSuspected, .fallbackTaken: return [.attempt(session), .ended(session)]
    case .sessionReset(let reset): return wall(reset, session)
    case .runFinished(let finish): return end(finish, session)
    case .writeRejected(let rejected): return rejection(rejected, session)
    default: return nil
    }
  }

  private static func offer(_ start: AttemptStarted, _ session: SessionSymbol) -> [StateFact] {
    var facts = [StateFact.wake(session)]
    if start.ordinal > 1 { facts += [.attempt(session), .ended(session)] }
    if start.reset != nil { facts.append(.wall(session)) }
    for candidate in start.considered {
      facts += verdict(candidate, session)
    }
    if start.considered.isEmpty, start.reset == nil {
      facts += [.bound(session), .givenUp(session)]
    }
    return facts
  }

  private static func verdict(_ candidate: Considered, _ session: SessionSymbol) -> [StateFact] {
    let id = candidate.identity
    var facts: [StateFact] = candidate.from == .bound ? [.bound(session)] : []
    switch candidate.verdict {
    case .condemned, .transcript: facts.append(.condemned(id))
    case .unproven: facts.append(.proven(id))
    case .reset, .rotated:
      facts += [
        .wall(session),
        StateFact(name: "when the id was made") { [$0.minted(id, for: session).value] },
      ]
    case .fingerprint:
      facts.append(
        .identity(id, "its configuration", since: false) { [UInt64($0.fingerprint.number)] })
    case .workspace:
      facts.append(
        .identity(id, "the workspace it lives in") {
          [UInt64($0.workspace.number), code($0.workspaceKind)]
        })
    case .inUse: facts.append(.identity(id, "who holds it") { [UInt64($0.heldBy.number)] })
    case .host: facts.append(.identity(id, "its host") { [UInt64($0.host.number)] })
    case .provider: facts.append(.identity(id, "its provider") { [UInt64($0.provider.number)] })
    case .offered, nil: facts += [.proven(id), .condemned(id)]
    }
    return facts
  }

  private static func wall(_ reset: SessionReset, _ session: SessionSymbol) -> [StateFact] {
    var facts = [StateFact.wake(session), .bound(session)]
    switch reset.cause {
    case .idle:
      facts.append(.session(session, "the last interaction") { [$0.lastInteraction == 0 ? 0 : 1] })
    case .daily: facts.append(.wall(session))
    case .fingerprint:
      facts.append(
        StateFact(name: "its configuration") { state in
          state.bindings(of: session).map { UInt64($0.fingerprint.number) }
        })
    case .rotation:
      facts.append(
        .identity(reset.previous, "the run that made it") { [$0.mintingRunAt == 0 ? 0 : 1] })
    default: break
    }
    return facts
  }

  private static func end(_ finish: RunFinished, _ session: SessionSymbol) -> [StateFact] {
    switch finish.cause {
    case .reset: [.attempt(session), .wall(session)]
    case .lease, .host, .abandoned, .imported: [.attempt(session)]
    case nil: [.attempt(session), .ended(session)]
    }
  }

  private static func rejection(_ rejected: WriteRejected, _ session: SessionSymbol) -> [StateFact]
  {
    let id = rejected.reported
    switch rejected.because {
    case .condemnedId: return [.attempt(session), .condemned(id)]
    case .beforeReset:
      return [
        .wall(session),
        StateFact(name: "when the id was made") { [$0.minted(id, for: session).value] },
      ]
    default:
      return [
        .session(session, "the run that ended") { [$0.lastRun.value] }, .wall(session),
        .run(session, "the open run", since: false) { [$0.run.value] },
      ]
    }
  }
}
