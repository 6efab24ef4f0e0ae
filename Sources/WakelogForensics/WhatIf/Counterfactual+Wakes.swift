internal import WakelogModel
internal import WakelogTesting

// What hosts and operators asked for, asked again.

extension Counterfactual {
  mutating func take(_ fact: OutsideFact) {
    switch fact.deed {
    case .wake(let wake, let missing, let context): takeWake(wake, missing, context, fact)
    case .next(let start, let lease, let context): takeNext(start, lease, context, fact)
    case .progress(let progress): takeProgress(progress, fact)
    case .finish(let finish): takeFinish(finish, fact)
    case .flush(let flushed): takeFlush(flushed, fact)
    case .rejected(let rejected): takeRejected(rejected, fact)
    case .found(let event): tell(event.body, fact, flags: event.flags)
    default:
      if case .note(let note) = fact.deed {
        rules = rules.following(noteBy: context.text(of: note.by))
      }
      if let command = operatorCommand(fact) { give(command, at: fact.at) }
    }
  }

  private func operatorCommand(_ fact: OutsideFact) -> Command? {
    switch fact.deed {
    case .cancel(let cancelled): .cancel(session: fact.session, by: cancelled.by)
    case .reset(let reset):
      .reset(session: fact.session, because: reset.because, ifGeneration: nil)
    case .abandon(let end):
      wakes[fact.run].map {
        .abandon(session: fact.session, run: $0, by: end.by, why: end.why)
      }
    case .probe(let observed):
      .probe(
        session: fact.session, identity: observed.identity, exists: observed.seen == .present,
        detail: observed.detail)
    case .host(let started):
      .host(started.host, version: started.version, process: started.process)
    case .upgrade(let upgraded):
      upgraded.step.map {
        .upgrade(upgraded.host, to: upgraded.to, step: $0, detail: upgraded.detail)
      }
    case .pause(let agent, let isPaused): .pause(agent.agent, isPaused: isPaused, by: agent.by)
    case .repair(let repaired, let revive, let setting):
      .repair(self.repair(repaired, revive, setting, fact.session))
    case .adopt(let adopted): .adopt(adopted.policy)
    case .redact(let redacted):
      .redact(redacted.target, by: redacted.by, why: redacted.why)
    case .forget(let forgotten):
      .forget(session: fact.session, by: forgotten.by, why: forgotten.why)
    case .note(let note): .note(session: fact.session, by: note.by, text: note.text)
    case .endImported: .endImportedRuns
    default: nil
    }
  }

  private func repair(
    _ repaired: SessionRepaired, _ revive: IdentitySymbol, _ setting: RepairCommand.Setting,
    _ session: SessionSymbol
  ) -> RepairCommand {
    var repair = RepairCommand(session: session, by: repaired.by, why: repaired.why)
    // What is not condemned here needs no reviving.
    if state.identities[revive.number].condemned != nil { repair.revive = revive }
    repair.setting = setting
    return repair
  }

  private mutating func takeWake(
    _ wake: WakeRequested, _ missing: [IdentitySymbol], _ told: OutsideFact.WakeContext,
    _ fact: OutsideFact
  ) {
    var command = WakeCommand(
      session: fact.session, agent: wake.agent, provider: wake.provider,
      source: wake.source ?? .event, fence: told.fence == .none ? drawFence() : told.fence)
    command.reason = wake.reason
    command.hasPayload = wake.flags.contains(.hasPayload)
    command.trace = wake.trace
    command.scope = wake.scope
    command.workspace = wake.workspaceKind.map { Workspace(path: wake.workspace, kind: $0) }
    command.forceFresh = wake.flags.contains(.forceFresh)
    if wake.flags.contains(.keepGiven) { command.keep = wake.flags.contains(.keep) }
    command.resume = wake.resume
    command.isResumeOfAnotherProvider = told.isResumeOfAnotherProvider
    command.fingerprint = wake.fingerprint
    command.transcripts = missing.map { ($0, false) }
    command.resumable = !wake.flags.contains(.leavesNoSession)
    command.leaseSeconds = wake.leasePlusOne == 0 ? nil : wake.leasePlusOne - 1
    if told.endsWaitingLease { command.leaseSeconds = .max }
    command.host = wake.host.exists ? HostClaim(host: wake.host) : nil
    if let seen = wake.transcript {
      // What was seen is a fact of the id that the key pointed to then.
      if state.binding(of: fact.session, with: wake.provider).identity == told.bound {
        command.transcript = seen == .present
      } else if seen == .missing, told.bound.exists {
        command.transcripts.append((told.bound, false))
      }
    }
    arriving = fact.sequence
    give(.wake(command), at: fact.at)
    arriving = .none
  }

  private mutating func takeNext(
    _ start: RunStarted?, _ lease: UInt32?, _ told: OutsideFact.WakeContext, _ fact: OutsideFact
  ) {
    guard state.sessions[fact.session.number].agent.exists else { return }
    var next = NextCommand(
      session: fact.session, fence: told.fence == .none ? drawFence() : told.fence)
    next.isResumeOfAnotherProvider = told.isResumeOfAnotherProvider
    if let start, start.host.exists { next.host = HostClaim(host: start.host) }
    next.leaseSeconds = lease
    let decided = give(.next(next), at: fact.at)
    if case .success(.wake(.busy, _, _)) = decided.answer, start != nil {
      owed.insert(fact.session)
    }
  }
}
