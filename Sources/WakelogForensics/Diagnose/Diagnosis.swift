public import Wakelog
public import WakelogModel

/// The laws held against a whole log: which were broken, where first, how often, and what that
/// looks like.
public struct Diagnosis: Sendable {
  /// A law broken on a session.
  public struct Finding: Sendable {
    /// The law.
    public var law: Law
    /// The session key; nil for what belongs to no key.
    public var session: String?
    /// The first event that broke it.
    public var sequence: SequenceNumber
    /// When that was.
    public var since: Instant
    /// How many events of the session broke it.
    public var count: Int
    /// What the first one did, in words.
    public var because: String
    /// The known incident that it looks like, as `paperclip#6608`.
    public var incident: String?
  }

  /// How many events were read.
  public var events: UInt64
  /// How many sessions they belong to.
  public var sessions: Int
  /// What was found, in the order of the log.
  public var findings: [Finding]
}

extension IncidentLog {
  /// Holds the laws against the whole log, in one pass.
  ///
  /// The last law, that replay equals live, is checked where the log has a checkpoint: the state
  /// that a host worked with then has to be what the events add up to.
  ///
  /// - Parameter progress: Is told now and then how many events were read.
  public func diagnose(
    progress: (UInt64) -> Void = { _ in }
  ) throws(WakelogError) -> Diagnosis {
    var state = try origin()
    var checker = LawChecker(suspectLimit: Rules().fallback.suspectLimit, from: state)
    let kept = try checkpoint()
    var difference: StateDifference?
    try forEachEvent { event in
      if case .policyAdopted(let adopted) = event.body {
        checker.suspectLimit = max(checker.suspectLimit, suspectLimit(of: adopted))
      }
      checker.observe(event)
      state.reduce(event)
      if let kept, event.sequence == kept.position {
        difference = kept.firstDifference(from: state)
      }
      if event.sequence.value % 65_536 == 0 { progress(event.sequence.value) }
      return true
    }
    checker.finish()
    var violations = checker.violations
    if let kept, let difference {
      violations.append(
        Violation(
          law: .replayEqualsLive, session: .none, sequence: kept.position,
          because: "the checkpoint kept here is not what the events before it add up to: "
            + "\(difference.table), row \(difference.row)"))
    }
    var sessions = 0
    state.sessions.forEach { if $1.exists { sessions += 1 } }
    var findings: [Diagnosis.Finding] = []
    for violation in Violation.attributed(violations) { findings.append(try finding(violation)) }
    findings.sort { $0.sequence < $1.sequence }
    try checkDamage()
    return Diagnosis(events: checker.events, sessions: sessions, findings: findings)
  }

  private func finding(_ violation: Violation) throws(WakelogError) -> Diagnosis.Finding {
    let event = try event(violation.sequence)
    return Diagnosis.Finding(
      law: violation.law, session: text(violation.session), sequence: violation.sequence,
      since: event?.at ?? Instant(nanoseconds: 0), count: violation.count,
      because: violation.because, incident: violation.incident)
  }

  /// How often in a row a policy lets an id fail without a turn, at the most.
  private func suspectLimit(of adopted: PolicyAdopted) -> UInt32 {
    guard let text = text(adopted.policy), let json = try? JSONParser.parse(text),
      let policy = try? Policy(recorded: json)
    else { return 0 }
    let rules = [policy.rules] + policy.overrides.map(\.rules)
    return UInt32(clamping: rules.map(\.fallback.suspectLimit).max() ?? 0)
  }
}

extension Diagnosis {
  /// The diagnosis as PROTOCOL shows it.
  public var json: JSONValue {
    let violations = findings.map { finding -> JSONValue in
      [
        "law": .string(finding.law.rawValue),
        "session": finding.session.map { .string($0) } ?? .null,
        "seq": .integer(Int64(clamping: finding.sequence.value)),
        "count": .integer(Int64(finding.count)),
        "since": .string(finding.since.description),
        "because": .string(finding.because),
        "incident": finding.incident.map { .string($0) } ?? .null,
      ]
    }
    return [
      "events": .integer(Int64(clamping: events)), "sessions": .integer(Int64(sessions)),
      "violations": .array(violations),
    ]
  }
}
