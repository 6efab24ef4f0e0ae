// Which sessions point to an id, and which of an agent's sessions are bound: chains through the
// rows, so that nothing is searched and nothing allocated.

extension State {
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
