internal import WakelogModel
internal import WakelogTesting

extension Demo {
  /// Plays a host as it was: its rules decide in a world of their own, whose log says what the
  /// host's would have said.
  struct PastPlayer: Player {
    let host: any HostAsItWas
    let world: WakelogTesting.World
    var script = Script()
    /// The fact that each event answers to.
    private(set) var owners: [Int] = []
    /// How many events other hosts have written before.
    private let offset: UInt64
    /// The open run of each key.
    private var runs: [String: Int] = [:]
    /// The messages that the agent in memory has written, by key.
    private var written: [String: UInt64] = [:]
    /// The keys whose conversation is routed to the session that is written to.
    private var routed: Set<String> = []

    /// A host that goes on with a log that other hosts have written to.
    init(_ rules: AsItWas, policy: String, after offset: UInt64) {
      host = rules.host
      world = WakelogTesting.World(policy: .builtIn(named: policy), rules: rules)
      self.offset = offset
    }

    mutating func wake(_ wake: Wake) throws -> Attempt? {
      let history = routed.contains(wake.session) ? written[wake.session] ?? 0 : 0
      world.now = wake.at
      let reply = world.wake(
        wake.session, agent: wake.agent, provider: wake.provider, source: wake.source,
        reason: wake.reason, scope: wake.scope, workspace: wake.workspace?.path,
        kind: wake.workspace?.kind ?? .project, transcript: wake.transcript,
        resumable: !wake.leavesNoSession, host: wake.host)
      own(wake.index)
      guard let plan = reply.plan else {
        script.add(wake.index, "", "\(reply.disposition.map { "\($0)" } ?? "refused")")
        return nil
      }
      runs[wake.session] = reply.run
      if let reset = plan.reset { script.add(wake.index, "reset", Words.reset(reset, wake)) }
      if !host.obeysResets, plan.sessionId != nil {
        script.add(
          wake.index, "history", "\(history) messages of this conversation are loaded",
          history == 0 ? .bad : .plain)
      }
      return attempt(wake, reply, ordinal: 1, at: wake.at)
    }

    mutating func end(_ attempt: Attempt, _ answer: Answer, at: Instant) throws -> Verdict {
      let wake = attempt.wake
      guard let run = runs[wake.session] else { throw Fault("an attempt without a run") }
      world.now = at
      let flushed = flush(attempt, answer, run)
      let reply = world.finish(attempt, answer, run)
      own(wake.index)
      script.add(
        wake.index, Words.deed(attempt), Words.result(attempt, answer),
        answer.works ? .good : .bad, at: at, event: number(reply.events.first))
      if let flushed {
        script.add(
          wake.index, "write",
          "messages \(flushed.range.lowerBound)..<\(flushed.range.upperBound) go to "
            + Words.short(answer.reported ?? ""), at: at, event: number(flushed.event))
      }
      var verdict = Verdict(hasWritten: flushed != nil)
      if reply.plan != nil {
        verdict.next = self.attempt(wake, reply, ordinal: attempt.ordinal + 1, at: at)
      } else {
        close(wake, reply.events, &verdict, at)
      }
      return verdict
    }

    mutating func lose(_ attempt: Attempt, at: Instant) throws -> Verdict {
      let wake = attempt.wake
      // The host's start ended the run.
      let events = world.events.filter { $0.run.value == UInt64(runs[wake.session] ?? 0) }
      let end = events.last { $0.body.kind == .attemptFinished }
      for event in events where event.sequence >= end?.sequence ?? .none {
        owners[Int(event.sequence.value) - 1] = wake.index
      }
      script.add(
        wake.index, Words.deed(attempt), "killed by the restart while it was answering", .bad,
        at: at, event: number(end))
      var verdict = Verdict()
      close(wake, events, &verdict, at)
      return verdict
    }

