import WakelogModel

/// What a queue has done with calls, in two stages.
///
/// Whoever leads the queue decides; one thread at a time commits. All but `commit` belongs to the
/// one that leads.
protocol Stages: AnyObject, Sendable {
  /// Carries out calls ahead of what is durable, as part of the open batch.
  func decide(_ jobs: [Job])
  /// The calls of the open batch.
  var open: [Job] { get }
  /// Whether the open batch takes no more calls for now.
  var isFull: Bool { get }
  /// Whether the open batch has to be committed.
  var hasContent: Bool { get }
  /// Whether anything that was decided is not durable.
  var isAhead: Bool { get }
  /// Whether the open batch looked at a log that others had changed.
  var isStale: Bool { get }
  /// Takes the calls of an open batch without content, when nothing is ahead.
  func takeAnswered() -> [Job]
  /// Closes the open batch, to be committed.
  func close() -> Batch
  /// Makes a batch durable. The one thing that is done by whoever commits.
  func commit(_ batch: Batch) -> CommitOutcome
  /// The batch that was closed is durable.
  func settle()
  /// Takes back all that is not durable; returns its calls in order.
  func takeBack() -> [Job]
  /// Another process wrote in between: for a while calls are better decided within the commit.
  func conflictSeen()
  /// Whether calls are to be decided within the commit.
  var decidesInside: Bool { get }
  /// Decides calls and makes them durable within one transaction; nothing may be ahead.
  ///
  /// - Parameters:
  ///   - patience: How long to wait for the writer's lock, in seconds.
  ///   - jobs: Returns the calls once the lock is held; the same ones when asked again.
  func decideInside(patience: Double, _ jobs: () -> [Job]) -> CommitOutcome
  /// How long a call waits for another process's writer, in seconds.
  var writerWaitSeconds: Double { get }
  /// Whether something is due that serves the log and no call: a checkpoint, or what was removed is
  /// to be overwritten.
  var wantsUpkeep: Bool { get }
  /// Does what is due; nothing may be ahead.
  func keepUp()
}

/// What became of a commit.
enum CommitOutcome {
  /// It is durable.
  case durable
  /// Nothing was kept, because another process wrote in between.
  case conflict
  /// Nothing was kept, because another holds the writer's lock.
  case busy(WakelogError)
  /// Nothing was kept.
  case failed(WakelogError)
}
