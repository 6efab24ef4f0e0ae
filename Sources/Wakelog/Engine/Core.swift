import WakelogModel
import WakelogStore

/// The engine's one state, which may be ahead of the log.
///
/// Owned by whoever leads the queue: one thread at a time, never two. Commands are executed one
/// after the other, each seeing those before it, durable or not; what they append is gathered in a
/// batch, and they are answered when that is durable. At most one batch is on its way into the log
/// while the next is filled. Whatever is not durable can be taken back.
final class Core {
  var state = State()
  let names = Names()
  let context: EngineContext
  /// What was decided and is on its way into the log.
  private var inFlight: Batch?
  /// What was decided since.
  private(set) var open = Batch()
  /// A batch to use again.
  private var spare = Batch()
  /// The last event that is known to be durable.
  private var durable = SequenceNumber.none
  /// Where the events of the command under way begin in the open batch.
  private var commandStart = 0
  /// Where events of keys lie that were read of late.
  var streams = StreamPositions()
  /// The position up to which the checkpoint in the log holds the state.
  var checkpointPosition = SequenceNumber.none
  /// Whether something was removed whose bytes are still to be overwritten in the file.
  var mayOverwrite = false
  /// Whether a checkpoint is to be kept after this batch if it is worth it.
  var wantsCheckpoint = false
  /// Where the rows of large tables lie; nil for the process's own memory.
  var memory: (any RowMemorySource)?

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

  /// Whether the state is ahead of the log.
  var isAhead: Bool { inFlight != nil || open.hasContent }

  /// Takes the state that the log begins with, or an earlier one to catch up from.
  func begin(with origin: State) {
    take(origin)
    durable = origin.position
  }

  /// Takes the state that a checkpoint holds.
  func restore(_ restored: State) {
    take(restored)
    checkpointPosition = restored.position
    durable = restored.position
  }

  private func take(_ other: State) {
    state = other
    if let memory { state.lie(in: memory) }
  }

  /// Begins to look into a snapshot, which `end` ends, and takes in what others appended; gives
  /// how many events that was. Nil, with nothing begun, when the snapshot is behind what is known
  /// to be durable.
  ///
  /// A state that is ahead takes in nothing: what others appended in between shows when its
  /// batches are committed.
  func begin(_ snapshot: Snapshot) throws -> UInt64? {
    let view = LogView(snapshot: snapshot)
    let last = try view.lastSequence
    guard last >= durable.value else { return nil }
    names.view = view
    var news: UInt64 = 0
    if isAhead {
      open.isStale = open.isStale || (last != durable.value && last != inFlight?.end.value)
    } else if last > state.position.value {
      // Events that went to the archive before this engine had seen them are in the base.
      if try view.firstSequence > state.position.value + 1 { take(try view.origin()) }
      news = last - state.position.value
      let forgotten = state.totals.forgotten
      try view.replay(into: &state, from: state.position.value + 1, through: last)
      names.forgetCounts()
      if state.totals.forgotten != forgotten { names.forgetAll() }
      durable = state.position
    }
    context.follow(state.totals.policy)
    do {
      try names.checkDamage()
    } catch {
      context.forget()
      throw error
    }
    return news
  }

  /// Ends looking into a snapshot.
  func end() {
    names.view = nil
    names.forgetAssigned()
    names.forgetDamage()
  }

  /// Carries out a call, whose answer waits with those of the open batch.
  func carryOut(_ job: Job) {
    carryOut(writes: job.writes) { job.run(on: self) }
    open.jobs.append(job)
  }

  /// Carries out what becomes part of the open batch.
  func carryOut<Result>(writes: Bool, _ body: () throws -> Result) rethrows -> Result {
    if writes, !open.isMarked {
      state.beginJournal()
      open.isMarked = true
      open.base = state.position
    }
    commandStart = open.events.count
    let result = try body()
    if let damage = names.damage {
      // What it decided is taken back with its batch.
      open.damage = damage
      names.forgetDamage()
    }
    open.names += names.takeAssigned(usedIn: open.events[commandStart...])
    return result
  }

