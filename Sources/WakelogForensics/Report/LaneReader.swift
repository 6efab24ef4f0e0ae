import WakelogModel

/// Makes lanes of the events of some sessions.
struct LaneReader {
  /// A silence that is worth showing.
  static let pause: Int64 = 6 * 3_600 * 1_000_000_000

  private(set) var lanes: [SessionSymbol: Lane] = [:]
  private var dead: Set<IdentitySymbol> = []
  private var attempts: [SessionSymbol: Int] = [:]
  private var wakes: [SequenceNumber: WakeRequested] = [:]
  private let findings: [SequenceNumber: [(place: Int, session: SessionSymbol)]]

  /// - Parameters:
  ///   - state: The state before the first event.
  ///   - findings: Where findings begin, with their places in the report.
  init(
    _ sessions: some Sequence<SessionSymbol>, after state: State,
    findings: [SequenceNumber: [(place: Int, session: SessionSymbol)]]
  ) {
    self.findings = findings
    state.identities.forEach { number, row in
      if row.condemned != nil { dead.insert(IdentitySymbol(number)) }
    }
    for session in sessions {
      let bound = state.sessions[session.number].bound
      lanes[session] = Lane(session: session, binding: binding(bound))
    }
  }

  /// Takes the next event, of whatever session: ids die for all keys.
  mutating func observe(_ event: Event) {
    learn(event)
    guard var lane = lanes.removeValue(forKey: event.session) else { return }
    lane.events.append(event)
    pause(before: event, in: &lane)
    if !observeRun(event, &lane) { observeSession(event, &lane) }
    lane.binding.isDead = dead.contains(lane.binding.identity)
    for finding in findings[event.sequence] ?? [] where finding.session == event.session {
      flag(finding.place, event, &lane)
    }
    lanes[event.session] = lane
  }

  private func binding(_ identity: IdentitySymbol) -> Lane.Binding {
    Lane.Binding(identity: identity, isDead: dead.contains(identity))
  }

  private mutating func learn(_ event: Event) {
    switch event.body {
    case .sessionCondemned(let condemned): dead.insert(condemned.identity)
    case .sessionRevived(let revived): dead.remove(revived.identity)
    default: break
    }
  }

  private func add(_ kind: Lane.Kind, _ event: Event, _ lane: inout Lane) {
    lane.slots.append(
      Lane.Slot(
        kind: kind, sequence: event.sequence, at: event.at, run: event.run,
        binding: lane.binding))
  }

  private func pause(before event: Event, in lane: inout Lane) {
    guard lane.events.count > 1, !lane.slots.isEmpty else { return }
    let before = lane.events[lane.events.count - 2].at.nanoseconds
    let (silence, isFar) = event.at.nanoseconds.subtractingReportingOverflow(before)
    if !isFar, silence >= Self.pause { add(.pause(silence), event, &lane) }
  }

  private mutating func observeRun(_ event: Event, _ lane: inout Lane) -> Bool {
    switch event.body {
    case .wakeRequested(let wake): wakes[event.sequence] = wake
    case .wakeCoalesced(let wake): add(.wake(wakes[wake.wake]?.source, "added"), event, &lane)
    case .wakeDeferred(let wake): add(.wake(wakes[wake.wake]?.source, "waits"), event, &lane)
    case .wakeRefused(let wake):
      let because = wake.because == .paused ? "refused: paused" : "refused: too early"
      add(.wake(wakes[wake.wake]?.source, because), event, &lane)
    case .wakeCancelled: add(.wake(nil, "cancelled"), event, &lane)
    case .runStarted, .attemptProgressed, .fallbackTaken: break
    case .attemptStarted(let start): begin(start, event, &lane)
    case .attemptFinished(let finish): end(finish, event, &lane)
    case .runFinished(let finish): end(finish, event, &lane)
    default: return false
    }
    return true
  }

  private mutating func begin(_ start: AttemptStarted, _ event: Event, _ lane: inout Lane) {
    var attempt = Lane.Attempt()
    let before = attempts[event.session].map { lane.slots[$0] }
    attempt.isFirst = before?.run != event.run
    attempt.isFallback = !attempt.isFirst
    if attempt.isFirst {
      attempt.source = wakes[event.run]?.source
      attempt.reason = wakes[event.run]?.reason ?? .none
    }
    attempt.asked = binding(start.identity)
    attempts[event.session] = lane.slots.count
    add(.attempt(attempt), event, &lane)
  }

