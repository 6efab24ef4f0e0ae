internal import Wakelog
internal import WakelogModel

extension Demo {
  /// Plays a host as it was: lets its rules decide, and writes down what a log would say.
  struct PastPlayer: Player {
    var host: any HostAsItWas
    var log: PastLog
    var script = Script()
    var open: [String: Open] = [:]
    var stored: [String: JSONValue] = [:]

    /// A run that has not ended.
    struct Open {
      var run: UInt64
      var wake: Wake
      var ended: [PastAttempt] = []
      var choice: Choice
    }

    /// A host that goes on with a log that other hosts have written to.
    init(_ host: any HostAsItWas, _ log: PastLog) {
      self.host = host
      self.log = log
    }

    mutating func wake(_ wake: Wake) throws -> Attempt? {
      log.fact = wake.index
      let run = log.append(Fact(at: wake.at, deed: .wake(wake), line: wake.line))
      let history = host.history(wake)
      let choice = host.choose(wake)
      if let reset = choice.reset {
        log.reset(
          wake.session, reset, previous: stored[wake.session], at: wake.at)
        script.add(wake.index, "reset", Words.reset(reset, wake))
      }
      log.append(
        .runStarted, at: wake.at, session: wake.session, run: run,
        [("wake", .integer(Int64(run))), ("host", wake.host.map { .string($0) })])
      open[wake.session] = Open(run: run, wake: wake, choice: choice)
      if let history, choice.resume != nil {
        script.add(
          wake.index, "history", "\(history) messages of this conversation are loaded",
          history == 0 ? .bad : .plain)
      }
      return begin(wake, choice, ordinal: 1, at: wake.at)
    }

    private mutating func begin(
      _ wake: Wake, _ choice: Choice, ordinal: Int, at: Instant
    ) -> Attempt {
      let number = log.append(
        .attemptStarted, at: at, session: wake.session, run: open[wake.session]?.run,
        [
          ("ordinal", .integer(Int64(ordinal))),
          ("mode", choice.resume == nil ? "fresh" : "resume"),
          ("from", choice.resume == nil ? nil : "bound"),
          ("workspaceKind", choice.workspace.map { .string($0.kind.name) }),
          ("workspace", choice.workspace.map { .string($0.path) }),
          ("identity", choice.resume.map { identity($0, wake) }),
        ])
      open[wake.session]?.choice = choice
      return Attempt(
        wake: wake, resume: choice.resume, workspace: choice.workspace, startedAt: at,
        ordinal: ordinal, isAfterReset: ordinal == 1 && choice.reset != nil, number: number)
    }

    mutating func end(_ attempt: Attempt, _ answer: Answer, at: Instant) throws -> Verdict {
      log.fact = attempt.wake.index
      guard var now = open[attempt.wake.session] else { throw Fault("an attempt without a run") }
      let judged = classify(Traces(attempt, answer))
      let ended = PastAttempt(
        choice: now.choice, answer: answer, failure: judged.kind,
        outcome: Outcome(name: judged.outcome.rawValue) ?? .failed, number: attempt.number)
      now.ended.append(ended)
      open[attempt.wake.session] = now
      let event = log.append(
        .attemptFinished, at: at, session: attempt.wake.session, run: now.run,
        fields(of: ended, attempt.wake))
      script.add(
        attempt.wake.index, Words.deed(attempt), Words.result(attempt, answer),
        answer.works ? .good : .bad, at: at, event: event)
      let hasWritten = flush(ended, attempt.wake, now.run, at)
      let run = PastRun(wake: attempt.wake, attempts: now.ended)
      if let choice = host.retry(run) {
        log.append(
          .fallbackTaken, at: at, session: attempt.wake.session, run: now.run,
          [
            ("from", .integer(Int64(attempt.number))), ("to", .integer(Int64(log.last + 2))),
            ("cause", "failure"), ("failure", judged.kind.map { .string($0.name) }),
          ])
        let next = begin(attempt.wake, choice, ordinal: attempt.ordinal + 1, at: at)
        return Verdict(next: next, hasWritten: hasWritten)
      }
      var verdict = close(run, host.settle(run), now.run, at)
      verdict.hasWritten = hasWritten
      return verdict
    }

    mutating func lose(_ attempt: Attempt, at: Instant) throws -> Verdict {
      log.fact = attempt.wake.index
      guard let now = open[attempt.wake.session] else { throw Fault("an attempt without a run") }
      let event = log.append(
        .attemptFinished, at: at, session: attempt.wake.session, run: now.run,
        [
          ("attempt", .integer(Int64(attempt.number))), ("outcome", "interrupted"),
          ("failure", "processLost"),
        ])
      script.add(
        attempt.wake.index, Words.deed(attempt), "killed by the restart while it was answering",
        .bad, at: at, event: event)
      let run = PastRun(wake: attempt.wake, attempts: now.ended)
      return close(run, host.lose(run), now.run, at)
    }

    mutating func witness(_ fact: Fact, index: Int) throws {
      log.fact = index
      switch fact.deed {
      case .wake: break
      case .reset(let session, let because):
        log.reset(
          session, .asked, because: because, previous: stored[session], at: fact.at)
        host.reset(session)
        script.add(index, "", "the chat gets a new session; the agent in memory stays")
      case .hostStarted(_, let version):
        log.append(fact)
        script.add(index, "", "starts \(version)")
      case .hostUpgraded(_, let to, let step, let detail):
        log.append(fact)
        script.add(
          index, "",
          step == .staged
            ? "installs \(to) over the running version" : "finds out: \(detail ?? "")",
          step == .failed ? .bad : .plain)
      case .note(let by, _):
        log.append(fact)
        if by.hasPrefix("pr-") { host.patch() }
      }
    }
  }
}
