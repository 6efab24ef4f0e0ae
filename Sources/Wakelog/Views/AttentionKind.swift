/// What `attention` tells of: the values of its `kind`.
public enum AttentionKind: String, CaseIterable, Sendable {
  /// Nothing was heard of an open run for long.
  case silentRun
  /// A run's lease ran out.
  case leaseExpired
  /// A wake waits, and nothing holds it back.
  case stuckQueue
  /// Ids of a key are condemned at their first resume, one after the other.
  case condemnedLoop
  /// Condemnations or resets of a key that nobody asked for come thick and fast.
  case flapping
  /// Runs of a key resume, succeed and take no turn, one after the other.
  case noProgress
  /// Times of the log came from a clock that is ahead of this one.
  case clock
  /// A process holds the writer's lock for long.
  case writerBlocked
  /// A reader keeps much of the file from being used again, or for long.
  case oldReader
}
