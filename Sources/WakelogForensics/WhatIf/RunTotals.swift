public import WakelogModel

/// What a log, or one key of it, came to.
public struct Totals: Hashable, Sendable {
  /// Runs begun.
  public var runs = 0
  /// Runs that ended as failed, timed out or interrupted.
  public var failedRuns = 0
  /// Attempts that resumed a session that could not be resumed.
  public var deadResumes = 0
  /// Attempts that began without any memory, save those of runs that leave no session.
  public var coldStarts = 0
  /// Tries within runs.
  public var attempts = 0
  /// Writes to a transcript by a run of before the key's last reset.
  public var staleWrites = 0
  /// From the first to the last of the runs in a row whose first attempt was a dead resume.
  public var wedgedMilliseconds: Int64 = 0

  /// Nothing yet.
  public init() {}

  /// The totals by their names on the wire; fewer is better, save of `runs` and `attempts`.
  var named: [(name: String, value: Int64, isBad: Bool)] {
    [
      ("runs", Int64(runs), false), ("failedRuns", Int64(failedRuns), true),
      ("deadResumes", Int64(deadResumes), true), ("coldStarts", Int64(coldStarts), true),
      ("attempts", Int64(attempts), false),
      ("staleWrites", Int64(staleWrites), true),
      ("wedgedMilliseconds", wedgedMilliseconds, true),
    ]
  }

  /// As PROTOCOL shows it.
  public var json: JSONValue {
    .object(
      JSONObject(named.map { JSONObject.Member(name: $0.name, value: .integer($0.value)) }))
  }

  static func + (left: Totals, right: Totals) -> Totals {
    var sum = left
    sum.runs += right.runs
    sum.failedRuns += right.failedRuns
    sum.deadResumes += right.deadResumes
    sum.coldStarts += right.coldStarts
    sum.attempts += right.attempts
    sum.staleWrites += right.staleWrites
    sum.wedgedMilliseconds += right.wedgedMilliseconds
    return sum
  }
}

/// Counts a log.
struct Tally {
  /// The totals of each key.
  private(set) var totals: [SessionSymbol: Totals] = [:]

  /// The totals of the log.
  var sum: Totals { totals.values.reduce(Totals(), +) }

  init(_ events: [Event]) {
    var leavesNone: [SessionSymbol: Bool] = [:]
    var walls: [SessionSymbol: SequenceNumber] = [:]
    for event in events {
      switch event.body {
      case .wakeRequested(let wake):
        leavesNone[event.session] = wake.flags.contains(.leavesNoSession)
      case .runStarted: totals[event.session, default: Totals()].runs += 1
      case .attemptStarted(let start):
        totals[event.session, default: Totals()].attempts += 1
        if !start.identity.exists, leavesNone[event.session] != true {
          totals[event.session, default: Totals()].coldStarts += 1
        }
      case .sessionReset: walls[event.session] = event.sequence
      case .transcriptFlushed
      where event.run.exists && event.run < walls[event.session] ?? .none:
        totals[event.session, default: Totals()].staleWrites += 1
      case .runFinished(let finish):
        switch finish.outcome {
        case .failed, .timedOut, .interrupted:
          totals[event.session, default: Totals()].failedRuns += 1
        default: break
        }
      default: break
      }
    }
    countDead(AttemptReader(events).attempts)
  }

  private mutating func countDead(_ attempts: [RecordedAttempt]) {
    var streaks: [SessionSymbol: ClosedRange<Int64>] = [:]
    var runs: [SessionSymbol: SequenceNumber] = [:]
    for attempt in attempts {
      if attempt.provesDeath { totals[attempt.session, default: Totals()].deadResumes += 1 }
      let isFirst = runs.updateValue(attempt.run, forKey: attempt.session) != attempt.run
      guard isFirst, attempt.finish != nil else { continue }
      if attempt.provesDeath {
        let start = streaks[attempt.session]?.lowerBound ?? attempt.startedAt
        streaks[attempt.session] = start...max(start, attempt.endedAt)
      } else {
        close(attempt.session, &streaks)
      }
    }
    for session in Array(streaks.keys) { close(session, &streaks) }
  }

  private mutating func close(
    _ session: SessionSymbol, _ streaks: inout [SessionSymbol: ClosedRange<Int64>]
  ) {
    guard let streak = streaks.removeValue(forKey: session) else { return }
    let length = streak.upperBound.subtractingReportingOverflow(streak.lowerBound).partialValue
    totals[session, default: Totals()].wedgedMilliseconds += length / 1_000_000
  }
}
