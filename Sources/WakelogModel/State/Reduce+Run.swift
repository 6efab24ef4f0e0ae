extension State {
  mutating func reduceAttemptStarted(_ start: AttemptStarted, _ event: Event) {
    let number = sessions[event.session.number].openRun
    sessions.update(event.session.number) { $0.attempts += 1 }
    releaseIdentities(event.session, runs[number])
    let now = sessions[event.session.number].latestTime
    runs.update(number) { run in
      run.attempt = event.sequence
      run.attempts = start.ordinal
      run.mode = start.mode
      run.from = start.from
      run.asked = start.identity
      run.workspace = start.workspace
      run.workspaceKind = start.workspaceKind
      run.plan = start.flags
      run.hasEntered = false
      run.entered = .none
      run.heardAt = now
      run.pid = 0
      run.processStarted = 0
      run.machine = 0
      // Whoever ended the attempt before is there: the next one has the whole lease.
      run.leaseUntil = Self.lease(run.leasePlusOne, from: now)
      if start.reset != nil { run.hasReset = true }
    }
    guard start.identity.exists else { return }
    takeUp(event.session, boundTo: start.identity)
    hold(start.identity, by: event.session)
    noteSeen(start.identity, event, runs[number].provider)
    identities.update(start.identity.number) { identity in
      identity.resumes += 1
      if start.flags.contains(.vouched) { identity.isVouched = true }
    }
    if start.flags.contains(.mintedAnew) {
      mint(start.identity, event, anew: true)
      identities.update(start.identity.number) { $0.isVouched = true }
    }
  }

  mutating func reduceProgressed(_ progress: AttemptProgressed, _ event: Event) {
    let number = sessions[event.session.number].openRun
    let now = sessions[event.session.number].latestTime
    let entered = progress.flags.contains(.entered)
    let run = runs[number]
    let identity = progress.reported.or(run.entered).or(run.asked)
    runs.update(number) { run in
      run.heardAt = now
      run.leaseUntil = Self.lease(run.leasePlusOne, from: now)
      if progress.process.exists {
        run.pid = progress.process.pid
        run.processStarted = progress.process.started
        run.machine = progress.process.machine
      }
      if entered {
        run.hasEntered = true
        run.entered = identity
      }
    }
    if progress.reported.exists { noteSeen(progress.reported, event, run.provider) }
    guard entered, identity.exists else { return }
    if run.mayBind { noteBoundAgain(identity, event) }
    if run.entered != identity, run.entered != run.asked { release(run.entered, event.session) }
    hold(identity, by: event.session)
    if number != 0, run.entered != identity { noteRun(in: identity, run) }
    // Proven also where it may not be bound: a model has answered in it.
    identities.update(identity.number) { row in
      row.isProven = true
      row.suspicion = 0
    }
    if run.asked.exists { identities.update(run.asked.number) { $0.suspicion = 0 } }
  }

  mutating func reduceAttemptFinished(_ finish: AttemptFinished, _ event: Event) {
    let number = sessions[event.session.number].openRun
    let run = runs[number]
    let entered = finish.flags.contains(.entered)
    let identity = run.identity(
      reporting: finish.reported, isCold: finish.flags.contains(.startedCold))
    runs.update(number) { $0.lastOutcome = finish.outcome }
    sessions.update(event.session.number) { session in
      session.lastFinish = event.sequence
      session.lastFinishAttempt = finish.attempt
      session.lastFinishRequest = finish.request
      if finish.outcome == .succeeded {
        session.notBefore = 0
      } else if finish.retryAfterPlusOne > 0 {
        session.notBefore = Self.later(
          session.latestTime, bySeconds: Int64(finish.retryAfterPlusOne) - 1)
        session.notBeforeOffset = event.at.offsetMinutes
        session.notBeforeSeconds = finish.retryAfterPlusOne - 1
      }
    }
    if entered, run.mayBind { noteBoundAgain(identity, event) }
    if finish.reported.exists { noteSeen(finish.reported, event, run.provider) }
    noteProgress(finish, run, entered: entered, event)
    if !finish.totals.isEmpty { noteUsage(of: identity, finish) }
    guard entered else { return }
    if run.asked.exists { identities.update(run.asked.number) { $0.suspicion = 0 } }
    if run.entered != identity { noteRun(in: identity, run) }
    identities.update(identity.number) { row in
      row.isProven = true
      row.suspicion = 0
      row.lastInputTokens = finish.freshTokens
    }
  }

  /// Counts successes in a row of attempts that resumed and took no turn.
  private mutating func noteProgress(
    _ finish: AttemptFinished, _ run: RunRow, entered: Bool, _ event: Event
  ) {
    let isEmpty =
      finish.outcome == .succeeded && finish.turns == 0 && run.mode == .resume && !entered
    guard isEmpty || sessions[event.session.number].emptyInARow > 0 else { return }
    sessions.update(event.session.number) { row in
      row.emptyInARow = isEmpty ? min(row.emptyInARow, 254) + 1 : 0
    }
    let row = sessions[event.session.number]
    guard row.emptyInARow == SessionRow.mostEmptyInARow else { return }
    alarms.update(alarmToWrite(of: event.session)) { $0.emptySince = row.latestTime }
  }

  /// Remembers what a provider has counted of a session.
  private mutating func noteUsage(of identity: IdentitySymbol, _ finish: AttemptFinished) {
    guard identity.exists, identities[identity.number].exists else { return }
    if identities[identity.number].usage == 0 {
      let number = UInt32(usages.count + 1)
      identities.update(identity.number) { $0.usage = number }
    }
    usages.update(identities[identity.number].usage) { $0.take(finish) }
  }

  /// Counts a run in the session that it entered; one that is lost later counts all the same.
  private mutating func noteRun(in identity: IdentitySymbol, _ run: RunRow) {
    identities.update(identity.number) { row in
      row.runs &+= 1
      row.lastRunAt = run.startedAt
      if row.mintingRunAt == 0 || Instant.isAhead(row.mintingRunAt, of: run.startedAt) {
        row.mintingRunAt = run.startedAt
      }
    }
  }

  /// The session that a key points to was entered again: that binds it as a `session.bound` does,
  /// which says nothing new and is left out.
  private mutating func noteBoundAgain(_ identity: IdentitySymbol, _ event: Event) {
    guard identity.exists else { return }
    takeUp(event.session, boundTo: identity)
    guard sessions[event.session.number].bound == identity else { return }
    sessions.update(event.session.number) { $0.provenAt = event.sequence }
    identities.update(identity.number) { $0.lastBound = event.sequence }
  }

  mutating func reduceFallback(_ event: Event) {
    sessions.update(event.session.number) { $0.fallbacks += 1 }
    runs.update(sessions[event.session.number].openRun) { $0.hasFallback = true }
  }

  mutating func reduceRunFinished(_ finish: RunFinished, _ event: Event) {
    sessions.update(event.session.number) { session in
      session.lastRun = event.run
      session.lastRunEndedAt = session.latestTime
      session.lastRunOutcome = finish.outcome
      session.lastRunVia = finish.via
      session.lastRunFailure = finish.failure
      session.lastRunBecause = finish.because
      session.lastRunAttempts = finish.attempts
      if finish.outcome == .succeeded {
        session.lastErrorKind = nil
        session.lastErrorBecause = .none
        if finish.via == .resume { session.condemnedInARow = 0 }
      } else if let kind = finish.failure, finish.outcome?.countsAsFailure == true {
        session.lastErrorKind = kind
        session.lastErrorBecause = finish.because
        session.lastErrorAt = event.at.nanoseconds
        session.lastErrorOffset = event.at.offsetMinutes
      }
    }
    closeRun(event.session)
    agents.update(sessions[event.session.number].agent.number) { $0.note(finish, event.at) }
  }

  /// Takes away the open run, and what it holds.
  mutating func closeRun(_ session: SessionSymbol) {
    let number = sessions[session.number].openRun
    guard number != 0 else { return }
    releaseIdentities(session, runs[number])
    runs.remove(number)
    sessions.update(session.number) { $0.openRun = 0 }
    agents.update(sessions[session.number].agent.number) { agent in
      if agent.openRuns > 0 { agent.openRuns -= 1 }
    }
  }

  private mutating func releaseIdentities(_ session: SessionSymbol, _ run: RunRow) {
    release(run.asked, session)
    if run.entered != run.asked { release(run.entered, session) }
  }

  /// Notes that a key's open run is in a session; others may be in it already, since a provider
  /// can name any id to any run.
  private mutating func hold(_ identity: IdentitySymbol, by session: SessionSymbol) {
    guard sessions[session.number].openRun != 0 else { return }
    identities.update(identity.number) { row in
      if row.heldBy.exists, row.heldBy != session {
        row.isHeldByMore = true
      } else {
        row.heldBy = session
      }
    }
  }

  /// Lets a session go; the next open run that is in it, if there is one, holds it from here on.
  private mutating func release(_ identity: IdentitySymbol, _ session: SessionSymbol) {
    let row = identities[identity.number]
    guard identity.exists, row.heldBy == session else { return }
    var holder = SessionSymbol.none
    var others = 0
    if row.isHeldByMore {
      runs.forEach { _, run in
        guard run.session != session, run.asked == identity || run.entered == identity else {
          return
        }
        others += 1
        if others == 1 { holder = run.session }
      }
    }
    identities.update(identity.number) { row in
      row.heldBy = holder
      row.isHeldByMore = others > 1
    }
  }

  /// Remembers where an id was first seen, and whose it is.
  mutating func noteSeen(
    _ identity: IdentitySymbol, _ event: Event, _ provider: ProviderSymbol
  ) {
    let row = identities[identity.number]
    if row.firstSeen.exists, row.provider.exists { return }
    identities.update(identity.number) { row in
      if !row.firstSeen.exists { row.firstSeen = event.sequence }
      if !row.provider.exists { row.provider = provider }
    }
  }
}

extension Outcome {
  /// Whether it counts against anybody: neither success nor somebody's wish does.
  var countsAsFailure: Bool {
    switch self {
    case .succeeded, .cancelled, .superseded: false
    case .failed, .timedOut, .interrupted: true
    }
  }
}

extension AgentRow {
  mutating func note(_ finish: RunFinished, _ at: Instant) {
    lastRunOutcome = finish.outcome
    if finish.outcome == .succeeded {
      agentFailures = 0
      infrastructureFailures = 0
      sessionFailures = 0
      configurationFailures = 0
      lastErrorKind = nil
      lastErrorBecause = .none
      return
    }
    guard let kind = finish.failure, finish.outcome?.countsAsFailure == true else { return }
    lastErrorKind = kind
    lastErrorBecause = finish.because
    lastErrorAt = at.nanoseconds
    lastErrorOffset = at.offsetMinutes
    switch kind.family {
    case .agent: agentFailures += 1
    case .infrastructure: infrastructureFailures += 1
    case .session: sessionFailures += 1
    case .configuration: configurationFailures += 1
    case .operator, .unknown: break
    }
  }
}
