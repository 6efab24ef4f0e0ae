public import Wakelog
public import WakelogModel

/// Where something first was so.
public struct FirstEvent: Sendable {
  /// The event after which it was.
  public var event: Event
  /// The session on which it was.
  public var session: String?
  /// In words, what it did.
  public var because: String
  /// How many events were read to find it; far fewer than there are where halving was possible.
  public var read: UInt64
}

extension IncidentLog {
  /// The first event that breaks a law; nil when none does.
  ///
  /// Laws speak of everything that came before, so the log is read from its start.
  public func first(
    breaking law: Law, on session: SessionSymbol? = nil
  ) throws(WakelogError) -> FirstEvent? {
    let found = try diagnose()
    let key = session.flatMap { text($0) }
    guard
      let finding = found.findings.first(where: {
        $0.law == law && (session == nil || $0.session == key)
      }), let event = try event(finding.sequence)
    else { return nil }
    return FirstEvent(
      event: event, session: finding.session, because: finding.because, read: found.events)
  }

  /// The first event after which a predicate holds for a session, or for any; nil when none.
  ///
  /// Once it holds, a monotone predicate holds at every later checkpoint: the kept states are
  /// halved, and only the stretch between two of them is replayed. Any other is looked at after
  /// every event from the start.
  public func first(
    _ predicate: Predicate, on session: SessionSymbol? = nil
  ) throws(WakelogError) -> FirstEvent? {
    let names = { (namespace: Namespace, number: UInt32) in self.name(namespace, number) }
    var state = try origin()
    if predicate.isMonotone {
      state = try lastState { state in
        guard let session else {
          return state.contains { predicate.holds(for: $0, in: state, names: names) }
        }
        return predicate.holds(for: session, in: state, names: names)
      }
    }
    let start = state.position
    var found: Event?
    var key: String?
    try forEachEvent(from: start.next) { event in
      state.reduce(event)
      // What an event of another key or of none changes is seen with the key's own next event,
      // save where a single key is watched.
      let watched = session ?? event.session
      guard watched.exists, state.sessions[watched.number].exists,
        predicate.holds(for: watched, in: state, names: names)
      else { return true }
      found = event
      key = text(watched)
      return false
    }
    guard let found else { return nil }
    return FirstEvent(
      event: found, session: key, because: sentence(of: found),
      read: found.sequence.value - start.value)
  }

  /// The last kept state at which something that goes on once it is was not yet so.
  private func lastState(where isSo: (State) -> Bool) throws(WakelogError) -> State {
    let kept = try checkpoints()
    var low = 0
    var high = kept.count
    var best = try origin()
    while low < high {
      let middle = (low + high) / 2
      let state = try state(at: kept[middle])
      if isSo(state) {
        high = middle
      } else {
        low = middle + 1
        best = state
      }
    }
    return best
  }

  private func name(_ namespace: Namespace, _ number: UInt32) -> String? {
    guard let bytes = bytes(namespace, number) else { return nil }
    let session = namespace == .identity ? ProviderSession(bytes: bytes) : nil
    return session?.id ?? String(decoding: bytes, as: UTF8.self)
  }
}

extension State {
  /// Whether something is so of any session.
  fileprivate func contains(_ isSo: (SessionSymbol) -> Bool) -> Bool {
    var isFound = false
    sessions.forEach { number, row in
      if !isFound, row.exists, isSo(SessionSymbol(number)) { isFound = true }
    }
    return isFound
  }
}