  /// Takes a call that has its result already.
  func putAside(_ job: Job) { open.jobs.append(job) }

  /// Closes the open batch, which is to be committed now.
  func close() -> Batch {
    let batch = open
    dateReplies()
    inFlight = batch
    open = spare
    spare = Batch()
    return batch
  }

  /// Says which replies are too old to be kept once the open batch is durable.
  func dateReplies() {
    let age = Self.seconds(state.totals.clock.age)
    open.oldestReply = age > Self.replySeconds ? age - Self.replySeconds : 0
    open.replyAge = Self.seconds(state.totals.clock.presumedAge)
  }

  /// The batch that was closed is in the log; returns whether it had events.
  @discardableResult
  func settle() -> Bool {
    guard let batch = inFlight else { return false }
    let hasEvents = !batch.events.isEmpty
    if !batch.redactions.isEmpty { mayOverwrite = true }
    inFlight = nil
    durable = batch.end
    if batch.isMarked { state.keepOldestChanges() }
    names.settle(batch.names)
    batch.clear()
    spare = batch
    return hasEvents
  }

  /// The calls of the open batch when nothing of it has to be made durable.
  func takeAnswered() -> [Job] {
    let jobs = open.jobs
    if open.isMarked { state.keepChanges() }
    open.clear()
    return jobs
  }

  /// Takes back everything that is not durable; gives the calls that decided it.
  func takeBack() -> [Job] {
    let jobs = (inFlight?.jobs ?? []) + open.jobs
    state.undoChanges()
    inFlight = nil
    open.clear()
    end()
    names.forgetAll()
    context.forget()
    streams.forget()
    return jobs
  }

  /// Executes a command; its events wait for a commit.
  func execute(
    _ command: Command, at: Instant, evidence: [UInt8]? = nil
  ) throws(WakelogError) -> (answer: Answer, events: [Event]) {
    let decision = state.execute(command, at: at, context: context)
    for event in decision.events {
      var held: [UInt8]?
      switch event.body {
      case .attemptFinished, .wakeRequested: held = evidence
      default: break
      }
      open.events.append(Outgoing(event: event, evidence: held))
    }
    if decision.events.contains(where: { $0.body.kind == .policyAdopted }) {
      context.follow(state.totals.policy)
    }
    switch decision.answer {
    case .success(let answer): return (answer, decision.events)
    case .failure(.hostSuperseded(let host)): throw superseded(host)
    case .failure(let fault): throw WakelogError(fault)
    }
  }

  /// Why a process of an earlier epoch is refused, and which process took its host's name.
  private func superseded(_ host: HostSymbol) -> WakelogError {
    let row = state.hosts[host.number]
    var error = WakelogError(Fault.hostSuperseded(host))
    let who = row.pid == 0 ? "another process" : "process \(row.pid)"
    let name = names.text(host) ?? ""
    error.message =
      "\(who) took the name of host \(name) (epoch \(row.epoch)), and nothing was written. End this "
      + "process, or call `host` anew if it is the one that should run"
    error.details["host"] = .string(name)
    error.details["epoch"] = .count(row.epoch)
    error.details["pid"] = row.pid == 0 ? JSONValue.null : .count(row.pid)
    error.details["since"] = .time(row.since, 0)
    return error
  }

  /// Puts a foreign event into the log as it is.
  func append(_ event: Event, record: [UInt8]? = nil, evidence: [UInt8]? = nil) {
    state.reduce(event)
    open.events.append(Outgoing(event: event, record: record, evidence: evidence))
  }

  /// Removes an event's evidence with the next commit.
  func removeEvidence(of event: SequenceNumber) { open.redactions.append(event) }

