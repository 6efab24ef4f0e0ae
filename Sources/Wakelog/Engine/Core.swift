import WakelogModel
import WakelogStore

/// The engine's one state, and what a transaction under way adds to it.
///
/// Owned by whoever leads the queue: one thread at a time, never two. Within a write transaction
/// commands are executed one after the other, each seeing those before it; what they append
/// becomes durable with one commit, and only then are they answered.
final class Core {
  var state = State()
  let names = Names()
  let context: EngineContext
  /// Events decided and not yet in the transaction, each with its evidence.
  private var outbox: [Outgoing] = []
  /// Replies to be kept under idempotency keys.
  private var replies: [(digest: [UInt8], age: UInt64, bytes: [UInt8])] = []
  /// Events whose evidence is to be removed.
  private var redactions: [SequenceNumber] = []
  /// The position up to which the checkpoint in the log holds the state.
  var checkpointPosition = SequenceNumber.none
  /// Whether something was removed whose bytes are still to be overwritten in the file.
  var mayOverwrite = false
  /// Whether a checkpoint is to be kept after this batch if it is worth it.
  var wantsCheckpoint = false

  init() { context = EngineContext(names: names) }

  /// The log as the transaction under way sees it.
  var view: LogView {
    get throws(WakelogError) {
      guard let view = names.view else {
        throw WakelogError(.corrupt, "the engine looked into the log outside a transaction")
      }
      return view
    }
  }

  /// Begins a transaction: sees what others appended since the last one. False, with nothing begun,
  /// when the snapshot is behind the state.
  func begin(_ snapshot: Snapshot) throws -> Bool {
    let view = LogView(snapshot: snapshot)
    let last = try view.lastSequence
    guard last >= state.position.value else { return false }
    names.view = view
    if last > state.position.value {
      // Events that went to the archive before this engine had seen them are in the base.
      if try view.firstSequence > state.position.value + 1 { state = try view.origin() }
      let forgotten = state.totals.forgotten
      try view.replay(into: &state, from: state.position.value + 1, through: last)
      if state.totals.forgotten != forgotten { names.forgetAll() }
    }
    context.follow(state.totals.policy)
    do {
      try names.checkDamage()
    } catch {
      context.forget()
      throw error
    }
    return true
  }

  /// Ends a transaction, whichever way.
  func end() {
    names.view = nil
    names.forgetAssigned()
    names.forgetDamage()
    outbox.removeAll(keepingCapacity: true)
    replies.removeAll(keepingCapacity: true)
    redactions.removeAll(keepingCapacity: true)
  }

  /// Takes back everything since `state.beginJournal`.
  func rollBack() {
    state.undoChanges()
    end()
    names.forgetAll()
    context.forget()
  }

  /// Executes a command; its events wait for `flush`.
  func execute(
    _ command: Command, at: Instant, evidence: [UInt8]? = nil
  ) throws(WakelogError) -> (answer: Answer, events: [Event]) {
    let decision = state.execute(command, at: at, context: context)
    for event in decision.events {
      var held: [UInt8]?
      if case .attemptFinished = event.body { held = evidence }
      outbox.append(Outgoing(event: event, evidence: held))
    }
    if decision.events.contains(where: { $0.body.kind == .policyAdopted }) {
      context.follow(state.totals.policy)
    }
    switch decision.answer {
    case .success(let answer): return (answer, decision.events)
    case .failure(let fault): throw WakelogError(fault)
    }
  }

  /// Puts a foreign event into the log as it is.
  func append(_ event: Event, record: [UInt8]? = nil, evidence: [UInt8]? = nil) {
    state.reduce(event)
    outbox.append(Outgoing(event: event, record: record, evidence: evidence))
  }

  /// Removes an event's evidence with the next flush.
  func removeEvidence(of event: SequenceNumber) { redactions.append(event) }

  /// Keeps a reply under an idempotency key.
  ///
  /// Its age is the log's time, or its call's if that is later: one that appends nothing leaves the
  /// log's time where it was, perhaps days ago.
  func keep(reply: [UInt8], under digest: [UInt8], at: Instant) {
    keep(reply, under: digest, age: Self.seconds(max(state.totals.latestTime, at.nanoseconds)))
  }

