// What the checker writes down by itself, from raw events alone. It shares nothing with the
// reducers, so that it sees their mistakes.

/// One key: its open run, the attempt in it, and the wall.
struct KeyBook {
  /// A wake without disposition.
  var arriving = SequenceNumber.none
  /// The open run.
  var run = SequenceNumber.none
  /// The last run that ended.
  var ended = SequenceNumber.none
  /// The run's host and epoch.
  var host = HostSymbol.none
  var epoch: UInt32 = 0
  /// The last reset.
  var wall = SequenceNumber.none
  /// The messages written in this generation.
  var cursor: UInt64 = 0
  /// The generation that events carry.
  var generation = Generation(0)
  /// The attempt begun last; it stays when its run has ended.
  var attempt = AttemptBook()
  /// The last wake said that its run leaves no session.
  var arrivingLeavesNone = false
  /// All wakes that wait said so; nil when none wait.
  var waitingLeaveNone: Bool?
  /// All wakes of the run begun last did.
  var leavesNoSession = false
  /// The last reset came while a run was open.
  var wallStoodInRun = false
  /// The failures of the run's earlier attempts.
  var earlierFailure: FailureKind?
}

/// One attempt, as it began and ended.
struct AttemptBook {
  var number = SequenceNumber.none
  var mode: Mode?
  var asked = IdentitySymbol.none
  var from: CandidateSource?
  var workspace = WorkspaceSymbol.none
  var workspaceKind: WorkspaceKind?
  var isOutside = false
  /// Progress said that the session was entered, and which.
  var hasEntered = false
  var entered = IdentitySymbol.none
  /// How it ended; nil while it has not.
  var end: AttemptFinished?

  /// The session that the attempt was in at its end: as it says then, else as it said on the
  /// way, else the one asked for; the latter not if it started cold.
  func identity(at end: AttemptFinished) -> IdentitySymbol {
    if end.reported.exists { return end.reported }
    if end.flags.contains(.startedCold) { return entered == asked ? .none : entered }
    return entered.or(asked)
  }

  /// Whether the attempt proved to be in a session.
  func proves(_ identity: IdentitySymbol, isImported: Bool) -> Bool {
    if hasEntered, entered.or(asked) == identity { return true }
    guard let end else { return false }
    guard self.identity(at: end) == identity else { return false }
    if end.flags.contains(.entered) || hasEntered { return true }
    return isImported && end.outcome == .succeeded && end.turns != 0
  }
}

/// One provider session.
struct IdentityBook {
  /// What speaks against it.
  enum Death { case none, inferred, condemned }

  var firstSeen = SequenceNumber.none
  var firstBoundBy = SessionSymbol.none
  var firstBound = SequenceNumber.none
  var lastBound = SequenceNumber.none
  var isProven = false
  var isVouched = false
  var death = Death.none
  var deathFailure: FailureKind?
  /// It was reported by a failing attempt that never entered it, and bound all the same.
  var wasBoundUnproven = false
  var workspace = WorkspaceSymbol.none
  var workspaceKind: WorkspaceKind?
  /// The keys whose open runs are in it.
  var holders: [SessionSymbol] = []
  /// Failures without a turn that nothing answered to, in a row.
  var unanswered: UInt32 = 0
  /// The same with those that were answered to.
  var repeated: UInt32 = 0
}
