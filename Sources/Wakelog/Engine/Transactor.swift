import WakelogModel
import WakelogStore

/// Carries out batches of calls, each within one transaction.
///
/// `@unchecked Sendable`: the queue calls it from one thread at a time.
final class Transactor: @unchecked Sendable {
  private let log: Log
  private let options: Engine.Options
  private let watch: EventWatch
  private let core = Core()
  private var isLoaded = false
  /// When to try again to overwrite what was removed.
  private var nextOverwriting: ContinuousClock.Instant?
  /// Is told after each batch that wrote.
  var afterWriting: (State.Totals, Policy.Retention) -> Void = { _, _ in }

  init(_ log: Log, _ options: Engine.Options, watch: EventWatch) {
    self.log = log
    self.options = options
    self.watch = watch
  }

  /// Carries out calls in order; afterwards each has its result, and what it wrote is durable.
  func carryOut(_ jobs: [Job]) {
    if !options.readOnly, jobs.contains(where: \.writes) { write(jobs) } else { read(jobs) }
    checkpointIfWanted()
    overwriteIfWanted()
  }

  /// Overwrites what a call removed, once its commit is durable; tries again now and then while a
  /// reader still sees it.
  private func overwriteIfWanted() {
    guard core.mayOverwrite, nextOverwriting.map({ $0 <= .now }) ?? true else { return }
    do {
      core.mayOverwrite = try !log.overwriteRemoved()
    } catch {
      // The log remembers that this is to be done.
    }
    nextOverwriting = core.mayOverwrite ? .now + .seconds(1) : nil
  }

  /// The log is shorter than what is known of it: another was put in its place.
  private var replaced: StoreError {
    StoreError(
      .corrupt, "The log is shorter than it was. It was replaced; open it anew.", path: log.path)
  }

  private func read(_ jobs: [Job]) {
    do {
      var waits = Waits(seconds: 0.5)
      while try !readOnce(jobs) { try waits.pause(orThrow: replaced) }
    } catch {
      for job in jobs { job.fail(WakelogError(any: error)) }
    }
    core.end()
  }

  /// False when the snapshot is behind the state.
  ///
  /// LMDB takes the number of the last commit and then the header that goes by it. A reader that is
  /// held up in between can find there a header that a writer has put in its place, of a commit that
  /// has not been announced: the next reader is given the one before.
  private func readOnce(_ jobs: [Job]) throws -> Bool {
    try log.read { transaction in
      try load(LogView(snapshot: transaction.snapshot))
      guard try core.begin(transaction.snapshot) else { return false }
      for job in jobs {
        if job.writes {
          job.fail(WakelogError(.readOnly, "the log was opened for reading; nothing is written"))
        } else {
          job.run(on: core)
        }
      }
      return true
    }
  }

  /// How often a batch is tried again when the map is full; each time it has doubled.
  private static let mapGrowths = 24

  private func write(_ jobs: [Job]) {
    for growth in 0... {
      do {
        return try writeOnce(jobs)
      } catch {
        core.rollBack()
        if let error = error as? StoreError, error.code == .mapFull, growth < Self.mapGrowths {
          continue
        }
        let failure = WakelogError(any: error)
        for job in jobs where job.writes { job.fail(failure) }
        let readers = jobs.filter { !$0.writes }
        if !readers.isEmpty { read(readers) }
        return
      }
    }
  }

  private func writeOnce(_ jobs: [Job]) throws {
    let before = core.state.position
    try log.write { transaction in
      try load(LogView(snapshot: transaction.snapshot))
      guard try core.begin(transaction.snapshot) else { throw replaced }
      core.state.beginJournal()
      for job in jobs {
        job.run(on: core)
        try core.flush(into: transaction)
      }
    }
    core.state.keepChanges()
    core.end()
    guard core.state.position > before else { return }
    watch.wake()
    afterWriting(core.state.totals, core.context.policy.retention)
  }

  /// Builds the state, once, from the checkpoint if it is of use; the rest is caught up later.
  private func load(_ view: LogView) throws {
    guard !isLoaded else { return }
    let start = try view.firstSequence - 1
    if let restored = try Checkpoint.restore(view), restored.position.value >= start {
      core.state = restored
      core.checkpointPosition = restored.position
    } else {
      core.state = try view.origin()
    }
    // An earlier process may have been stopped before it had overwritten what it removed.
    core.mayOverwrite = !options.readOnly
    isLoaded = true
  }

  private func checkpointIfWanted() {
    let behind = core.state.position.value &- core.checkpointPosition.value
    let limit =
      core.wantsCheckpoint ? options.checkpointEventsAtClosing : options.checkpointEvents
    core.wantsCheckpoint = false
    guard !options.readOnly, behind >= limit else { return }
    // A checkpoint is a convenience: without one the log is replayed, and the next one has all that
    // this one would have had.
    for _ in 0..<Self.mapGrowths {
      do {
        try keepCheckpoint()
      } catch let error as StoreError where error.code == .mapFull {
        continue
      } catch {}
      break
    }
    core.checkpointPosition = core.state.position
  }

  private func keepCheckpoint() throws {
    defer { core.end() }
    try log.write { transaction in
      guard try core.begin(transaction.snapshot) else { throw replaced }
      try Checkpoint.keep(&core.state, in: transaction)
    }
    try Checkpoint.markKept(&core.state)
  }
}
