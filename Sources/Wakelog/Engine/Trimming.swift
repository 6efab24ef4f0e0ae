public import WakelogModel
import WakelogStore

/// Up to where a log is trimmed.
public enum TrimPoint: Sendable {
  /// To before a moment.
  case moment(Instant)
  /// To before an event.
  case event(UInt64)
}

/// What keeps a log from being trimmed further.
enum TrimHold: Sendable, Equatable {
  /// A run is open since then.
  case openRun(session: String, run: UInt64)
  /// A wake waits since then.
  case waitingWake(session: String, run: UInt64)
  /// Replies under idempotency keys and repeated finishes live for a day and an hour.
  case recent(hours: Int)

  /// As `trim` shows it.
  var json: JSONValue {
    switch self {
    case .openRun(let session, let run):
      [
        "because": "openRun", "session": .string(session), "run": .count(run),
        "do": "finish, abandon or reset it, then trim again",
      ]
    case .waitingWake(let session, let run):
      [
        "because": "waitingWake", "session": .string(session), "run": .count(run),
        "do": "start it with next, or cancel it, then trim again",
      ]
    case .recent(let hours):
      [
        "because": "recent", "session": .null, "run": .null,
        "do": .string("what is younger than \(hours) hours of the log's time stays"),
      ]
    }
  }
}

/// Where a trim stands, for tests that interrupt it.
enum TrimStep: Sendable, Equatable {
  /// A segment is durable.
  case archived
  /// A piece of the state is durable.
  case keptState
  /// The log begins later.
  case moved
  /// Rows were taken away.
  case dropped
}

/// One trim of an engine's log, step by step. Each step is durable by itself; whoever begins anew
/// goes on where this one stopped.
struct Trimming {
  let engine: Engine
  let archive: String
  let by: String
  /// Says how far it has come, and may break it off.
  var progress: (_ done: UInt64, _ total: UInt64) throws -> Void = { _, _ in }

  /// How many rows are taken away in one transaction.
  static let rowsAtOnce = 2_000
  /// How many events are reduced in one transaction, which keeps pages from being used again.
  private static let replayedAtOnce: UInt64 = 250_000

  private var log: Log { engine.log }

  /// What is younger stays: replies under idempotency keys, and finishes that may be repeated.
  private static let youngestSeconds = Int64(Core.replySeconds)

  /// Trims the log to before a point, as far as nothing holds it back.
  func run(before point: TrimPoint) throws -> JSONValue {
    let (start, limits) = try plan(point)
    let limit = limits.min { $0.position < $1.position }
    let end = try limit.flatMap { limit in
      try log.read { try $0.commit(notAfter: limit.position) }
    }
    var segments: [Archive.Segment] = []
    if let end, end.last > start {
      segments = try log.archive(
        through: end.last, into: archive, options: engine.options.archiving
      ) { done, total in
        step(.archived)
        try progress(done, total)
      }
      try move(to: end.last, end.seal)
    }
    try dropRows()
    let through = end.map { max($0.last, start) } ?? start
    return [
      "through": .count(through), "events": .count(through - start),
      "segments": .integer(Int64(segments.count)), "archive": .string(archive),
      "heldBack": limit?.hold?.json ?? .null,
    ]
  }

  private func step(_ step: TrimStep) { engine.options.onTrimStep?(step) }

  /// A position beyond which the trim must not go, and what it is that holds it back.
  private struct Limit {
    var position: UInt64
    var hold: TrimHold?
  }

  /// Where the log begins now, and everything that limits the trim.
  private func plan(_ point: TrimPoint) throws -> (start: UInt64, limits: [Limit]) {
    var limits = try engine.perform(writes: false) { core throws(WakelogError) in
      core.trimHolds().map { Limit(position: $0.position, hold: $0.hold) }
    }
    let latest = try engine.perform(writes: false) { core throws(WakelogError) in
      core.state.totals.clock.latest
    }
    let hours = Int(Self.youngestSeconds / 3_600)
    try log.read { transaction in
      let view = LogView(snapshot: transaction.snapshot)
      let young = Instant(nanoseconds: latest).adding(seconds: -Self.youngestSeconds)
      let recent = try view.position(at: young).value
      limits.append(
        Limit(
          position: min(recent, try view.firstRun(endedAfter: recent) - 1),
          hold: .recent(hours: hours)))
      switch point {
      case .event(let number):
        limits.append(Limit(position: number > 0 ? number - 1 : 0, hold: nil))
      case .moment(let moment):
        limits.append(Limit(position: try view.position(before: moment).value, hold: nil))
      }
    }
    return (try log.read { try $0.base?.position ?? 0 }, limits)
  }

