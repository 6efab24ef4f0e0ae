/// What the host saw of transcripts, just now.
struct TranscriptFacts {
  var bound: Bool?
  var others: [(identity: IdentitySymbol, exists: Bool)] = []

  init(bound: Bool? = nil, others: [(identity: IdentitySymbol, exists: Bool)] = []) {
    self.bound = bound
    self.others = others
  }

  /// What the wake of an open run said of the session that the key pointed to then.
  init(of run: RunRow) {
    if run.missing.exists { others = [(run.missing, false)] }
  }

  /// Whether an id's transcript is there; nil when nobody looked.
  func exists(_ identity: IdentitySymbol, isBound: Bool) -> Bool? {
    if isBound, let bound { return bound }
    return others.last { $0.identity == identity }?.exists
  }
}

/// How an attempt shall begin.
struct Plan {
  var identity = IdentitySymbol.none
  var from: CandidateSource?
  var reset: ResetCause?
  var flags: PlanFlags = []
  var workspace: Workspace?
  var drift = FingerprintSymbol.none
  var params = Symbol<Space.Params>.none
  var considered: [Considered] = []
}

/// What a plan is made from, and what was found on the way.
struct Planner {
  let session: SessionSymbol
  /// The wake, merged.
  let wake: PendingRow
  /// The merged wake's reasons.
  let reasons: [ReasonSymbol]
  let rules: Rules
  /// The key as it was when the wake came.
  let before: SessionRow
  /// What it pointed to then for the wake's provider.
  let binding: Binding
  let facts: TranscriptFacts
  /// The run's host.
  var host = HostSymbol.none
  /// Whether the log knows the explicit id for another provider only.
  var isOfAnotherProvider = false
  /// The reset that this wake made.
  var reset: ResetCause?
  /// Where the attempt before failed: a fallback runs there when the wake names no workspace.
  var failedWorkspace: Workspace?
  /// An id that this very run has already refused, and how.
  var refused: (identity: IdentitySymbol, verdict: Verdict)?
  var considered: [Considered] = []

  init(
    session: SessionSymbol, wake: PendingRow, reasons: [ReasonSymbol], rules: Rules,
    before: SessionRow, binding: Binding, facts: TranscriptFacts
  ) {
    self.session = session
    self.wake = wake
    self.reasons = reasons
    self.rules = rules
    self.before = before
    self.binding = binding
    self.facts = facts
  }

  var wakeWorkspace: Workspace? {
    wake.workspaceKind.map { Workspace(path: wake.workspace, kind: $0) }
  }

  /// Where a session may be resumed, as seen from this wake; nil for nowhere.
  ///
  /// A session of a project stays there; one of the fallback directory, or of none, moves to the
  /// project it is woken in. `isOutside` says that it then runs where it was not made.
  func place(_ row: IdentityRow) -> (workspace: Workspace?, isOutside: Bool)? {
    guard row.lastBound.exists else { return (wakeWorkspace, false) }
    let made = row.workspaceKind.map { Workspace(path: row.workspace, kind: $0) }
    let isElsewhere = row.host.exists && host.exists && row.host != host
    guard let made else {
      let there = wakeWorkspace ?? failedWorkspace
      return (there, isElsewhere || there?.isProject == true)
    }
    guard let wanted = wakeWorkspace, wanted.isProject else { return (made, isElsewhere) }
    if !made.isProject { return (wanted, true) }
    return made.path == wanted.path ? (made, isElsewhere) : nil
  }

  /// A plan without a session to resume.
  func freshPlan() -> Plan {
    var plan = Plan()
    plan.workspace = wakeWorkspace ?? failedWorkspace
    plan.reset = reset
    plan.considered = considered
    return plan
  }
}