  /// Changes the latest attempt of the event's run.
  private func change(
    _ event: Event, _ lane: inout Lane, _ body: (inout Lane.Attempt) -> Void
  ) {
    guard let place = attempts[event.session], lane.slots[place].run == event.run,
      case .attempt(var attempt) = lane.slots[place].kind
    else { return }
    body(&attempt)
    lane.slots[place].kind = .attempt(attempt)
  }

  private mutating func end(_ finish: AttemptFinished, _ event: Event, _ lane: inout Lane) {
    var asked = IdentitySymbol.none
    change(event, &lane) { attempt in
      attempt.outcome = finish.outcome
      attempt.failure = finish.failure
      attempt.reported = finish.reported
      asked = attempt.asked.identity
    }
    if asked.exists, finish.outcome != .succeeded, finish.failure?.meansDead == true {
      dead.insert(asked)
    }
  }

  private func end(_ finish: RunFinished, _ event: Event, _ lane: inout Lane) {
    change(event, &lane) { attempt in
      guard attempt.outcome != finish.outcome else { return }
      attempt.runOutcome = finish.outcome
      attempt.runFailure = finish.failure
    }
  }

  private func observeSession(_ event: Event, _ lane: inout Lane) {
    switch event.body {
    case .sessionOpened: break
    case .sessionBound(let bound): lane.binding.identity = bound.identity
    case .sessionCleared: lane.binding.identity = .none
    case .sessionReset(let reset):
      add(.wall(reset.cause, event.generation), event, &lane)
      lane.binding.identity = .none
    default: add(mark(event), event, &lane)
    }
  }

  private func mark(_ event: Event) -> Lane.Kind {
    switch event.body {
    case .sessionCondemned(let condemned): .mark("condemned", binding(condemned.identity))
    case .sessionSuspected(let suspected): .mark("suspected", binding(suspected.identity))
    case .sessionRevived(let revived): .mark("revived", binding(revived.identity))
    case .sessionRepaired: .mark("repaired", Lane.Binding())
    case .writeRejected(let rejected): .mark("write rejected", binding(rejected.reported))
    case .probeObserved(let probe):
      .mark(probe.seen == .missing ? "probed: gone" : "probed: there", binding(probe.identity))
    case .transcriptFlushed(let flushed):
      .mark("wrote \(flushed.from)–\(flushed.to)", Lane.Binding())
    case .hostStarted: .mark("host started", Lane.Binding())
    case .hostUpgraded: .mark("host upgraded", Lane.Binding())
    case .agentPaused: .mark("agent paused", Lane.Binding())
    case .agentUnpaused: .mark("agent goes on", Lane.Binding())
    case .policyAdopted: .mark("policy", Lane.Binding())
    case .evidenceRedacted: .mark("redacted", Lane.Binding())
    case .noteAdded: .mark("note", Lane.Binding())
    case .logTrimmed: .mark("trimmed", Lane.Binding())
    case .sessionForgotten: .mark("forgotten", Lane.Binding())
    default: .mark(event.kindName, Lane.Binding())
    }
  }

  /// Puts a finding's flag where it is seen: on the attempt that its event is about.
  private func flag(_ finding: Int, _ event: Event, _ lane: inout Lane) {
    if let place = attempts[event.session], lane.slots[place].run == event.run {
      let isItself = lane.slots.last?.sequence == event.sequence
      lane.slots[isItself ? lane.slots.count - 1 : place].findings.append(finding)
    } else {
      if lane.slots.isEmpty { add(.mark(event.kindName, Lane.Binding()), event, &lane) }
      lane.slots[lane.slots.count - 1].findings.append(finding)
    }
  }
}

extension FailureKind {
  /// Whether an id that fails so cannot be resumed again, wherever and whenever.
  var meansDead: Bool { family == .session && self != .wrongWorkspace && self != .sessionInUse }
}