  /// Lets the log begin behind an event: keeps the state there, then says so in one commit.
  private func move(to position: UInt64, _ seal: [UInt8]) throws {
    let (state, hash, digest, pieces) = try keepState(at: position)
    let base = LogBase(position: position, seal: seal, state: digest)
    _ = try Aside(log, from: state).commit { core in
      var trimmed = LogTrimmed()
      trimmed.through = SequenceNumber(position)
      trimmed.seal = core.names.symbol(hexadecimal(seal), Space.Text.self)
      trimmed.stateHash = core.names.symbol(hash, Space.Text.self)
      trimmed.base = core.names.symbol(hexadecimal(digest), Space.Text.self)
      trimmed.by = core.names.symbol(by, Space.Actor.self)
      // With a clock of its own the log's time is its own too.
      let latest = Instant(nanoseconds: core.state.totals.clock.latest)
      let at = engine.options.givenClock ? latest : Clock.now()
      return try core.execute(.trim(trimmed), at: at).events
    } _: { transaction, _ in
      try transaction.setBase(base, pieces: pieces)
    }
    engine.watch.wake()
    step(.moved)
  }

  /// Keeps the state after an event in the log, in pieces.
  private func keepState(
    at position: UInt64
  ) throws -> (state: State, hash: String, digest: [UInt8], pieces: UInt32) {
    var state = try state(at: position)
    var pieces: UInt32 = 0
    let hash = StateHash.of(&state)
    let digest = try BaseState.write(&state) { piece, bytes in
      try log.writeGrowing { try $0.putBasePiece(at: position, piece, bytes) }
      pieces += 1
      step(.keptState)
    }
    return (state, hash, digest, pieces)
  }

  /// The state after an event, built in slices.
  private func state(at position: UInt64) throws -> State {
    var state = try log.read { transaction in
      try LogView(snapshot: transaction.snapshot).nearestState(
        notAfter: SequenceNumber(position))
    }
    while state.position.value < position {
      let end = min(position, state.position.value + Self.replayedAtOnce)
      try log.read { transaction in
        try transaction.replay(into: &state, from: state.position.value + 1, through: end)
      }
    }
    return state
  }

  /// Takes away what nobody reads any more, in small transactions; callers come in between.
  func dropRows(while goesOn: () -> Bool = { true }) throws {
    guard try log.read({ try $0.hasRowsBelowBase }) else { return }
    while goesOn() {
      let pause = Pause()
      let hasMore = try log.writeGrowing { try $0.dropBelowBase(atMost: Self.rowsAtOnce) }
      step(.dropped)
      guard hasMore else { return }
      pause.asLongAgain()
    }
  }
}

extension Core {
  /// What is open, each with the last position before it.
  fileprivate func trimHolds() -> [(position: UInt64, hold: TrimHold)] {
    var first: RunRow?
    state.runs.forEach { _, run in
      if run.run.exists, run.run < first?.run ?? SequenceNumber(.max) { first = run }
    }
    var holds: [(position: UInt64, hold: TrimHold)] = []
    if let run = first {
      let session = names.text(run.session) ?? ""
      holds.append((run.run.value - 1, .openRun(session: session, run: run.run.value)))
    }
    var waiting: (wake: SequenceNumber, session: UInt32)?
    state.sessions.forEach { number, row in
      guard row.pending != 0 else { return }
      let wake = state.pendings[row.pending].run
      if wake.exists, wake < waiting?.wake ?? SequenceNumber(.max) { waiting = (wake, number) }
    }
    if let waiting {
      let session = names.text(SessionSymbol(waiting.session)) ?? ""
      let wake = waiting.wake.value
      holds.append((wake - 1, .waitingWake(session: session, run: wake)))
    }
    return holds
  }
}

extension LogView {
  /// The first event of the runs that have events after a position: their finishes may be repeated.
  fileprivate func firstRun(endedAfter position: UInt64) throws -> UInt64 {
    var first = position + 1
    try forEachRecord(from: position + 1) { sequence, record in
      let run = Event(record: record, sequence: SequenceNumber(sequence)).run
      if run.exists, run.value < first { first = run.value }
      return true
    }
    return first
  }
}

extension Log {
  /// Writes, and once more each time that the map was too small for it.
  func writeGrowing<Result>(
    _ body: (borrowing WriteTransaction) throws -> Result
  ) throws -> Result {
    for _ in 0..<24 {
      do { return try write(body) } catch let error as StoreError where error.code == .mapFull {}
    }
    return try write(body)
  }
}

extension Engine {
  /// Moves the events before a point into an archive, and lets the log begin behind them; calls go
  /// on meanwhile.
  ///
  /// The log keeps the state at that place, so that every answer is as before. It goes no further
  /// than to the first event of an open run or a waiting wake, and to what is older than 25 hours
  /// of the log's time; `heldBack` says so. Broken off anywhere, the log is whole, and the next
  /// call goes on. Returns `{ "through", "events", "segments", "archive", "heldBack" }`.
  public func trim(
    before point: TrimPoint, archive: String, by: String,
    progress: (_ done: UInt64, _ total: UInt64) throws -> Void = { _, _ in }
  ) throws(WakelogError) -> JSONValue {
    guard !options.readOnly else {
      throw WakelogError(.readOnly, "the log was opened for reading; open it for writing")
    }
    do {
      return try withoutActuallyEscaping(progress) { progress in
        var trimming = Trimming(engine: self, archive: archive, by: by)
        trimming.progress = progress
        return try trimming.run(before: point)
      }
    } catch {
      throw WakelogError(any: error)
    }
  }
}
