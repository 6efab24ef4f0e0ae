// Which bindings point to an id, and which of an agent's keys are bound: chains through the rows, so
// that nothing is searched and nothing allocated.

extension State {
  /// Enters a key that was just bound into its chains.
  mutating func link(
    _ session: SessionSymbol, to identity: IdentitySymbol, provider: ProviderSymbol
  ) {
    let lane = laneToWrite(of: sessions[session.number].agent, with: provider)
    link(BindingLink(session), to: identity, lane: lane)
  }

  private mutating func link(_ place: BindingLink, to identity: IdentitySymbol, lane: UInt32) {
    let sharing = identities[identity.number].boundBy
    identities.update(identity.number) { $0.boundBy = place }
    let first = lanes[lane].first
    if let number = place.row {
      bindings.update(number) { row in
        row.nextSharing = sharing
        row.lane = lane
        row.previousInLane = .none
        row.nextInLane = first
      }
    } else {
      sessions.update(place.number) { row in
        row.nextSharing = sharing
        row.lane = lane
        row.previousInLane = .none
        row.nextInLane = first
      }
    }
    setPreviousInLane(place, at: first)
    lanes.update(lane) { $0.first = place }
  }

  /// Takes the binding that a key used last away, and the key out of its chains.
  mutating func unbind(_ session: SessionSymbol) {
    let row = sessions[session.number]
    guard row.bound.exists else { return }
    unlink(
      BindingLink(session), from: row.bound, lane: row.lane, sharing: row.nextSharing,
      next: row.nextInLane, previous: row.previousInLane)
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

  /// Takes a binding of a key to an id away, whichever it is.
  mutating func unbind(_ session: SessionSymbol, from identity: IdentitySymbol) {
    guard identity.exists else { return }
    if sessions[session.number].bound == identity { return unbind(session) }
    drop(aside(of: session, to: identity))
  }

  /// Takes every binding of a key away.
  mutating func unbindAll(_ session: SessionSymbol) {
    unbind(session)
    while sessions[session.number].asides != 0 { drop(sessions[session.number].asides) }
  }

  /// Makes the binding with a provider the one that its key used last; without one the key has used
  /// none.
  mutating func takeUp(_ session: SessionSymbol, with provider: ProviderSymbol) {
    let row = sessions[session.number]
    if row.bound.exists, lanes[row.lane].provider == provider { return }
    let aside = self.aside(of: session, with: provider)
    let taken = bindings[aside]
    drop(aside)
    setAside(session)
    guard aside != 0 else { return }
    sessions.update(session.number) { row in
      row.bound = taken.bound
      row.boundGeneration = taken.boundGeneration
      row.boundFingerprint = taken.boundFingerprint
      row.boundAt = taken.boundAt
      row.boundOffset = taken.boundOffset
      row.boundProof = taken.boundProof
      row.provenAt = taken.provenAt
    }
    link(BindingLink(session), to: taken.bound, lane: taken.lane)
  }

  /// Makes the binding to an id, if the key has one, the one that it used last.
  mutating func takeUp(_ session: SessionSymbol, boundTo identity: IdentitySymbol) {
    guard sessions[session.number].asides != 0 else { return }
    let aside = self.aside(of: session, to: identity)
    if aside != 0 { takeUp(session, with: lanes[bindings[aside].lane].provider) }
  }

  /// Puts the binding that a key used last into a row of its own.
  private mutating func setAside(_ session: SessionSymbol) {
    let row = sessions[session.number]
    guard row.bound.exists else { return }
    var aside = BindingRow()
    aside.bound = row.bound
    aside.boundGeneration = row.boundGeneration
    aside.boundFingerprint = row.boundFingerprint
    aside.boundAt = row.boundAt
    aside.boundOffset = row.boundOffset
    aside.boundProof = row.boundProof
    aside.provenAt = row.provenAt
    aside.session = session
    aside.next = row.asides
    unbind(session)
    let number = bindings.insert(aside)
    sessions.update(session.number) { $0.asides = number }
    link(BindingLink(row: number), to: aside.bound, lane: row.lane)
  }

  /// Takes a binding away that lies in a row of its own.
  private mutating func drop(_ number: UInt32) {
    guard number != 0 else { return }
    let row = bindings[number]
    unlink(
      BindingLink(row: number), from: row.bound, lane: row.lane, sharing: row.nextSharing,
      next: row.nextInLane, previous: row.previousInLane)
    if sessions[row.session.number].asides == number {
      sessions.update(row.session.number) { $0.asides = row.next }
    } else {
      var before = sessions[row.session.number].asides
      while before != 0, bindings[before].next != number { before = bindings[before].next }
      if before != 0 { bindings.update(before) { $0.next = row.next } }
    }
    bindings.remove(number)
  }

  private mutating func unlink(
    _ place: BindingLink, from identity: IdentitySymbol, lane: UInt32, sharing: BindingLink,
    next: BindingLink, previous: BindingLink
  ) {
    unshare(place, from: identity, next: sharing)
    if previous.exists {
      setNextInLane(next, at: previous)
    } else {
      lanes.update(lane) { $0.first = next }
    }
    setPreviousInLane(previous, at: next)
  }

  private mutating func unshare(
    _ place: BindingLink, from identity: IdentitySymbol, next: BindingLink
  ) {
    var holder = identities[identity.number].boundBy
    if holder == place {
      return identities.update(identity.number) { $0.boundBy = next }
    }
    while holder.exists {
      let following = nextSharing(at: holder)
      if following == place { return setNextSharing(next, at: holder) }
      holder = following
    }
  }

  private mutating func setNextSharing(_ next: BindingLink, at place: BindingLink) {
    if let number = place.row {
      bindings.update(number) { $0.nextSharing = next }
    } else {
      sessions.update(place.number) { $0.nextSharing = next }
    }
  }

  private mutating func setNextInLane(_ next: BindingLink, at place: BindingLink) {
    if let number = place.row {
      bindings.update(number) { $0.nextInLane = next }
    } else {
      sessions.update(place.number) { $0.nextInLane = next }
    }
  }

  private mutating func setPreviousInLane(_ previous: BindingLink, at place: BindingLink) {
    if let number = place.row {
      bindings.update(number) { $0.previousInLane = previous }
    } else if place.exists {
      sessions.update(place.number) { $0.previousInLane = previous }
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
