// What operators bring along or take back in bulk.

extension Decider {
  /// Points a key to an id that its host had before this log; says nothing when it does already.
  mutating func adopt(_ adopt: AdoptCommand, _ state: inout State) throws(Fault) {
    let row = state.sessions[adopt.session.number]
    if row.agent.exists, row.agent != adopt.agent {
      throw .conflict(
        "this session belongs to another agent; use a key of its own for each agent")
    }
    if state.openRun(of: adopt.session) != nil {
      throw .busy("a run is open, and its end says what the key points to")
    }
    if state.identities[adopt.identity.number].condemned != nil {
      throw .conflict("this id is condemned; take that back with `revive` or `repair`")
    }
    let bound = state.binding(of: adopt.session, with: adopt.provider).identity
    if bound == adopt.identity { return }
    if bound.exists || row.wall.exists || hasBound(adopt, row, state) {
      throw .conflict(
        "the key was bound or reset since; what this log knows is newer. Set it right with `repair`"
      )
    }
    if !row.agent.exists {
      var opened = SessionOpened()
      opened.agent = adopt.agent
      opened.provider = adopt.provider
      emit(.sessionOpened(opened), adopt.session, &state)
    }
    var binding = SessionBound()
    binding.identity = adopt.identity
    binding.provider = adopt.provider
    binding.proof = .imported
    binding.workspace = adopt.workspace?.path ?? .none
    binding.workspaceKind = adopt.workspace?.kind
    binding.fingerprint = adopt.fingerprint
    binding.display = adopt.display
    binding.by = adopt.by
    emit(.sessionBound(binding), adopt.session, &state)
  }

  /// Whether a key that points to nothing once pointed to an id of the provider.
  ///
  /// Looks at every id: only of keys that ran here, which a table of ids brings few of.
  private func hasBound(_ adopt: AdoptCommand, _ row: SessionRow, _ state: State) -> Bool {
    guard row.runs > 0, state.identities.count > 0 else { return false }
    for number in 1...UInt32(state.identities.count)
    where state.identities[number].provider == adopt.provider
      && state.hasMinted(IdentitySymbol(number), by: adopt.session)
    {
      return true
    }
    return false
  }

  /// Takes back condemnations; a key that has found nothing newer points to its id again.
  ///
  /// In the log each is a repair of its key.
  mutating func revive(_ revive: ReviveCommand, _ state: inout State) -> Answer {
    let found = condemnations(revive, state)
    guard !revive.isDry else { return .revived(found) }
    let newest = newest(of: Set(found.map(\.session)), state)
    for item in found {
      let isCondemned = state.identities[item.identity.number].condemned != nil
      let provider = item.row.provider
      let isOfNow =
        state.minted(item.identity, for: item.session) >= state.sessions[item.session.number].wall
      let lane = Lane(session: item.session, provider: provider)
      let pointsAgain =
        isOfNow && newest[lane] == item.identity
        && !state.binding(of: item.session, with: provider).exists
      guard isCondemned || pointsAgain else { continue }
      var repaired = SessionRepaired()
      repaired.by = revive.by
      repaired.why = revive.why
      emit(.sessionRepaired(repaired), item.session, &state)
      if isCondemned {
        var event = SessionRevived()
        event.identity = item.identity
        event.by = revive.by
        event.why = revive.why
        emit(.sessionRevived(event), item.session, &state)
      }
      if pointsAgain { assertBinding(item.identity, provider, item.session, &state) }
    }
    return .revived(found)
  }

  /// A key's sessions with one provider.
  private struct Lane: Hashable {
    var session: SessionSymbol
    var provider: ProviderSymbol
  }

  /// The id of each provider that some keys pointed to last. Looks at every id, once.
  private func newest(of sessions: Set<SessionSymbol>, _ state: State) -> [Lane: IdentitySymbol] {
    guard !sessions.isEmpty, state.identities.count > 0 else { return [:] }
    var newest: [Lane: (identity: IdentitySymbol, at: SequenceNumber)] = [:]
    for number in 1...UInt32(state.identities.count) {
      let row = state.identities[number]
      for session in state.minters(of: IdentitySymbol(number)) where sessions.contains(session) {
        let lane = Lane(session: session, provider: row.provider)
        if newest[lane].map({ $0.at < row.lastBound }) ?? true {
          newest[lane] = (IdentitySymbol(number), row.lastBound)
        }
      }
    }
    return newest.mapValues(\.identity)
  }

  /// The condemnations on keys that a call means, by key.
  private func condemnations(_ revive: ReviveCommand, _ state: State) -> [Answer.Revived] {
    var found: [Answer.Revived] = []
    state.sessions.forEach { number, row in
      guard row.condemnations != 0, !revive.agent.exists || row.agent == revive.agent else {
        return
      }
      var ofKey: [Answer.Revived] = []
      var link = row.condemnations
      while link != 0 {
        let identity = state.condemnations[link].identity
        let known = state.identities[identity.number]
        if known.condemned != nil, known.condemnedAt >= revive.since,
          known.condemnedAt <= revive.until,
          !revive.provider.exists || known.provider == revive.provider,
          revive.because.map({ known.whyCondemned?.isSame(as: $0) == true }) ?? true
        {
          ofKey.append(
            Answer.Revived(identity: identity, session: SessionSymbol(number), row: known))
        }
        link = state.condemnations[link].next
      }
      found += ofKey.reversed()
    }
    return found
  }
}

extension State {
  /// Whether a key ever pointed to an id.
  func hasMinted(_ identity: IdentitySymbol, by session: SessionSymbol) -> Bool {
    minters(of: identity).contains(session)
  }

  /// The keys that ever pointed to an id.
  func minters(of identity: IdentitySymbol) -> [SessionSymbol] {
    let row = identities[identity.number]
    guard row.mintedBy.exists else { return [] }
    var sessions = [row.mintedBy]
    var link = row.mintings
    while link != 0 {
      sessions.append(mintings[link].session)
      link = mintings[link].next
    }
    return sessions
  }
}

extension IdentityRow {
  /// Why an id is condemned: the failure, or that it was suspect too often; nil when it is not.
  public var whyCondemned: String? {
    switch condemned {
    case nil: nil
    case .suspect: CondemnCause.suspect.name
    case let cause?: condemnedFailure?.name ?? cause.name
    }
  }
}
