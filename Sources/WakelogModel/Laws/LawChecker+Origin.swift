extension LawChecker {
  /// A checker of a log whose older events went to the archive: what they said is taken from the
  /// state that they add up to, on trust.
  public init(suspectLimit: Int = 100, from state: State) {
    self.init(suspectLimit: suspectLimit)
    state.sessions.forEach { number, row in
      if row.exists { keys[SessionSymbol(number)] = KeyBook(row, state) }
    }
    state.identities.forEach { number, row in
      if row.exists { identities[IdentitySymbol(number)] = IdentityBook(row) }
      var link = row.mintings
      while link != 0 {
        let minting = state.mintings[link]
        mintings[Minting(identity: IdentitySymbol(number), session: minting.session)] = minting.at
        link = minting.next
      }
    }
    state.hosts.forEach { number, row in
      if row.epoch > 0 { epochs[HostSymbol(number)] = row.epoch }
    }
    state.runs.forEach { _, run in
      for identity in Set([run.asked, run.entered]) where identity.exists {
        identities[identity, default: IdentityBook()].holders.append(run.session)
      }
    }
  }
}

extension KeyBook {
  fileprivate init(_ row: SessionRow, _ state: State) {
    self.init()
    generation = row.generation
    wall = row.wall
    cursor = row.cursor
    ended = row.lastRun
    attempt.number = row.lastFinishAttempt
    if row.pending != 0 {
      waitingLeaveNone = state.pendings[row.pending].flags.contains(.leavesNoSession)
    }
    guard row.openRun != 0 else { return }
    let open = state.runs[row.openRun]
    run = open.run
    host = open.host
    epoch = open.epoch
    leavesNoSession = !open.leavesSession
    wallStoodInRun = open.hasReset
    attempt = AttemptBook(open)
  }
}

extension AttemptBook {
  fileprivate init(_ run: RunRow) {
    self.init()
    number = run.attempt
    mode = run.mode
    asked = run.asked
    from = run.from
    workspace = run.workspace
    workspaceKind = run.workspaceKind
    hasEntered = run.hasEntered
    entered = run.entered
  }
}

extension IdentityBook {
  fileprivate init(_ row: IdentityRow) {
    self.init()
    firstSeen = row.firstSeen
    firstBoundBy = row.mintedBy
    firstBound = row.minted
    lastBound = row.lastBound
    isProven = row.isProven
    isVouched = row.isVouched
    death = row.condemned == nil ? .none : .condemned
    deathFailure = row.condemnedFailure
    workspace = row.workspace
    workspaceKind = row.workspaceKind
    unanswered = row.suspicion
    repeated = row.suspicion
  }
}
