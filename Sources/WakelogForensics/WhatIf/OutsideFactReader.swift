internal import WakelogModel

/// Tells what came from outside in a record, in its order.
///
/// Follows the record with a state of its own: what a call left out, as a lease, shows only in
/// what was decided by the policy and the waiting wake of its moment.
struct OutsideFactReader {
  private let events: [Event]
  private let context: any RecordedContext
  private var state = State()
  private var facts: [OutsideFact] = []
  private var deferred: Set<SequenceNumber> = []
  /// A command whose decisions are still being told: runs that expire meanwhile are its doing.
  private var isDeciding = false
  private var wakeFacts: [SequenceNumber: Int] = [:]

  private init(_ events: [Event], _ context: any RecordedContext) {
    self.events = events
    self.context = context
  }

  /// The facts of a record.
  static func facts(of events: [Event], _ context: any RecordedContext) -> [OutsideFact] {
    var reader = OutsideFactReader(events, context)
    for index in events.indices {
      reader.read(index)
      reader.state.reduce(events[index])
    }
    return reader.facts
  }

  private mutating func add(_ deed: OutsideFact.Deed, _ event: Event) {
    facts.append(
      OutsideFact(
        at: event.at, sequence: event.sequence, session: event.session, run: event.run,
        deed: deed))
  }

  private mutating func read(_ index: Int) {
    let event = events[index]
    switch event.body {
    case .wakeRequested(let wake): readWake(wake, index)
    case .wakeDeferred(let deferral):
      deferred.insert(deferral.wake)
      isDeciding = false
    case .wakeCoalesced, .wakeRefused: isDeciding = false
    case .runStarted(let start): readStart(start, index)
    case .attemptStarted(let start): readAttempt(start)
    case .attemptProgressed(let progress): add(.progress(progress), event)
    case .attemptFinished(let finish):
      add(.finish(finish), event)
      isDeciding = true
    case .runFinished(let finish): readEnd(finish, index)
    case .transcriptFlushed(let flushed): add(.flush(flushed), event)
    case .wakeCancelled(let cancelled): add(.cancel(cancelled), event)
    case .sessionReset(let reset) where reset.cause == .asked: add(.reset(reset), event)
    case .probeObserved(let observed):
      if !isOfWake(index) { add(.probe(observed), event) }
    case .writeRejected(let rejected):
      let isAtTheDoor = rejected.because != .condemnedId && rejected.because != .beforeReset
      if isAtTheDoor { add(.rejected(rejected), event) }
    default: readRare(index)
    }
  }

  private mutating func readRare(_ index: Int) {
    let event = events[index]
    switch event.body {
    case .hostStarted(let started): add(.host(started), event)
    case .hostUpgraded(let upgraded): add(.upgrade(upgraded), event)
    case .agentPaused(let agent): add(.pause(agent, isPaused: true), event)
    case .agentUnpaused(let agent): add(.pause(agent, isPaused: false), event)
    case .sessionRepaired(let repaired): readRepair(repaired, index)
    case .policyAdopted(let adopted): add(.adopt(adopted), event)
    case .evidenceRedacted(let redacted): add(.redact(redacted), event)
    case .noteAdded(let note): add(.note(note), event)
    case .sessionForgotten(let forgotten): add(.forget(forgotten), event)
    case .sessionOpened:
      if !isOfWake(index) { add(.found(event), event) }
    case .sessionBound(let bound) where bound.proof == .imported: add(.found(event), event)
    case .sessionCondemned(let condemned) where condemned.cause == .imported:
      add(.found(event), event)
    case .unrecognised: add(.found(event), event)
    default: break
    }
  }

  /// Whether an event is the beginning of a wake: nothing but such events until its request.
  private func isOfWake(_ index: Int) -> Bool {
    for later in events[(index + 1)...] {
      guard later.session == events[index].session, later.at == events[index].at else {
        return false
      }
      switch later.body {
      case .wakeRequested: return true
      case .probeObserved(let observed) where observed.seen == .missing: continue
      default: return false
      }
    }
    return false
  }

