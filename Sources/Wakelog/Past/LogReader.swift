package import WakelogModel
package import WakelogStore

/// A log opened to be looked at, at any of its positions: what forensics stands on.
///
/// Sees the log as it was when it was opened, whatever a host appends meanwhile, and writes
/// nothing. For one thread.
package final class LogReader {
  /// The last event there was when the log was opened.
  package let last: SequenceNumber
  /// The log itself.
  package let log: Log
  private let core = Core()
  /// The first damage that was met. What was looked up there has no answer, and must not be taken
  /// for nothing, so whatever is read from then on throws it.
  private var damage: WakelogError?

  /// Opens the log in a directory.
  package init(_ directory: String, trustsFolder: Bool = false) throws(WakelogError) {
    do {
      var options = LogOptions(readOnly: true)
      options.trustsFolder = trustsFolder
      let log = try Log.open(directory, options: options)
      self.log = log
      do {
        last = SequenceNumber(try log.read { try $0.lastSequence })
      } catch {
        log.close()
        throw error
      }
    } catch {
      throw WakelogError(any: error)
    }
  }

  /// Lets go of the files.
  package func close() { log.close() }

  /// Runs a closure on a stable view of the log. Within the closure, names cost no transaction
  /// of their own.
  ///
  /// For what is over soon and waits for nobody: while it lasts, the file cannot use its pages again.
  package func read<R>(_ body: (LogView) throws -> R) throws(WakelogError) -> R {
    try checkDamage()
    do {
      if let view = core.names.view { return try body(view) }
      return try log.read { transaction in
        let view = LogView(snapshot: transaction.snapshot)
        core.names.view = view
        defer {
          core.names.view = nil
          core.names.forgetDamage()
        }
        let result = try body(view)
        try core.names.checkDamage()
        return result
      }
    } catch {
      let error = WakelogError(any: error)
      if error.code == .corrupt { damage = error }
      throw error
    }
  }

  /// Throws the damage that was met, if any was.
  package func checkDamage() throws(WakelogError) {
    if let damage { throw damage }
  }

  /// Hands over events in order until a closure returns false, those that the log had when it was
  /// opened. The closure may take its time: it runs in no transaction.
  package func forEachEvent(
    from first: SequenceNumber, through end: SequenceNumber,
    _ body: (Event) throws(WakelogError) -> Bool
  ) throws(WakelogError) {
    try checkDamage()
    do {
      try log.forEachEvent(from: first, through: min(end, last), body)
    } catch {
      throw WakelogError(any: error)
    }
    try checkDamage()
  }

  /// The state after an event: from the nearest checkpoint before it, and the events since.
  package func state(at position: SequenceNumber) throws(WakelogError) -> State {
    let end = min(position, last)
    var state = try read { try $0.nearestState(notAfter: end) }
    var next = state.position.value + 1
    while next <= end.value {
      let part = min(end.value, next + Self.replayed - 1)
      try read { view in
        let first = try view.firstSequence
        guard first <= next else { throw WakelogError.archived(before: first) }
        try view.replay(into: &state, from: next, through: part)
      }
      next = part + 1
    }
    return state
  }

  /// How many events are replayed in one transaction: some milliseconds.
  private static let replayed: UInt64 = 65_536

  /// Where the state is kept that `state(at:)` begins with; none for the start of the log.
  package func nearestCheckpoint(
    notAfter position: SequenceNumber
  ) throws(WakelogError) -> SequenceNumber {
    let state = try read { try Checkpoint.nearest($0) { $0.position <= position } }
    return state?.position ?? .none
  }

  /// The positions at which states are kept, in order.
  package func checkpoints() throws(WakelogError) -> [SequenceNumber] {
    try read { view in
      var found: [SequenceNumber] = []
      var end = last.value
      while end > 0, let rung = try view.rung(notAfter: end) {
        found.append(SequenceNumber(rung))
        guard rung > 0 else { break }
        end = rung - 1
      }
      return found.reversed()
    }
  }

  /// The last position whose event was not later than a moment; none when the first was.
  ///
  /// Events from a clock that was wrong by more than an hour, as those around them show, do not
  /// count: see `MomentSearch`. In a log without such events the search begins at the last
  /// checkpoint before the moment; else it looks at the times of all events.
  package func position(at moment: Instant) throws(WakelogError) -> SequenceNumber {
    try read { try $0.position(at: moment, through: last) }
  }

  /// The state as the newest checkpoint has it; nil when there is none of use.
  package func checkpoint() throws(WakelogError) -> State? {
    try read { try Checkpoint.restore($0) }
  }

  /// What `attention` tells of this machine: processes that hold the log up now.
  package func machineAttention() -> [JSONValue] { MachineView.attention(log) }

  /// The bytes of a string; nil when its number was never assigned. Also when its row is damaged:
  /// then whatever is read next throws, and `checkDamage()`.
  package func bytes(_ namespace: Namespace, _ number: UInt32) -> [UInt8]? {
    if damage == nil, let known = core.names.remembered(namespace, number) { return known }
    // `read` keeps the error.
    return (try? read { _ in core.names.bytes(namespace, number) }) ?? nil
  }

  /// The number of a string; nil if the log has none for it.
  package func number(_ namespace: Namespace, _ bytes: [UInt8]) throws(WakelogError) -> UInt32? {
    try read { _ in core.names.find(namespace, bytes) }
  }

  /// Carries out a method that only reads as it would have been when the log stood at a state.
  ///
  /// The state is lent for the call and given back, so that nothing is copied.
  package func call(
    _ method: String, _ params: JSONObject, in state: inout State, at now: Instant
  ) throws(WakelogError) -> JSONValue {
    guard let request = try Requests.read(method, params) as? any Executable else {
      throw WakelogError(.unknownMethod, "the method is not carried out here")
    }
    swap(&core.state, &state)
    defer { swap(&core.state, &state) }
    return try read { _ in
      core.context.follow(core.state.totals.policy)
      return try core.look(request, at: now)
    }
  }
}