  /// Keeps bytes under a digest until replies of that age are dropped.
  func keep(_ bytes: [UInt8], under digest: [UInt8], age: UInt64) {
    replies.append((digest, age, bytes))
  }

  /// Writes what a command left into the transaction.
  func flush(into transaction: borrowing WriteTransaction) throws {
    try names.checkDamage()
    for entry in names.takeAssigned(usedIn: outbox) {
      let bytes = entry.name.bytes
      try transaction.define(
        entry.name.namespace.rawValue, entry.number, unsafe bytes.span.bytes)
    }
    for index in outbox.indices {
      _ = try outbox[index].withRecord { record in
        guard let evidence = outbox[index].evidence else { return try transaction.append(record) }
        return try transaction.append(record, evidence: unsafe evidence.span.bytes)
      }
    }
    outbox.removeAll(keepingCapacity: true)
    for event in redactions { mayOverwrite = try transaction.redact(event.value) || mayOverwrite }
    redactions.removeAll(keepingCapacity: true)
    guard !replies.isEmpty else { return }
    for reply in replies { try transaction.putReply(reply.digest, age: reply.age, reply.bytes) }
    replies.removeAll(keepingCapacity: true)
    let now = Self.seconds(state.totals.latestTime)
    try transaction.dropReplies(
      olderThan: now > Self.replySeconds ? now - Self.replySeconds : 0, atMost: Self.dropsAtOnce)
  }

  private static func seconds(_ nanoseconds: Int64) -> UInt64 {
    UInt64(clamping: nanoseconds / 1_000_000_000)
  }

  /// How long replies are kept, in seconds of the log's time: a day, and an hour of grace.
  static let replySeconds: UInt64 = 25 * 3_600

  /// How many old replies one call drops: more than it adds, and few enough that the first call
  /// after a quiet weekend does not pay for all of last week's.
  static let dropsAtOnce = 16
}

/// An event on its way into the log.
struct Outgoing {
  var event: Event
  /// The record of an event whose kind this version does not know.
  var record: [UInt8]?
  /// Text to be kept beside it.
  var evidence: [UInt8]?

  func withRecord<Result>(_ body: (RawSpan) throws -> Result) rethrows -> Result {
    guard let record else { return try event.withRecord(body) }
    return try body(unsafe record.span.bytes)
  }
}

extension WakelogError {
  /// The error that a fault of the model is on the wire.
  init(_ fault: Fault) {
    switch fault {
    case .staleFence:
      self.init(
        .staleFence,
        "the run has ended, its key was reset or the host was restarted; nothing was written. "
          + "Drop this work and wake the session anew")
    case .notFound(let what): self.init(.notFound, what)
    case .conflict(let what): self.init(.conflict, what)
    case .cursor(let cursor):
      self.init(
        .conflict, "the cursor is at \(cursor); write from there", field: "from",
        cursor: cursor)
    case .busy(let what): self.init(.busy, what)
    case .invalid(let field, let what): self.init(.invalidParameter, what, field: field)
    }
  }

  /// The error that a failure of the store is on the wire.
  init(_ error: StoreError) {
    let text = String(describing: error)
    switch error.code {
    case .diskFull: self.init(.diskFull, text)
    case .readOnly: self.init(.readOnly, text)
    case .busy, .alreadyOpen, .forked, .closed: self.init(.busy, text)
    case .tooLarge: self.init(.tooLarge, text)
    case .notFound: self.init(.notFound, text)
    case .corrupt, .notALog, .newerFormat, .mapFull, .inputOutput:
      self.init(.corrupt, text)
    }
  }

  /// Any error as one of the engine's.
  init(any error: any Error) {
    switch error {
    case let error as WakelogError: self = error
    case let error as StoreError: self.init(error)
    case let error as Fault: self.init(error)
    default: self.init(.corrupt, String(describing: error))
    }
  }
}