extension Decider {
  /// Looks at what the wake demands, what the policy says and which candidates there are, and
  /// makes the run's first plan; a reset, or a condemnation by a missing transcript, is emitted.
  mutating func plan(_ planner: inout Planner, _ state: inout State) -> Plan {
    if planner.wake.flags.contains(.leavesNoSession) { return planner.freshPlan() }
    let explicit = planner.wake.resume
    let cause = resetCause(planner, state)
    let explicitWins =
      explicit.exists && planner.rules.reset.explicitResumeWins
      && !planner.wake.flags.contains(.forceFresh)
    if explicitWins {
      if let plan = offer(explicit, .explicit, &planner, &state, ignoresWall: true) {
        return winning(plan, suspends: cause != nil, planner, state)
      }
    }
    if let cause { emitReset(cause, &planner, &state) }
    if explicit.exists, !explicitWins {
      if let plan = offer(explicit, .explicit, &planner, &state) { return plan }
    }
    if planner.binding.exists {
      if let plan = offer(planner.binding.identity, .bound, &planner, &state) { return plan }
    }
    let mayTakeAgents =
      planner.rules.resume.unscopedFallsBackToAgent && !planner.wake.scope.exists
    if mayTakeAgents, let candidate = agentCandidate(planner, state) {
      if let plan = offer(candidate, .agent, &planner, &state) { return plan }
    }
    return planner.freshPlan()
  }

  /// An explicit id that beats the resets of its wake, and is minted anew if it is older.
  private func winning(
    _ plan: Plan, suspends: Bool, _ planner: Planner, _ state: State
  ) -> Plan {
    var plan = plan
    if suspends { plan.flags.insert(.suspendedReset) }
    let isKnown = state.identities[plan.identity.number].exists
    if isKnown, state.minted(plan.identity, for: planner.session) < planner.before.wall {
      plan.flags.insert(.mintedAnew)
    }
    return plan
  }

  private mutating func emitReset(
    _ cause: ResetCause, _ planner: inout Planner, _ state: inout State
  ) {
    planner.reset = cause
    let before = planner.before
    let isFirst =
      before.runs == 0 && before.generation == Generation(1) && !before.bound.exists
      && before.asides == 0
    var reset = SessionReset()
    reset.cause = cause
    reset.previous = planner.binding.identity.or(before.bound)
    emit(
      .sessionReset(reset), planner.session, run: planner.wake.run,
      generation: isFirst ? before.generation : before.generation.next, &state)
  }

  /// The agent's binding on another key, with the same provider, that was proven last.
  private func agentCandidate(_ planner: Planner, _ state: State) -> IdentitySymbol? {
    let lane = state.lane(of: planner.before.agent, with: planner.wake.provider)
    var best = Binding()
    var link = state.lanes[lane].first
    while link.exists {
      let binding = state.binding(at: link)
      if state.session(at: link) != planner.session, binding.provenAt > best.provenAt {
        best = binding
      }
      link = state.nextInLane(at: link)
    }
    return best.exists ? best.identity : nil
  }

  /// A plan that resumes a candidate, if nothing speaks against it; what was found is noted.
  mutating func offer(
    _ identity: IdentitySymbol, _ from: CandidateSource, _ planner: inout Planner,
    _ state: inout State, ignoresWall: Bool = false
  ) -> Plan? {
    let verdict = judge(identity, from, planner, &state, ignoresWall: ignoresWall)
    planner.considered.append(Considered(from: from, identity: identity, verdict: verdict))
    guard verdict == .offered else { return nil }
    let row = state.identities[identity.number]
    var plan = planner.freshPlan()
    plan.identity = identity
    plan.from = from
    plan.params = row.params
    if let place = planner.place(row) {
      plan.workspace = place.workspace
      if place.isOutside { plan.flags.insert(.outside) }
    }
    if !row.exists { plan.flags.insert(.vouched) }
    let recorded = recordedFingerprint(identity, planner, state)
    if !changedNames(recorded, planner.wake.fingerprint).isEmpty { plan.drift = recorded }
    return plan
  }
}
