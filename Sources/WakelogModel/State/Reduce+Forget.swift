extension State {
  /// Takes a key out of every table. What other keys have, and what was condemned, stays.
  mutating func reduceForgotten(_ event: Event) {
    let session = event.session
    // A run is open here only in a damaged or foreign log.
    closeRun(session)
    dropPending(session)
    dropArriving(session)
    unbindAll(session)
    var link = sessions[session.number].condemnations
    while link != 0 {
      let next = condemnations[link].next
      condemnations.update(link) { $0 = CondemnationRow() }
      link = next
    }
    alarms.update(sessions[session.number].alarm) { $0 = AlarmRow() }
    forgetMintings(by: session)
    leaveAgent(sessions[session.number].agent)
    sessions.update(session.number) { $0 = SessionRow() }
    totals.forgotten &+= 1
  }

  private mutating func leaveAgent(_ agent: AgentSymbol) {
    agents.update(agent.number) { row in
      if row.sessions > 0 { row.sessions -= 1 }
      // Nobody is left whose failures these could be. A pause is an operator's word, and stays.
      guard row.sessions == 0 else { return }
      let (lanes, isPaused, unpausedAt) = (row.lanes, row.isPaused, row.unpausedAt)
      row = AgentRow()
      (row.lanes, row.isPaused, row.unpausedAt) = (lanes, isPaused, unpausedAt)
    }
  }

  /// Passes the ids that a key minted on to the key that minted them next, if one did.
  private mutating func forgetMintings(by session: SessionSymbol) {
    guard identities.count > 0 else { return }
    for number in 1...UInt32(identities.count) {
      unlinkMinting(of: number, by: session)
      if identities[number].mintedBy == session {
        let heir = identities[number].mintings
        let minting = mintings[heir]
        identities.update(number) { row in
          row.mintedBy = minting.session
          row.minted = minting.at
          row.mintings = minting.next
        }
        if heir != 0 { mintings.update(heir) { $0 = MintingRow() } }
      }
    }
  }

  private mutating func unlinkMinting(of identity: UInt32, by session: SessionSymbol) {
    var before: UInt32 = 0
    var link = identities[identity].mintings
    while link != 0, mintings[link].session != session {
      before = link
      link = mintings[link].next
    }
    guard link != 0 else { return }
    let next = mintings[link].next
    if before == 0 {
      identities.update(identity) { $0.mintings = next }
    } else {
      mintings.update(before) { $0.next = next }
    }
    mintings.update(link) { $0 = MintingRow() }
  }
}
