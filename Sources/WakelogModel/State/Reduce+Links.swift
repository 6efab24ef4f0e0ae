// Which sessions point to an id, and which of an agent's sessions are bound: chains through the
// rows, so that nothing is searched and nothing allocated.

extension State {
  /// Lets a key's open run hold a session; the run names it as asked for or entered, and no more
  /// than once.
  mutating func hold(_ identity: IdentitySymbol, _ session: SessionSymbol) {
    identities.update(identity.number) { row in
      if !row.heldBy.exists { row.heldBy = session }
      row.holders &+= 1
    }
  }

  /// Lets go of what a key's open run holds.
  mutating func releaseIdentities(_ session: SessionSymbol) {
    let run = runs[sessions[session.number].openRun]
    release(run.asked, session)
    if run.entered != run.asked { release(run.entered, session) }
  }

  /// Lets go of a session; another run that is in it holds it from here on.
  mutating func release(_ identity: IdentitySymbol, _ session: SessionSymbol) {
    let row = identities[identity.number]
    guard identity.exists, row.holders > 0 else { return }
    var holder = row.heldBy
    if holder == session {
      holder = row.holders > 1 ? otherHolder(of: identity, than: session) : .none
    }
    identities.update(identity.number) { row in
      row.heldBy = holder
      row.holders -= 1
    }
  }

  /// Providers seldom let two runs into one session, so that this search is rare.
  private func otherHolder(
    of identity: IdentitySymbol, than session: SessionSymbol
  ) -> SessionSymbol {
    for number in 0..<UInt32(clamping: runs.slots.count) {
      let run = runs[number + 1]
      if run.session != session, run.asked == identity || run.entered == identity {
        return run.session
      }
    }
    return .none
  }

  /// Enters a session that was just bound into its chains.
  mutating func link(
    _ session: SessionSymbol, to identity: IdentitySymbol, provider: ProviderSymbol
  ) {
    let sharing = identities[identity.number].boundBy
    identities.update(identity.number) { $0.boundBy = session }
    let lane = laneToWrite(of: sessions[session.number].agent, with: provider)
    let first = lanes[lane].first
    sessions.update(session.number) { row in
      row.nextSharing = sharing
      row.lane = lane
      row.previousInLane = .none
      row.nextInLane = first
    }
    if first.exists { sessions.update(first.number) { $0.previousInLane = session } }
    lanes.update(lane) { $0.first = session }
  }

  /// Takes a session's binding away, and the session out of its chains.
  mutating func unbind(_ session: SessionSymbol) {
    let row = sessions[session.number]
    guard row.bound.exists else { return }
    unshare(session, row)
    if row.previousInLane.exists {
      sessions.update(row.previousInLane.number) { $0.nextInLane = row.nextInLane }
    } else {
      lanes.update(row.lane) { $0.first = row.nextInLane }
    }
    if row.nextInLane.exists {
      sessions.update(row.nextInLane.number) { $0.previousInLane = row.previousInLane }
    }
    sessions.update(session.number) { row in
      row.bound = .none
      row.boundGeneration = Generation(0)
      row.boundFingerprint = .none
      row.boundAt = 0
      row.boundOffset = 0
      row.boundProof = nil
      row.provenAt = .none
      row.nextSharing = .none
      row.lane = 0
      row.previousInLane = .none
      row.nextInLane = .none
    }
  }

  private mutating func unshare(_ session: SessionSymbol, _ row: SessionRow) {
    var holder = identities[row.bound.number].boundBy
    if holder == session {
      return identities.update(row.bound.number) { $0.boundBy = row.nextSharing }
    }
    while holder.exists {
      let next = sessions[holder.number].nextSharing
      if next == session {
        return sessions.update(holder.number) { $0.nextSharing = row.nextSharing }
      }
      holder = next
    }
  }

  private mutating func laneToWrite(
    of agent: AgentSymbol, with provider: ProviderSymbol
  ) -> UInt32 {
    let found = lane(of: agent, with: provider)
    if found != 0 { return found }
    let number = UInt32(lanes.count + 1)
    let next = agents[agent.number].lanes
    lanes.update(number) { row in
      row.provider = provider
      row.next = next
    }
    agents.update(agent.number) { $0.lanes = number }
    return number
  }
}
