@testable import WakelogModel

extension SmallWorld {
  /// All that later commands and the checker can tell apart, and no more.
  ///
  /// Counters are left out, and positions but for what they are compared with: new ones are later
  /// than all there are. What the checker wrote down is part of it, so that a state that forgot
  /// something is not taken for one that never knew it.
  var summary: [UInt64] {
    var words = Words()
    for key in 1...keys {
      words.add(state, key)
      words.add(checker, SessionSymbol(key))
      for identity: UInt32 in 1...2 { words.add(self, IdentitySymbol(identity), key) }
    }
    for identity: UInt32 in 1...2 {
      words.add(state.identities[identity])
      words.add(checker.identities[IdentitySymbol(identity)] ?? IdentityBook())
    }
    // Which key's binding was proven last: the agent's candidate for other keys.
    words.add(keys == 2 && state.sessions[1].provenAt < state.sessions[2].provenAt)
    words.add(state.hosts[1].epoch != 0)
    return words.words
  }

  fileprivate func isMinted(_ identity: IdentitySymbol, by key: SessionSymbol) -> Bool {
    var link = state.identities[identity.number].mintings
    while link != 0 {
      if state.mintings[link].session == key { return true }
      link = state.mintings[link].next
    }
    return state.identities[identity.number].mintedBy == key
  }
}

private struct Words {
  var words: [UInt64] = []

  mutating func add(_ value: some BinaryInteger) { words.append(UInt64(value)) }
  mutating func add(_ isTrue: Bool) { words.append(isTrue ? 1 : 0) }
  mutating func add(_ code: (some FieldCode)?) { words.append(UInt64(code?.rawValue ?? 0)) }

  mutating func add(_ world: SmallWorld, _ identity: IdentitySymbol, _ key: UInt32) {
    let session = SessionSymbol(key)
    add(world.isMinted(identity, by: session))
    add(world.state.minted(identity, for: session) < world.state.sessions[key].wall)
    let place = LawChecker.Minting(identity: identity, session: session)
    add(world.checker.mintings[place] != nil)
    let wall = world.checker.keys[session]?.wall ?? .none
    add(world.checker.minted(identity, for: session) < wall)
    add(world.checker.identities[identity]?.holders.contains(session) == true)
  }

  mutating func add(_ state: State, _ key: UInt32) {
    let row = state.sessions[key]
    add(row.agent.number)
    add(min(row.generation.value, 2))
    // A first reset differs from later ones by this.
    add(min(row.runs, 1))
    add(row.bound.number)
    add(row.wall.exists)
    let run = state.openRun(of: SessionSymbol(key)) ?? RunRow()
    add(run.run.exists)
    add(min(run.attempts, 4))
    add(run.asked.number)
    add(run.entered.number)
    add(run.mode)
    add(run.from)
    add(run.plan.rawValue)
    add(run.hasEntered)
    add(run.hasReset)
    add(run.host.number)
    let waiting = state.pending(of: SessionSymbol(key)) ?? PendingRow()
    add(waiting.run.exists)
    add(waiting.flags.rawValue)
    add(waiting.resume.number)
    add(waiting.host.number)
  }

  mutating func add(_ row: IdentityRow) {
    add(row.firstSeen.exists)
    add(row.lastBound.exists)
    add(row.heldBy.number)
    add(row.isHeldByMore)
    add(row.condemned)
    add(row.isProven)
    add(row.isVouched)
    add(row.suspicion)
    add(min(row.runs, 4))
    add(row.host.number)
  }

  mutating func add(_ checker: LawChecker, _ key: SessionSymbol) {
    let book = checker.keys[key] ?? KeyBook()
    add(book.run.exists)
    add(book.wall.exists)
    guard book.run.exists else { return }
    add(book.attempt.asked.number)
    add(book.attempt.entered.number)
    add(book.attempt.hasEntered)
    // Whether the run is of its host's epoch; the number does not matter.
    add((checker.epochs[book.host] ?? 0) == book.epoch)
  }

  mutating func add(_ book: IdentityBook) {
    add(book.firstSeen.exists)
    add(book.lastBound.exists)
    add(book.isProven)
    add(book.isVouched)
    add(book.death == .none ? 0 : book.death == .inferred ? 1 : 2)
    add(book.unanswered)
    add(book.repeated)
  }
}