    mutating func witness(_ fact: Fact, index: Int) throws {
      world.now = fact.at
      switch fact.deed {
      case .wake: break
      case .reset(let session, let because):
        world.reset(session, because: because)
        routed.remove(session)
        script.add(index, "", "the chat gets a new session; the agent in memory stays")
      case .hostStarted(let name, let version):
        world.host(name, version: version)
        script.add(index, "", "starts \(version)")
      case .hostUpgraded(let name, let to, let step, let detail):
        world.upgrade(name, to: to, step: step, detail: detail)
        script.add(
          index, "",
          step == .staged
            ? "installs \(to) over the running version" : "finds out: \(detail ?? "")",
          step == .failed ? .bad : .plain)
      case .note(let by, let text): world.note(by: by, text: text)
      }
      own(index)
    }
  }
}

extension Demo.PastPlayer {
  /// Says whose the events are that have come since.
  private mutating func own(_ fact: Int) {
    while owners.count < world.events.count { owners.append(fact) }
  }

  private func number(_ event: Event?) -> UInt64? { event.map { $0.sequence.value + offset } }

  private func attempt(
    _ wake: Demo.Wake, _ reply: WakelogTesting.Reply, ordinal: Int, at: Instant
  ) -> Demo.Attempt {
    let plan = reply.plan
    var place: Demo.Place?
    if let path = plan?.workspace, let kind = plan?.workspaceKind {
      place = Demo.Place(path: path, kind: kind)
    }
    return Demo.Attempt(
      wake: wake, resume: plan?.sessionId, workspace: place, startedAt: at, ordinal: ordinal,
      isAfterReset: ordinal == 1 && plan?.reset != nil, number: UInt64(reply.attempt ?? 0))
  }

  /// Writes an attempt's messages to where the agent in memory writes.
  private mutating func flush(
    _ attempt: Demo.Attempt, _ answer: Demo.Answer, _ run: Int
  ) -> (range: Range<UInt64>, event: Event?)? {
    guard !host.obeysResets, answer.messages > 0, answer.reported != nil else { return nil }
    let session = attempt.wake.session
    let start = written[session] ?? 0
    if written[session] == nil { routed.insert(session) }
    written[session] = start + answer.messages
    let reply = world.flush(run: run, from: start, to: start + answer.messages)
    return (start..<start + answer.messages, reply.events.first)
  }

  /// Tells how a run ended.
  private mutating func close(
    _ wake: Demo.Wake, _ events: [Event], _ verdict: inout Demo.Verdict, _ at: Instant
  ) {
    guard let last = events.last(where: { $0.body.kind == .runFinished }),
      case .runFinished(let end) = last.body
    else { return }
    verdict.outcome = end.outcome
    verdict.failure = end.failure
    runs[wake.session] = nil
    script.add(
      wake.index, "", words(end, wake), end.outcome == .succeeded ? .plain : .bad, at: at,
      event: number(last))
    let failures = world.agent(wake.agent).agentFailures
    if end.outcome != .succeeded,
      let remark = host.answer(toFailuresInARow: failures, of: wake.agent)
    {
      world.note(by: wake.agent, text: remark)
      own(wake.index)
      script.add(wake.index, "", remark, .bad, at: at)
    }
  }

  private func words(_ end: RunFinished, _ wake: Demo.Wake) -> String {
    let blame = end.failure?.family == .agent ? ", and the agent is blamed" : ""
    let next = world.session(wake.session).bound.map {
      "the next wake resumes \(Demo.Words.short($0))"
    }
    return "run \(end.outcome?.name ?? "over")\(blame); \(next ?? "the next wake starts fresh")"
  }
}

extension WakelogTesting.World {
  /// Hands in what an attempt left.
  fileprivate func finish(
    _ attempt: Demo.Attempt, _ answer: Demo.Answer, _ run: Int
  ) -> WakelogTesting.Reply {
    let leaves = answer.leaves
    return finish(
      run: run, exitCode: leaves["exitCode"]?.integer,
      sessionId: answer.provisional ?? answer.reported, turns: leaves["turns"]?.integer,
      stderr: leaves["stderr"]?.string ?? "", stdout: leaves["stdout"]?.string ?? "",
      message: leaves["message"]?.string ?? "",
      outcome: leaves["outcome"]?.string.flatMap(ReportedOutcome.init(rawValue:)))
  }
}