  private mutating func readWake(_ wake: WakeRequested, _ index: Int) {
    var missing: [IdentitySymbol] = []
    for earlier in events[..<index].reversed() {
      guard case .probeObserved(let observed) = earlier.body, observed.seen == .missing,
        earlier.session == events[index].session, earlier.at == events[index].at
      else { break }
      missing.append(observed.identity)
    }
    let bound = state.binding(of: events[index].session, with: wake.provider).identity
    wakeFacts[events[index].sequence] = facts.count
    add(
      .wake(wake, missing: missing.reversed(), OutsideFact.WakeContext(bound: bound)), events[index]
    )
    isDeciding = true
  }

  /// The start of a run is the doing of its last wake, or of `next` if that one had to wait.
  private mutating func readStart(_ start: RunStarted, _ index: Int) {
    let event = events[index]
    if !deferred.contains(start.wake), let place = wakeFacts[start.wake] {
      if case .wake(let wake, let missing, var context) = facts[place].deed {
        context.fence = start.fence
        let waiting = state.pending(of: event.session)?.leasePlusOne ?? 0
        context.endsWaitingLease =
          wake.leasePlusOne == 0 && waiting != 0 && start.leasePlusOne != waiting
        facts[place].deed = .wake(wake, missing: missing, context)
      }
      startingFact = place
    } else {
      var context = OutsideFact.WakeContext()
      context.fence = start.fence
      startingFact = facts.count
      add(.next(start, lease: lease(start, event), context), event)
    }
    isDeciding = true
  }

  private var startingFact: Int?

  /// The lease that `next` asked for; nil when the run's is that of its wake or policy anyway.
  private func lease(_ start: RunStarted, _ event: Event) -> UInt32? {
    let waiting = state.pending(of: event.session)
    var own = waiting?.leasePlusOne ?? 0
    if own == 0 {
      context.follow(state)
      let rules = context.rules(
        session: event.session, agent: state.sessions[event.session.number].agent,
        provider: waiting?.provider ?? .none)
      own = rules.lease.seconds.map { UInt32(clamping: $0 &+ 1) } ?? 0
    }
    return own == start.leasePlusOne ? nil : start.leasePlusOne &- 1
  }

  private mutating func readAttempt(_ start: AttemptStarted) {
    isDeciding = false
    guard let place = startingFact else { return }
    startingFact = nil
    let isForeign = start.considered.contains { found in
      found.from == .explicit && found.verdict == .provider
        && !state.identities[found.identity.number].exists
    }
    switch facts[place].deed {
    case .wake(let wake, let missing, var context):
      context.isResumeOfAnotherProvider = isForeign
      facts[place].deed = .wake(wake, missing: missing, context)
    case .next(let start, let lease, var context):
      context.isResumeOfAnotherProvider = isForeign
      facts[place].deed = .next(start, lease: lease, context)
    default: break
    }
  }

  private mutating func readEnd(_ finish: RunFinished, _ index: Int) {
    let event = events[index]
    switch finish.cause {
    case .abandoned: add(.abandon(finish), event)
    case .imported:
      if case .runFinished(let before)? = index > 0 ? events[index - 1].body : nil,
        before.cause == .imported
      {
        return
      }
      add(.endImported, event)
    case .lease where !isDeciding:
      // Somebody asked for the waiting wake, and found the run before it dead.
      if index + 1 < events.count, case .runStarted = events[index + 1].body,
        events[index + 1].session == event.session
      {
        return
      }
      add(.next(nil, lease: nil, OutsideFact.WakeContext()), event)
    case nil: isDeciding = false
    default: break
    }
  }

  private mutating func readRepair(_ repaired: SessionRepaired, _ index: Int) {
    var revive = IdentitySymbol.none
    var setting = RepairCommand.Setting.keep
    for event in events[(index + 1)...].prefix(2) {
      guard event.session == events[index].session, event.at == events[index].at else { break }
      switch event.body {
      case .sessionRevived(let revived): revive = revived.identity
      case .sessionBound(let bound) where bound.proof == .operator:
        setting = .bind(bound.identity, bound.provider)
      case .sessionCleared(let cleared) where cleared.because == .operator: setting = .clear
      default: break
      }
      if case .keep = setting { continue }
      break
    }
    add(.repair(repaired, revive: revive, setting), events[index])
  }
}
