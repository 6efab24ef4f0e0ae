extension Decider {
  /// What is found of a candidate, in the order of PROTOCOL's verdicts.
  ///
  /// Ends another key's run whose lease has run out when that run holds the candidate, and
  /// condemns a candidate whose transcript the wake says is gone.
  mutating func judge(
    _ identity: IdentitySymbol, _ from: CandidateSource, _ planner: Planner,
    _ state: inout State, ignoresWall: Bool
  ) -> Verdict {
    // Before anything is read: an expired run may leave its id condemned, and the id to another.
    var holder = state.identities[identity.number].heldBy
    while holder.exists, holder != planner.session {
      endExpiredRun(holder, &state)
      if state.identities[identity.number].heldBy == holder { break }
      holder = state.identities[identity.number].heldBy
    }
    let row = state.identities[identity.number]
    if row.condemned != nil { return .condemned }
    if row.exists, !row.isProven, !row.isVouched { return .unproven }
    if row.exists ? row.provider != planner.wake.provider : planner.isOfAnotherProvider {
      return .provider
    }
    if planner.rules.resume.boundToHost, row.host.exists, planner.host.exists,
      row.host != planner.host
    {
      return .host
    }
    if !ignoresWall, isBehindWall(identity, row, planner, state) {
      return verdictOfWall(from, planner)
    }
    if from != .bound, row.lastBound.exists {
      let recorded = recordedFingerprint(identity, planner, state)
      if isInvalidating(recorded, planner.wake.fingerprint, planner.rules) { return .fingerprint }
    }
    let isBound = identity == planner.binding.identity
    if planner.facts.exists(identity, isBound: isBound) == false {
      condemn(
        identity, .transcript, .missingTranscript, .none, planner.session, planner.wake.run,
        &state)
      return .transcript
    }
    guard let place = planner.place(row) else { return .workspace }
    let path = place.workspace?.path ?? .none
    if state.misses(of: identity, in: path, on: planner.host) >= 2 { return .workspace }
    if let refused = planner.refused, refused.identity == identity { return refused.verdict }
    return row.heldBy.exists ? .inUse : .offered
  }

  private func isBehindWall(
    _ identity: IdentitySymbol, _ row: IdentityRow, _ planner: Planner, _ state: State
  ) -> Bool {
    guard row.exists else { return planner.reset != nil }
    return state.minted(identity, for: planner.session)
      < state.sessions[planner.session.number].wall
  }

  private func verdictOfWall(_ from: CandidateSource, _ planner: Planner) -> Verdict {
    guard from == .bound else { return .reset }
    switch planner.reset {
    case .rotation: return .rotated
    case .fingerprint: return .fingerprint
    default: return .reset
    }
  }

  /// The fingerprint a candidate was bound with: on this key if it is this key's binding.
  func recordedFingerprint(
    _ identity: IdentitySymbol, _ planner: Planner, _ state: State
  ) -> FingerprintSymbol {
    identity == planner.binding.identity
      ? planner.binding.fingerprint : state.identities[identity.number].fingerprint
  }

  /// The names in which two fingerprints differ, one given on one side only included; none when
  /// either is missing.
  func changedNames(_ recorded: FingerprintSymbol, _ given: FingerprintSymbol) -> [String] {
    guard recorded.exists, given.exists, recorded != given else { return [] }
    return differingNames(context.fingerprint(recorded), context.fingerprint(given))
  }

  func isInvalidating(
    _ recorded: FingerprintSymbol, _ given: FingerprintSymbol, _ rules: Rules
  ) -> Bool {
    changedNames(recorded, given).contains { name in
      rules.reset.invalidateOn.contains { $0.isSame(as: name) }
    }
  }

  /// Why this wake ends the generation, in the order of PROTOCOL; nil when it does not.
  func resetCause(_ planner: Planner, _ state: State) -> ResetCause? {
    let reset = planner.rules.reset
    let wake = planner.wake
    let before = planner.before
    if wake.flags.contains(.forceFresh) { return .forceFresh }
    let isDemanded =
      wake.flags.contains(.demandingReason)
      || planner.reasons.contains { isDemand($0, planner.rules) }
    if isDemanded { return .reason }
    if reset.unscopedTimer, wake.source == .timer, !wake.scope.exists { return .unscopedTimer }
    let bound = state.identities[planner.binding.identity.number]
    if planner.binding.exists,
      isInvalidating(planner.binding.fingerprint, wake.fingerprint, planner.rules)
    {
      return .fingerprint
    }
    if wake.flags.contains(.keep) { return nil }
    let now = self.now(planner.session, state)
    if planner.binding.exists, isRotated(bound, reset.rotate, now) { return .rotation }
    guard wake.flags.contains(.interaction) else { return nil }
    // What was said after the first of the merged wakes does not keep it from being late.
    let used = max(wake.interactionBefore, before.generationBegan)
    if let seconds = reset.idleSeconds, used != 0,
      wake.since > State.later(used, bySeconds: seconds)
    {
      return .idle
    }
    if let hour = reset.dailyAtHour {
      let local = Instant(nanoseconds: now, offsetMinutes: wake.offset)
      if before.generationBegan < local.latest(hour: hour) { return .daily }
    }
    return nil
  }

  /// Whether a binding has had its runs, its tokens or its time.
  private func isRotated(_ row: IdentityRow, _ rotate: Rules.Rotation?, _ now: Int64) -> Bool {
    guard let rotate else { return false }
    if let runs = rotate.runs, Int64(row.runs) > runs { return true }
    if let tokens = rotate.inputTokens, row.runs > 0,
      row.lastInputTokens >= UInt64(clamping: tokens)
    {
      return true
    }
    if let seconds = rotate.ageSeconds, row.mintingRunAt != 0 {
      // A time from a clock that was ahead counts as now.
      let minted = Instant.isAhead(row.mintingRunAt, of: now) ? now : row.mintingRunAt
      let last = Instant.isAhead(row.lastRunAt, of: now) ? now : row.lastRunAt
      return last >= State.later(minted, bySeconds: seconds)
    }
    return false
  }
}

/// The names in which two fingerprints, each sorted by the bytes of the names, differ.
///
/// `version` names the recipe that a fingerprint was made by: of different recipes nothing is
/// compared.
public func differingNames(
  _ left: [(name: String, value: String)], _ right: [(name: String, value: String)]
) -> [String] {
  guard isOfOneRecipe(left, right) else { return [] }
  var names: [String] = []
  var i = 0
  var j = 0
  while i < left.count || j < right.count {
    if j == right.count || (i < left.count && left[i].name.stands(before: right[j].name)) {
      names.append(left[i].name)
      i += 1
    } else if i == left.count || right[j].name.stands(before: left[i].name) {
      names.append(right[j].name)
      j += 1
    } else {
      if !left[i].value.isSame(as: right[j].value) { names.append(left[i].name) }
      i += 1
      j += 1
    }
  }
  return names
}

private func isOfOneRecipe(
  _ left: [(name: String, value: String)], _ right: [(name: String, value: String)]
) -> Bool {
  func version(_ pairs: [(name: String, value: String)]) -> String? {
    pairs.first { $0.name.isSame(as: "version") }?.value
  }
  switch (version(left), version(right)) {
  case (nil, nil): return true
  case (let one?, let other?): return one.isSame(as: other)
  default: return false
  }
}

// Swift takes strings for equal that differ in bytes, such as é and e with an accent; the log's are
// equal when their bytes are.
extension String {
  /// Whether another string has the same bytes.
  func isSame(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }

  /// Whether this string's bytes stand before another's.
  func stands(before other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
