/// Checks the laws over a log, one event after the other.
///
/// Independent of the reducers: it keeps its own books of what was condemned, proven, minted,
/// reset, open and fenced, and takes logs that other hosts wrote as well as ours. Total on any
/// input, one pass, constant time per event. An open run at the end breaks nothing.
/// `replayEqualsLive` takes two states and is not checked here.
public struct LawChecker: Sendable {
  /// What was found: the first of each law and key, in the order of the log.
  public private(set) var violations: [Violation] = []
  /// Events observed.
  public private(set) var events: UInt64 = 0

  var keys = Books<Space.Session, KeyBook>()
  var identities = Books<Space.Identity, IdentityBook>()
  var mintings: [Minting: SequenceNumber] = [:]
  var epochs: [HostSymbol: UInt32] = [:]
  /// How often in a row an id may fail without a turn; to be raised where a policy is adopted that
  /// allows more.
  public var suspectLimit: UInt32
  private var places: [Place: Int] = [:]

  /// Where another key than the first bound an id.
  struct Minting: Hashable {
    var identity: IdentitySymbol
    var session: SessionSymbol
  }

  private struct Place: Hashable {
    var law: Law
    var session: SessionSymbol
  }

  /// A checker that has seen nothing.
  ///
  /// An id that failed `suspectLimit` times in a row without a turn must not be offered again.
  /// The default is the most that any policy allows.
  public init(suspectLimit: Int = 100) {
    self.suspectLimit = UInt32(clamping: suspectLimit)
  }

  /// Looks at the next event of the log.
  public mutating func observe(_ event: Event) {
    events &+= 1
    noteGeneration(event)
    switch event.body {
    case .wakeRequested(let wake): wakeRequested(wake, event)
    case .wakeCoalesced(let disposed): settle(disposed.wake, event)
    case .wakeDeferred(let deferred): wakeDeferred(deferred, event)
    case .wakeRefused(let disposed): settle(disposed.wake, event)
    case .runStarted(let start): runStarted(start, event)
    case .attemptStarted(let start): attemptStarted(start, event)
    case .attemptProgressed(let progress): attemptProgressed(progress, event)
    case .attemptFinished(let finish): attemptFinished(finish, event)
    case .fallbackTaken: _ = isWritten(by: event)
    case .runFinished(let finish): runFinished(finish, event)
    case .sessionBound(let bound): sessionBound(bound, event)
    case .sessionCondemned(let condemned): sessionCondemned(condemned)
    case .sessionSuspected(let suspected):
      identities[suspected.identity, default: IdentityBook()].unanswered = 0
    case .sessionRevived(let revived): sessionRevived(revived)
    case .sessionReset: sessionReset(event)
    case .transcriptFlushed(let flushed): transcriptFlushed(flushed, event)
    case .hostStarted(let started): epochs[started.host] = started.epoch
    case .wakeCancelled: keys[event.session]?.waitingLeaveNone = nil
    case .sessionForgotten: sessionForgotten(event)
    case .sessionOpened, .sessionCleared, .writeRejected, .probeObserved,
      .hostUpgraded, .agentPaused, .agentUnpaused, .sessionRepaired, .policyAdopted,
      .evidenceRedacted, .noteAdded, .logTrimmed, .unrecognised:
      break
    }
  }

  /// Says that the log ends here: a wake that nothing was decided on is a violation now.
  public mutating func finish() {
    let waiting = keys.all.filter { $0.value.arriving.exists }
    for (session, book) in waiting.sorted(by: { $0.value.arriving < $1.value.arriving }) {
      report(.everyWakeSettles, session, book.arriving, "a wake was never disposed of")
    }
  }

  /// Writes a violation down: the first of its law and key, or one more of the same.
  mutating func report(
    _ law: Law, _ session: SessionSymbol, _ sequence: SequenceNumber,
    _ because: @autoclosure () -> String, _ incident: String? = nil
  ) {
    let place = Place(law: law, session: session)
    if let index = places[place] {
      violations[index].count += 1
      return
    }
    places[place] = violations.count
    violations.append(
      Violation(
        law: law, session: session, sequence: sequence, because: because(), incident: incident))
  }

  /// A generation never goes back.
  private mutating func noteGeneration(_ event: Event) {
    guard event.session.exists else { return }
    let known = keys[event.session, default: KeyBook()].generation
    if event.generation < known {
      report(
        .resetIsAWall, event.session, event.sequence,
        "generation \(event.generation.value) after \(known.value)", "hermes#61993")
    } else {
      keys[event.session]?.generation = event.generation
    }
  }
}
