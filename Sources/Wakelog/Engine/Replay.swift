package import WakelogModel
package import WakelogStore

extension LogTransaction where Self: ~Copyable {
  /// Adds the events of a range of positions to a state that stands before them.
  ///
  /// A state of many sessions does not fit the processor's caches, and each event is of another
  /// session than the one before. So events are read some way ahead of their reduction, and the
  /// rows that they will change are asked for meanwhile.
  package func replay(
    into state: inout State, from first: UInt64 = 1, through last: UInt64 = .max
  ) throws {
    var ahead = Lookahead()
    try forEachRecord(from: first, through: last) { sequence, record in
      ahead.take(Event(record: record, sequence: SequenceNumber(sequence)), &state)
      return true
    }
    ahead.drain(&state)
  }
}

/// The events that were read and not yet reduced.
private struct Lookahead {
  private static let distance = 24

  private var events: [Event] = []

  init() { events.reserveCapacity(Self.distance) }

  @inline(__always)
  mutating func take(_ event: Event, _ state: inout State) {
    let rows = unsafe state.addresses(for: event)
    unsafe Prefetch.bytes(MemoryLayout<SessionRow>.size, at: rows.session)
    unsafe Prefetch.bytes(MemoryLayout<IdentityRow>.size, at: rows.identity)
    events.append(event)
    if events.count == Self.distance { drain(&state) }
  }

  mutating func drain(_ state: inout State) {
    for index in events.indices { state.reduce(events[index]) }
    events.removeAll(keepingCapacity: true)
  }
}
