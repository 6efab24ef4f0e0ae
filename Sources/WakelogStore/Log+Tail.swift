extension Log {
  /// Checks that the log ends as its last commit did: the last seal is that of the last event and of
  /// all that its commit holds. So a tail that was lost or altered is noticed before anything is
  /// answered from it.
  func checkTail() throws(StoreError) {
    let transaction = try ReadTransaction(environment, identity)
    try transaction.snapshot.checkTail()
  }
}

extension Snapshot {
  fileprivate func checkTail() throws(StoreError) {
    let start = try chainStart()
    guard let (seal, end) = try lastSeal() else {
      guard try lastSequence() == start.position else {
        throw .corrupt("The events have no seal.", .events, try lastSequence())
      }
      return
    }
    guard end == (try lastSequence()), end > start.position, seal.events <= end - start.position
    else { throw .corrupt("The last seal is not that of the last event.", .events, end) }
    let first = end - seal.events + 1
    let previous = try first == start.position + 1 ? start.seal : self.seal(behind: first - 1).hash
    let hasher = SealHasher()
    hasher.begin()
    for sequence in first...end {
      guard let frame = unsafe try event(sequence) else {
        throw .corrupt("The event is lost.", .events, sequence)
      }
      hasher.update(bigEndianBytes(sequence) + bigEndianBytes(UInt32(frame.count)))
      unsafe hasher.update(frame)
    }
    let events = hasher.finish()
    hasher.begin()
    for range in seal.symbols { try hash(range, into: hasher) }
    let hash = hasher.seal(
      previous: previous, first: first, count: seal.events, events: events,
      symbols: hasher.finish())
    guard hash == seal.hash else {
      throw .corrupt("The last commit does not match its seal. Run verify.", .events, first)
    }
  }

  private var seals: Table { identity.format == .first ? .seals : .events }

  private func lastSeal() throws(StoreError) -> (Seal, UInt64)? {
    var cursor = try cursor(seals)
    guard try cursor.last() else { return nil }
    let key = unsafe cursor.key
    if seals == .events {
      guard let end = unsafe Seal.sequence(key) else { return nil }
      return (unsafe try Seal(row: cursor.value, end), end)
    }
    guard key.count == LogFormat.sequenceSize, let seal = unsafe Seal(cursor.value) else {
      return nil
    }
    return unsafe (seal, key.bigEndian(UInt64.self))
  }

  /// The seal of the commit that ends with an event.
  private func seal(behind end: UInt64) throws(StoreError) -> Seal {
    let key = seals == .events ? Seal.key(end) : bigEndianBytes(end)
    guard let row = unsafe try get(seals, key) else {
      throw .corrupt("The seal behind the event is lost. Run verify.", seals, end)
    }
    if seals == .events { return unsafe try Seal(row: row, end) }
    guard let seal = unsafe Seal(row) else {
      throw .corrupt("The seal is malformed. Run verify.", seals, end)
    }
    return seal
  }
}
