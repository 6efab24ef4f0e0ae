import WakelogModel
import WakelogStore

/// Carries out calls in two stages: they are decided on the state in memory, ahead of the log, and
/// what they decided is committed in batches. The next batch is decided while one is committed.
///
/// `@unchecked Sendable`: `commit` touches nothing but the batch that it is given; everything else
/// is called by one thread at a time, which the queue sees to.
final class Transactor: Stages, @unchecked Sendable {
  private let log: Log
  private let options: Engine.Options
  private let watch: EventWatch
  private let core = Core()
  private var isLoaded = false
  /// When to try again to overwrite what was removed.
  private var nextOverwriting: ContinuousClock.Instant?
  /// Whether the log's checkpoint was of no use, or there was none.
  private var isCheckpointDamaged = false
  /// For how many batches calls are still decided within the transaction, because other
  /// processes wrote of late.
  private var insideFor = 0
  /// Is told after each batch that wrote.
  var afterWriting: (State.Totals, Policy.Retention) -> Void = { _, _ in }

  init(
    _ log: Log, _ options: Engine.Options, watch: EventWatch, memory: (any RowMemorySource)? = nil
  ) {
    self.log = log
    self.options = options
    self.watch = watch
    core.memory = memory
  }

  var open: [Job] { core.open.jobs }
  var hasContent: Bool { core.open.hasContent }
  var isAhead: Bool { core.isAhead }
  var isStale: Bool { core.open.isStale }
  var decidesInside: Bool { insideFor > 0 }
  var writerWaitSeconds: Double { options.writerWaitSeconds }
  var isFull: Bool { core.open.events.count >= Self.largestBatch }

  /// How many events a batch has before no more calls join it.
  private static let largestBatch = 16_384

  var wantsUpkeep: Bool { wantsCheckpoint || wantsOverwriting }

  func keepUp() {
    if wantsCheckpoint { keepCheckpoint() }
    if wantsOverwriting { overwrite() }
  }

  private var wantsOverwriting: Bool {
    core.mayOverwrite && nextOverwriting.map { $0 <= .now } ?? true
  }

  /// Overwrites what a call removed, once its commit is durable; tries again now and then while a
  /// reader still sees it.
  private func overwrite() {
    // The log remembers that this is to be done.
    core.mayOverwrite = (try? !log.overwriteRemoved()) ?? true
    nextOverwriting = core.mayOverwrite ? .now + .seconds(1) : nil
  }

  private var wantsCheckpoint: Bool {
    let behind = core.state.position.value &- core.checkpointPosition.value
    let limit =
      core.wantsCheckpoint ? options.checkpointEventsAtClosing : options.checkpointEvents
    return !options.readOnly && behind >= limit
  }

  /// The log is shorter than what is known of it: another was put in its place.
  private var replaced: StoreError {
    StoreError(
      .corrupt, "The log is shorter than it was. It was replaced; open it anew.", path: log.path)
  }

  func decide(_ jobs: [Job]) {
    do {
      var waits = Waits(seconds: 0.5)
      while try !decideOnce(jobs) { try waits.pause(orThrow: replaced) }
    } catch {
      for job in jobs {
        job.fail(WakelogError(any: error))
        core.putAside(job)
      }
    }
    core.end()
  }

  /// False when the snapshot is behind the state.
  ///
  /// LMDB takes the number of the last commit and then the header that goes by it. A reader that is
  /// held up in between can find there a header that a writer has put in its place, of a commit that
  /// has not been announced: the next reader is given the one before.
  private func decideOnce(_ jobs: [Job]) throws -> Bool {
    try log.read { transaction in
      try load(LogView(snapshot: transaction.snapshot))
      guard try core.begin(transaction.snapshot) != nil else { return false }
      for job in jobs {
        if job.writes, options.readOnly {
          job.fail(WakelogError(.readOnly, "the log was opened for reading; nothing is written"))
          core.putAside(job)
        } else {
          core.carryOut(job)
        }
      }
      return true
    }
  }