extension Core {
  fileprivate func look<R: Executable>(
    _ request: R, at now: Instant
  ) throws(WakelogError) -> JSONValue {
    guard !request.writes else {
      throw WakelogError(.readOnly, "the log was opened for reading; nothing is written")
    }
    let value = try request.execute(Call(at: request.at ?? now, readOnly: true), on: self).value
    if let damage = names.damage { throw WakelogError(damage) }
    return value
  }
}

extension LogView {
  /// The last position, up to one, whose event was not later than a moment; see
  /// `LogReader.position(at:)`.
  func position(
    at moment: Instant, through last: SequenceNumber? = nil
  ) throws -> SequenceNumber {
    let last = try last ?? SequenceNumber(lastSequence)
    if let found = try steadyPosition(at: moment.nanoseconds, through: last) { return found }
    var search = MomentSearch(moment.nanoseconds)
    try forEachTime(from: firstSequence, through: last) { position, time in
      search.take(time, position)
      return true
    }
    return max(search.position, try start)
  }

  /// The position before the first event that the log has.
  private var start: SequenceNumber {
    get throws { SequenceNumber(try base?.position ?? 0) }
  }

  /// The position at a moment in a log whose times never step back by more than an hour; nil when
  /// they do.
  private func steadyPosition(
    at moment: Int64, through last: SequenceNumber
  ) throws -> SequenceNumber? {
    let origin = try start
    let newest = try Checkpoint.nearest(self) { $0.position <= last && $0.position >= origin }?
      .totals
    guard newest?.clock.lastStepBack.exists != true else { return nil }
    let start = try Checkpoint.nearest(self) {
      $0.clock.latest <= moment && $0.position <= last && $0.position >= origin
    }
    var found = start?.position ?? origin
    var end = found
    var latest = start?.totals.clock.latest ?? .min
    var isSteady = true
    func watch(_ position: SequenceNumber, _ time: Int64) -> Bool {
      isSteady = !Instant.isAhead(latest, of: time)
      latest = max(latest, time)
      end = position
      return isSteady
    }
    try forEachTime(from: found.value + 1, through: last) { position, time in
      if time <= moment { found = position }
      // All that is known to be steady comes after this one.
      return watch(position, time) && !Instant.isAhead(time, of: moment)
    }
    if let newest, newest.position > end {
      end = newest.position
      latest = newest.clock.latest
    }
    guard isSteady else { return nil }
    try forEachTime(from: end.value + 1, through: last, watch)
    return isSteady ? found : nil
  }

  private func forEachTime(
    from first: UInt64, through last: SequenceNumber, _ body: (SequenceNumber, Int64) -> Bool
  ) throws {
    guard first <= last.value else { return }
    try forEachRecord(from: first, through: last.value) { sequence, record in
      let event = Event(record: record, sequence: SequenceNumber(sequence))
      return body(event.sequence, event.at.nanoseconds)
    }
  }

  /// The last position before a moment.
  func position(before moment: Instant) throws -> SequenceNumber {
    var earlier = moment
    earlier.nanoseconds -= 1
    return try position(at: earlier)
  }

  /// The state after an event: from the nearest checkpoint before it, and the events since.
  func state(at position: SequenceNumber) throws -> State {
    var state = try nearestState(notAfter: position)
    if state.position < position {
      try replay(into: &state, from: state.position.value + 1, through: position.value)
    }
    return state
  }
}
