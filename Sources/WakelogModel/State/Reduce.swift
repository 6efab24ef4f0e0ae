extension State {
  /// Adds one event.
  ///
  /// Pure and total: no clock, no chance, no throw; an event that makes no sense changes no more
  /// than the position, and one of unknown kind is counted. Allocates nothing but new rows.
  public mutating func reduce(_ event: Event) {
    totals.position = event.sequence
    totals.clock.take(event.at.nanoseconds, event.sequence)
    var isOfSession = false
    if event.session.exists {
      correctClock(event)
      sessions.update(event.session.number) { row in
        isOfSession = true
        row.head = event.sequence
        let time = event.at.nanoseconds
        if time >= row.latestTime || Instant.isAhead(row.latestTime, of: time) {
          row.latestTime = time
          row.latestOffset = event.at.offsetMinutes
        }
      }
    } else {
      totals.systemHead = event.sequence
    }
    if isOfSession { applyToSession(event) } else { apply(event) }
  }

  /// Sets the times of a key right when its event shows that its clock was wrong.
  @inline(__always)
  private mutating func correctClock(_ event: Event) {
    let time = event.at.nanoseconds
    let row = sessions[event.session.number]
    guard time < row.latestTime || row.alarm != 0, row.exists else { return }
    if let step = clockStep(of: event.session, at: time) { correct(event.session, step) }
    if row.alarm != 0, alarms[row.alarm].steppedFrom != 0, time >= alarms[row.alarm].steppedFrom {
      alarms.update(row.alarm) { $0.forgetStep() }
    }
  }

  private mutating func apply(_ event: Event) {
    switch event.body {
    case .sessionCondemned(let condemned): reduceCondemned(condemned, event)
    case .sessionSuspected(let suspected): reduceSuspected(suspected)
    case .sessionRevived(let revived): reduceRevived(revived, event)
    case .hostStarted(let started): reduceHost(started, event)
    case .hostUpgraded(let upgraded): reduceUpgrade(upgraded)
    case .agentPaused(let agent): agents.update(agent.agent.number) { $0.isPaused = true }
    case .agentUnpaused(let agent):
      agents.update(agent.agent.number) { row in
        row.isPaused = false
        row.unpausedAt = event.at.nanoseconds
      }
    case .policyAdopted(let adopted):
      totals.policy = adopted.policy
      totals.policySince = event.at.nanoseconds
      totals.policyOffset = event.at.offsetMinutes
    case .unrecognised: totals.unrecognised += 1
    // Without a key, or with one that only damage explains, rows would belong to nobody.
    default: break
    }
  }

  private mutating func applyToSession(_ event: Event) {
    switch event.body {
    case .wakeRequested(let wake): reduceWake(wake, event)
    case .wakeCoalesced, .wakeRefused: reduceDisposed(event)
    case .wakeDeferred: reduceDeferred(event)
    case .wakeCancelled: reduceCancelled(event)
    case .runStarted(let start): reduceRunStarted(start, event)
    case .attemptStarted(let start): reduceAttemptStarted(start, event)
    case .attemptProgressed(let progress): reduceProgressed(progress, event)
    case .attemptFinished(let finish): reduceAttemptFinished(finish, event)
    case .fallbackTaken: reduceFallback(event)
    case .runFinished(let finish): reduceRunFinished(finish, event)
    case .sessionOpened(let opened): reduceOpened(opened, event)
    case .sessionBound(let bound): reduceBound(bound, event)
    case .sessionCleared(let cleared): reduceCleared(cleared, event)
    case .sessionReset(let reset): reduceReset(reset, event)
    case .sessionForgotten: reduceForgotten(event)
    case .transcriptFlushed(let flushed):
      sessions.update(event.session.number) { $0.cursor = flushed.to }
    default: apply(event)
    }
  }

  private mutating func reduceOpened(_ opened: SessionOpened, _ event: Event) {
    let isNew = !sessions[event.session.number].agent.exists
    sessions.update(event.session.number) { row in
      row.agent = opened.agent
      row.provider = opened.provider
      guard row.generation < Generation(1) else { return }
      row.generation = Generation(1)
      row.generationBegan = row.latestTime
    }
    if isNew { agents.update(opened.agent.number) { $0.sessions += 1 } }
  }

  private mutating func reduceHost(_ started: HostStarted, _ event: Event) {
    hosts.update(started.host.number) { host in
      host.epoch = started.epoch
      host.since = event.at.nanoseconds
      host.pid = started.process.pid
      host.processStarted = started.process.started
      host.machine = started.process.machine
      if !host.firstVersion.exists { host.firstVersion = started.version }
    }
  }

  private mutating func reduceUpgrade(_ upgraded: HostUpgraded) {
    guard let step = upgraded.step else { return }
    setStep(step, of: upgraded.to, on: upgraded.host)
    hosts.update(upgraded.host.number) { host in
      switch step {
      case .staged, .verified: host.upgrade = upgraded.to
      case .failed: host.upgrade = .none
      case .swapped:
        host.upgrade = .none
        host.swapped = upgraded.to
      }
    }
  }

  private mutating func setStep(
    _ step: UpgradeStep, of version: Symbol<Space.Version>, on host: HostSymbol
  ) {
    var link = hosts[host.number].versions
    while link != 0 {
      if versions[link].version == version { return versions.update(link) { $0.step = step } }
      link = versions[link].next
    }
    let number = UInt32(versions.count + 1)
    let next = hosts[host.number].versions
    versions.update(number) { row in
      row.version = version
      row.step = step
      row.next = next
    }
    hosts.update(host.number) { $0.versions = number }
  }
}
