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
    var ahead = unsafe Lookahead()
    try forEachRecord(from: first, through: last) { sequence, record in
      unsafe ahead.take(record, sequence, &state)
      return true
    }
    unsafe ahead.drain(&state)
  }
}

/// The records that were found and not yet reduced. They stay where they are: nothing is written
/// while a transaction replays.
@unsafe private struct Lookahead {
  private static let distance = 24

  private var records: [(bytes: UnsafeRawBufferPointer, sequence: UInt64)] = unsafe []

  /// The session's row that was asked for last: the events of a call stand together.
  private var asked: UnsafeRawPointer?

  init() { unsafe records.reserveCapacity(Self.distance) }

  @inline(__always)
  mutating func take(_ record: RawSpan, _ sequence: UInt64, _ state: inout State) {
    let rows = unsafe state.addresses(for: record)
    if unsafe rows.session != asked {
      unsafe Prefetch.bytes(MemoryLayout<SessionRow>.size, at: rows.session)
      unsafe asked = unsafe rows.session
    }
    unsafe Prefetch.bytes(MemoryLayout<IdentityRow>.size, at: rows.identity)
    unsafe records.append((record.withUnsafeBytes { unsafe $0 }, sequence))
    if unsafe records.count == Self.distance { unsafe drain(&state) }
  }

  mutating func drain(_ state: inout State) {
    for index in unsafe records.indices {
      let record = unsafe records[index]
      unsafe state.reduce(
        Event(record: record.bytes.bytes, sequence: SequenceNumber(record.sequence)))
    }
    unsafe records.removeAll(keepingCapacity: true)
  }
}
