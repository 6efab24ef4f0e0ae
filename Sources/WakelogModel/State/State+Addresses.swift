extension State {
  /// Where the rows lie that an event changes first: those of its session and of the provider
  /// session that it names; nil for what it does not name or what is not there yet.
  ///
  /// To be asked for from memory ahead of `reduce`, and for nothing else: rows move.
  package func addresses(for event: Event) -> (
    session: UnsafeRawPointer?, identity: UnsafeRawPointer?
  ) {
    let identity: IdentitySymbol
    switch event.body {
    case .attemptStarted(let started): identity = started.identity
    case .attemptFinished(let finished): identity = finished.reported
    case .sessionBound(let bound): identity = bound.identity
    default: identity = .none
    }
    return unsafe (
      sessions.address(of: event.session.number), identities.address(of: identity.number)
    )
  }
}

extension Table {
  /// Where a row lies at this moment.
  fileprivate func address(of number: UInt32) -> UnsafeRawPointer? {
    let index = Int(number) - 1
    guard index >= 0, index < rows.count else { return nil }
    return unsafe rows.withUnsafeBytes {
      unsafe $0.baseAddress! + index * MemoryLayout<Row>.stride
    }
  }
}
