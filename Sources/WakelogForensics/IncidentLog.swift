public import Wakelog
public import WakelogModel
import WakelogStore

/// A log opened for whoever looks into an incident: its events, its names, and its state at any
/// position.
///
/// Reads only, and sees the log as it was at opening, so a host may go on writing. For one thread.
public final class IncidentLog: SymbolTexts {
  /// The directory that was opened.
  public let directory: String
  let reader: LogReader
  private var present: State?

  /// Opens the log in a directory. Throws `corrupt` for what cannot be read, and `busy` if this
  /// process has it open already.
  /// `trustsFolder` takes a directory that others can write to, or that another user owns.
  public static func open(
    _ directory: String, trustsFolder: Bool = false
  ) throws(WakelogError) -> IncidentLog {
    IncidentLog(directory, try LogReader(directory, trustsFolder: trustsFolder))
  }

  private init(_ directory: String, _ reader: LogReader) {
    self.directory = directory
    self.reader = reader
  }

  deinit { close() }

  /// Lets go of the files.
  public func close() { reader.close() }

  /// The last event there was when the log was opened; none for an empty log.
  public var last: SequenceNumber { reader.last }

  /// The first event that the log has, or would have: those before it went to the archive.
  public func first() throws(WakelogError) -> SequenceNumber {
    try reader.read { SequenceNumber(try $0.firstSequence) }
  }

  /// The state that the log begins with: nothing, or what the events in the archive add up to.
  func origin() throws(WakelogError) -> State {
    try state(at: SequenceNumber(try first().value - 1))
  }

  /// Throws `notFound` when events went to the archive, for questions that need them all.
  func requireWhole() throws(WakelogError) {
    let first = try first()
    if first > SequenceNumber(1) { throw .archived(before: first.value) }
  }

  /// Hands over the events of a range in order until a closure returns false.
  ///
  /// The closure may look names up, and take its time: it keeps no page of the log from being used
  /// again. Throws `notFound` if the log is trimmed meanwhile beyond where the walk is.
  public func forEachEvent(
    from first: SequenceNumber = SequenceNumber(1), through end: SequenceNumber? = nil,
    _ body: (Event) throws(WakelogError) -> Bool
  ) throws(WakelogError) {
    try reader.forEachEvent(from: first, through: end ?? last, body)
  }

  /// An event; nil if there is none of that number.
  public func event(_ sequence: SequenceNumber) throws(WakelogError) -> Event? {
    guard sequence <= last else { return nil }
    return try reader.read { view in
      try view.record(sequence.value) { Event(record: $0, sequence: sequence) }
    }
  }

  /// The state after an event; the time grows with the distance to the nearest checkpoint before.
  public func state(at position: SequenceNumber) throws(WakelogError) -> State {
    try reader.state(at: position)
  }

  /// The last position at which no event was later than a moment; none when the first was.
  ///
  /// Clocks are skewed, so event times go back and forth; what counts is the first event beyond
  /// the moment. The time grows with the distance to the nearest checkpoint before.
  public func position(at moment: Instant) throws(WakelogError) -> SequenceNumber {
    try reader.position(at: moment)
  }

  /// Where the state before a position is kept that `state(at:)` begins with; none for the start.
  func nearestCheckpoint(notAfter position: SequenceNumber) throws(WakelogError) -> SequenceNumber {
    try reader.nearestCheckpoint(notAfter: position)
  }

  /// The positions at which states are kept, in order; `state(at:)` begins with one of them.
  func checkpoints() throws(WakelogError) -> [SequenceNumber] { try reader.checkpoints() }

  /// The state as the newest checkpoint has it, which may be damaged; nil when there is none of
  /// use.
  func checkpoint() throws(WakelogError) -> State? { try reader.checkpoint() }

  /// The state after the last event, built once.
  public func state() throws(WakelogError) -> State {
    if let present { return present }
    let state = try reader.state(at: last)
    present = state
    return state
  }