  /// Keeps a reply under an idempotency key.
  ///
  /// It is as young as the log is old, or would be with an event of its call: one that appends
  /// nothing leaves the log's time where it was, perhaps days ago.
  func keep(reply: [UInt8], under digest: [UInt8], at: Instant) {
    let age = state.totals.clock.presumedAge(at: at.nanoseconds)
    keep(reply, under: digest, age: Self.seconds(age))
  }

  /// Keeps bytes under a digest until replies of that age are dropped.
  func keep(_ bytes: [UInt8], under digest: [UInt8], age: UInt64) {
    open.replies.append((digest, age, bytes))
  }

  private static func seconds(_ nanoseconds: Int64) -> UInt64 {
    UInt64(clamping: nanoseconds / 1_000_000_000)
  }

  /// How long replies are kept, in seconds by which the log grows older: a day, and an hour of
  /// grace.
  static let replySeconds: UInt64 = 25 * 3_600

  /// How many old replies are dropped for each that is kept: more than one, and few enough that
  /// the first call after a quiet weekend does not pay for all of last week's.
  static let dropsAtOnce = 16
}

// What the log has, or will have once all that was decided is durable.

extension Core {
  private func outgoing(_ sequence: SequenceNumber) -> Outgoing? {
    guard sequence > durable else { return nil }
    return open.event(sequence) ?? inFlight?.event(sequence)
  }

  /// An event; nil if there is none.
  func event(_ sequence: SequenceNumber) throws(WakelogError) -> Event? {
    if let outgoing = outgoing(sequence) { return outgoing.event }
    let view = try view
    do {
      return try view.record(sequence.value) { Event(record: $0, sequence: sequence) }
    } catch {
      throw WakelogError(any: error)
    }
  }

  /// The record of an event; nil if there is none.
  func record(_ sequence: SequenceNumber) -> [UInt8]? {
    if let outgoing = outgoing(sequence) {
      return outgoing.withRecord { record in
        unsafe record.withUnsafeBytes { unsafe [UInt8]($0) }
      }
    }
    return try? names.view?.record(sequence.value) { span in
      unsafe span.withUnsafeBytes { unsafe [UInt8]($0) }
    }
  }

  /// The evidence of an event.
  func evidence(of event: SequenceNumber) throws(WakelogError) -> Evidence {
    if let outgoing = outgoing(event), outgoing.evidence == nil { return .none }
    if open.redactions.contains(event) || inFlight?.redactions.contains(event) == true {
      return .redacted
    }
    if let evidence = outgoing(event)?.evidence { return .bytes(evidence) }
    let view = try view
    do { return try view.evidence(event.value) } catch { throw WakelogError(any: error) }
  }

  /// The reply kept under a digest; nil if there is none.
  func reply(_ digest: [UInt8]) throws(WakelogError) -> [UInt8]? {
    for batch in [open, inFlight] {
      if let kept = batch?.replies.last(where: { $0.digest == digest }) { return kept.bytes }
    }
    let view = try view
    do { return try view.reply(digest) } catch { throw WakelogError(any: error) }
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
    case .hostSuperseded:
      self.init(.hostSuperseded, "another process took the host's name; nothing was written")
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
    case .readOnly, .untrusted: self.init(.readOnly, text)
    case .busy, .alreadyOpen, .forked, .closed, .sameProcessNumber: self.init(.busy, text)
    case .tooLarge: self.init(.tooLarge, text)
    case .notFound: self.init(.notFound, text)
    case .corrupt, .replaced, .notALog, .newerFormat, .mapFull, .inputOutput:
      self.init(.corrupt, text)
    }
    guard let holder = error.holder else { return }
    details["pid"] = .integer(Int64(holder.process))
    details["since"] = .time(holder.since, 0)
    details["command"] = .string(holder.command)
    details["stopped"] = .bool(holder.isStopped)
  }

  /// Any error as one of the engine's.
  package init(any error: any Error) {
    switch error {
    case let error as WakelogError: self = error
    case let error as StoreError: self.init(error)
    case let error as Fault: self.init(error)
    default: self.init(.corrupt, String(describing: error))
    }
  }
}