  /// Builds the state, once, from the checkpoint if it is of use; the rest is caught up later.
  private func load(_ view: LogView) throws {
    guard !isLoaded else { return }
    let start = try view.firstSequence - 1
    if let restored = try Checkpoint.restore(view, in: core.memory),
      restored.position.value >= start
    {
      core.restore(restored)
    } else {
      core.begin(with: try view.origin())
      isCheckpointDamaged = true
    }
    // An earlier process may have been stopped before it had overwritten what it removed.
    core.mayOverwrite = !options.readOnly
    isLoaded = true
  }

  func takeAnswered() -> [Job] { core.takeAnswered() }

  func close() -> Batch { core.close() }

  func settle() {
    let hasEvents = core.settle()
    if hasEvents { afterWriting(core.state.totals, core.context.policy.retention) }
  }

  func takeBack() -> [Job] { core.takeBack() }

  /// How often a batch is tried again when the map is full; each time it has doubled.
  private static let mapGrowths = 24

  func commit(_ batch: Batch) -> CommitOutcome {
    let outcome = attempting {
      try write(JobQueue.patience) { try batch.write(into: $0) }
    }
    if case .durable = outcome, !batch.events.isEmpty { watch.wake() }
    return outcome
  }

  private func attempting(_ body: () throws -> Void) -> CommitOutcome {
    for growth in 0... {
      do {
        try body()
        return .durable
      } catch is Batch.Conflict {
        return .conflict
      } catch let error as StoreError where error.code == .mapFull && growth < Self.mapGrowths {
        continue
      } catch let error as WriterBusy {
        return .busy(WakelogError(error.error))
      } catch {
        return .failed(WakelogError(any: error))
      }
    }
    preconditionFailure("a loop without an end has ended")
  }

  /// The writer's lock was not to be had.
  private struct WriterBusy: Error {
    var error: StoreError
  }

  private func write(
    _ patience: Double, _ body: (borrowing WriteTransaction) throws -> Void
  ) throws {
    var hasBegun = false
    do {
      try log.write(waitingAtMost: patience) { transaction in
        hasBegun = true
        try body(transaction)
      }
    } catch let error as StoreError where error.code == .busy && !hasBegun {
      throw WriterBusy(error: error)
    }
  }

  func conflictSeen() { insideFor = Self.batchesInside }

  /// For how many batches calls are decided inside once another process wrote in between.
  private static let batchesInside = 16

  func decideInside(patience: Double, _ jobs: () -> [Job]) -> CommitOutcome {
    var hasBegun = false
    let outcome = attempting {
      do {
        try write(patience) { transaction in
          hasBegun = true
          try decideInside(jobs(), transaction)
        }
      } catch {
        if hasBegun { _ = core.takeBack() }
        throw error
      }
    }
    switch outcome {
    case .durable: break
    case .conflict:
      return .failed(
        WakelogError(.corrupt, "the log's symbols contradict each other; run verify"))
    case .busy, .failed: return outcome
    }
    guard hasContent else {
      _ = core.takeAnswered()
      return outcome
    }
    let hasEvents = !core.open.events.isEmpty
    _ = core.close()
    settle()
    if hasEvents { watch.wake() }
    return outcome
  }

  private func decideInside(_ jobs: [Job], _ transaction: borrowing WriteTransaction) throws {
    try load(LogView(snapshot: transaction.snapshot))
    guard let news = try core.begin(transaction.snapshot) else { throw replaced }
    insideFor = news > 0 ? Self.batchesInside : max(insideFor - 1, 0)
    core.names.forgetCounts()
    for job in jobs { core.carryOut(job) }
    core.end()
    guard core.open.hasContent else { return }
    core.dateReplies()
    try core.open.write(into: transaction)
  }

  private func keepCheckpoint() {
    // A checkpoint is a convenience: without one the log is replayed, and the next one has all that
    // this one would have had.
    _ = attempting {
      defer { core.end() }
      try write(1) { transaction in
        guard try core.begin(transaction.snapshot) != nil else { throw replaced }
        let view = LogView(snapshot: transaction.snapshot)
        // Another process may have put it right.
        let isDamaged = try isCheckpointDamaged && Checkpoint.restore(view) == nil
        try Checkpoint.keep(&core.state, in: transaction, isDamaged: isDamaged)
      }
      isCheckpointDamaged = false
      try Checkpoint.markKept(&core.state)
    }
    core.checkpointPosition = core.state.position
    core.wantsCheckpoint = false
  }
}