  /// Goes back through a stream from an event, that one included, while a closure says so.
  public func walkBack(
    from head: SequenceNumber, _ body: (Event) throws(WakelogError) -> Bool
  ) throws(WakelogError) {
    var next = head
    var count = 1
    while next.exists {
      let events = try chain(back: next, atMost: count)
      for event in events { guard try body(event) else { return } }
      // Links point back; one that does not is damaged.
      guard let last = events.last, last.previous < last.sequence else { return }
      next = last.previous
      count = min(2 * count, 1_024)
    }
  }

  /// Some events of a stream, back from one, read in one transaction.
  private func chain(
    back head: SequenceNumber, atMost limit: Int
  ) throws(WakelogError) -> [Event] {
    try reader.read { _ in
      var found: [Event] = []
      var next = head
      while found.count < limit, next.exists, let event = try event(next) {
        found.append(event)
        guard event.previous < event.sequence else { break }
        next = event.previous
      }
      return found
    }
  }

  /// The events of a session, or those without one for `none`, in order.
  public func stream(of session: SessionSymbol) throws(WakelogError) -> [Event] {
    let state = try state()
    let head = session.exists ? state.sessions[session.number].head : state.totals.systemHead
    var found: [Event] = []
    try walkBack(from: head) { event in
      found.append(event)
      return true
    }
    return found.reversed()
  }

  /// Answers a method of PROTOCOL that only reads, as it would have been answered when the log
  /// stood at a state.
  public func call(
    _ method: String, _ params: JSONObject = JSONObject(), in state: inout State, at now: Instant
  ) throws(WakelogError) -> JSONValue {
    try reader.call(method, params, in: &state, at: now)
  }
}

extension IncidentLog {
  /// Throws the damage that was met when a name was looked up. A name whose row is damaged has no
  /// text, like one that there is none of, so ask this before what was looked up is shown. Whatever
  /// reads the log afterwards throws it too.
  public func checkDamage() throws(WakelogError) { try reader.checkDamage() }

  /// The bytes of a string; nil when its number was never assigned, or its row is damaged: see
  /// `checkDamage()`.
  public func bytes(_ namespace: Namespace, _ number: UInt32) -> [UInt8]? {
    reader.bytes(namespace, number)
  }

  /// The text of a symbol, of a provider session its id; nil for none.
  public func text<Space>(_ symbol: Symbol<Space>) -> String? {
    guard let bytes = bytes(Space.namespace, symbol.number) else { return nil }
    let session = Space.namespace == .identity ? ProviderSession(bytes: bytes) : nil
    return session?.id ?? String(decoding: bytes, as: UTF8.self)
  }

  /// The symbol of a text; nil if the log has none.
  public func symbol<Space>(
    _ text: String, _ space: Space.Type
  ) throws(WakelogError) -> Symbol<Space>? {
    try reader.number(Space.namespace, Array(text.utf8)).map { Symbol($0) }
  }

  /// The symbol of a provider's id; nil if the log has none.
  public func symbol(of session: ProviderSession) throws(WakelogError) -> IdentitySymbol? {
    try reader.number(.identity, session.bytes).map { IdentitySymbol($0) }
  }

  /// The symbol of a session key that the log knows; throws `notFound`.
  public func session(_ key: String) throws(WakelogError) -> SessionSymbol {
    guard let symbol = try symbol(key, Space.Session.self) else {
      throw WakelogError(
        .notFound, "there is no session with this key; list them with `sessions`",
        field: "session")
    }
    return symbol
  }

  /// The event as `events` and `export` show it.
  public func json(_ event: Event) throws(WakelogError) -> JSONValue {
    let agent = text(try state().sessions[event.session.number].agent)
    var record: [UInt8]?
    if event.body.kind == nil {
      record = try reader.read { view in
        try view.record(event.sequence.value) { span in
          unsafe span.withUnsafeBytes { unsafe [UInt8]($0) }
        }
      }
    }
    let json = event.json(
      self, agent: agent, record: record, parse: { try? JSONParser.parse($0) })
    try checkDamage()
    return json
  }
}
