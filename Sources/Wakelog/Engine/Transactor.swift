import WakelogModel
import WakelogStore

/// Carries out batches of calls, each within one transaction.
///
/// `@unchecked Sendable`: the queue calls it from one thread at a time.
final class Transactor: @unchecked Sendable {
  private let log: Log
  private let readOnly: Bool
  private let watch: EventWatch
  private let core = Core()
  private var isLoaded = false

  init(_ log: Log, readOnly: Bool, watch: EventWatch) {
    self.log = log
    self.readOnly = readOnly
    self.watch = watch
  }

  /// Carries out calls in order; afterwards each has its result, and what it wrote is durable.
  func carryOut(_ jobs: [Job]) {
    if !readOnly, jobs.contains(where: \.writes) { write(jobs) } else { read(jobs) }
    checkpointIfWanted()
  }

  private func read(_ jobs: [Job]) {
    do {
      try log.read { transaction in
        try load(LogView(snapshot: transaction.snapshot))
        try core.begin(transaction.snapshot)
        for job in jobs {
          if job.writes {
            job.fail(WakelogError(.readOnly, "the log was opened for reading; nothing is written"))
          } else {
            job.run(on: core)
          }
        }
      }
    } catch {
      for job in jobs { job.fail(WakelogError(any: error)) }
    }
    core.end()
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
      try core.begin(transaction.snapshot)
      core.state.beginJournal()
      for job in jobs {
        job.run(on: core)
        try core.flush(into: transaction)
      }
    }
    core.state.keepChanges()
    core.end()
    if core.state.position > before { watch.wake() }
  }

  /// Builds the state, once, from the checkpoint if it is of use; the rest is caught up later.
  private func load(_ view: LogView) throws {
    guard !isLoaded else { return }
    if let restored = try Checkpoint.restore(view) {
      core.state = restored
      core.checkpointPosition = restored.position
    }
    isLoaded = true
  }

  /// How far the log may grow beyond the checkpoint: what is replayed in about half a second.
  private static let checkpointEvents: UInt64 = 4_000_000
  /// From how many events on a checkpoint is worth it at closing.
  private static let checkpointEventsAtClosing: UInt64 = 100_000

  private func checkpointIfWanted() {
    let behind = core.state.position.value &- core.checkpointPosition.value
    let limit = core.wantsCheckpoint ? Self.checkpointEventsAtClosing : Self.checkpointEvents
    core.wantsCheckpoint = false
    guard !readOnly, behind >= limit else { return }
    // A checkpoint is a convenience: without one the log is replayed.
    try? log.write { transaction in
      try core.begin(transaction.snapshot)
      try Checkpoint.keep(&core.state, in: transaction)
      core.end()
    }
    core.end()
    core.checkpointPosition = core.state.position
  }
}
