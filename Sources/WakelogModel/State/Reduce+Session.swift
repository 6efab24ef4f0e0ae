extension State {
  mutating func reduceBound(_ bound: SessionBound, _ event: Event) {
    let session = event.session
    noteSeen(bound.identity, event, bound.provider)
    // No id, or one that only damage explains: a key bound to it would stand in lists unfound.
    guard identities[bound.identity.number].exists else { return }
    takeUp(session, with: bound.provider)
    let isSame = sessions[session.number].bound == bound.identity
    if !isSame { unbind(session) }
    mint(bound.identity, event, anew: bound.proof == .operator || bound.proof == .caller)
    identities.update(bound.identity.number) { row in
      row.lastBound = event.sequence
      row.isProven = true
      row.workspace = bound.workspace
      row.workspaceKind = bound.workspaceKind
      // A key that resumed it without saying its configuration did not change the session's.
      if bound.fingerprint.exists { row.fingerprint = bound.fingerprint }
      row.host = bound.host
      row.display = bound.display
      row.params = bound.params
    }
    sessions.update(session.number) { row in
      row.bound = bound.identity
      row.boundFingerprint = bound.fingerprint
      row.provenAt = event.sequence
      if !isSame || row.boundGeneration != event.generation {
        row.boundProof = bound.proof
        row.boundAt = row.latestTime
        row.boundOffset = event.at.offsetMinutes
      }
      row.boundGeneration = event.generation
    }
    if !isSame { link(session, to: bound.identity, provider: bound.provider) }
  }

  mutating func reduceCleared(_ cleared: SessionCleared, _ event: Event) {
    unbind(event.session, from: cleared.identity)
    if cleared.because == .condemned { noteCondemnation(of: cleared.identity, on: event.session) }
  }

  mutating func reduceCondemned(_ condemned: SessionCondemned, _ event: Event) {
    let isFirstResume = identities[condemned.identity.number].resumes <= 1
    identities.update(condemned.identity.number) { row in
      row.condemned = condemned.cause
      row.condemnedFailure = condemned.failure
      row.condemnedAt = event.at.nanoseconds
      row.condemnedOffset = event.at.offsetMinutes
      row.isVouched = false
      row.suspicion = 0
    }
    guard sessions[event.session.number].exists else { return }
    noteCondemnation(of: condemned.identity, on: event.session)
    noteAlarm(event.session)
    let now = sessions[event.session.number].latestTime
    alarms.update(sessions[event.session.number].alarm) { $0.condemnedAt = now }
    sessions.update(event.session.number) { row in
      row.condemnedInARow = isFirstResume ? min(row.condemnedInARow, 254) + 1 : 0
    }
  }

  mutating func reduceSuspected(_ suspected: SessionSuspected) {
    identities.update(suspected.identity.number) { $0.suspicion &+= suspected.counts }
    if suspected.failure == .wrongWorkspace {
      noteMiss(of: suspected.identity, in: suspected.workspace, on: suspected.host)
    }
  }

  mutating func reduceRevived(_ revived: SessionRevived, _ event: Event) {
    identities.update(revived.identity.number) { row in
      row.condemned = nil
      row.condemnedFailure = nil
      row.suspicion = 0
      row.misses = 0
      row.isProven = true
    }
    noteSeen(revived.identity, event, sessions[event.session.number].provider)
    if event.session.exists {
      sessions.update(event.session.number) { $0.condemnedInARow = 0 }
    }
  }

  mutating func reduceReset(_ reset: SessionReset, _ event: Event) {
    unbindAll(event.session)
    sessions.update(event.session.number) { row in
      if event.generation > row.generation {
        row.generation = event.generation
        row.resets += 1
      }
      row.wall = event.sequence
      row.generationBegan = row.latestTime
      row.cursor = 0
      row.emptyInARow = 0
    }
    if reset.cause?.wasAsked == false { noteAlarm(event.session) }
  }

  /// Remembers where a key first bound an id, or anew where somebody asserts it.
  mutating func mint(_ identity: IdentitySymbol, _ event: Event, anew: Bool) {
    let row = identities[identity.number]
    if !row.mintedBy.exists {
      return identities.update(identity.number) { row in
        row.mintedBy = event.session
        row.minted = event.sequence
      }
    }
    if row.mintedBy == event.session {
      if anew { identities.update(identity.number) { $0.minted = event.sequence } }
      return
    }
    var link = row.mintings
    while link != 0 {
      if mintings[link].session == event.session {
        if anew { mintings.update(link) { $0.at = event.sequence } }
        return
      }
      link = mintings[link].next
    }
    let number = UInt32(mintings.count + 1)
    mintings.update(number) { minting in
      minting.at = event.sequence
      minting.session = event.session
      minting.next = row.mintings
    }
    identities.update(identity.number) { $0.mintings = number }
  }

  private mutating func noteCondemnation(
    of identity: IdentitySymbol, on session: SessionSymbol
  ) {
    var link = sessions[session.number].condemnations
    while link != 0 {
      if condemnations[link].identity == identity { return }
      link = condemnations[link].next
    }
    let number = UInt32(condemnations.count + 1)
    let next = sessions[session.number].condemnations
    condemnations.update(number) { row in
      row.identity = identity
      row.next = next
    }
    sessions.update(session.number) { $0.condemnations = number }
  }

  private mutating func noteMiss(
    of identity: IdentitySymbol, in workspace: WorkspaceSymbol, on host: HostSymbol
  ) {
    var link = identities[identity.number].misses
    while link != 0 {
      if misses[link].workspace == workspace, misses[link].host == host {
        return misses.update(link) { $0.count &+= 1 }
      }
      link = misses[link].next
    }
    let number = UInt32(misses.count + 1)
    let next = identities[identity.number].misses
    misses.update(number) { row in
      row.workspace = workspace
      row.host = host
      row.count = 1
      row.next = next
    }
    identities.update(identity.number) { $0.misses = number }
  }

  private mutating func noteAlarm(_ session: SessionSymbol) {
    let now = sessions[session.number].latestTime
    alarms.update(alarmToWrite(of: session)) { row in
      row.third = row.second
      row.second = row.latest
      row.latest = now
    }
  }
}
