internal import WakelogModel
internal import WakelogTesting

// What attempts came to, as far as they were made here too.

extension Counterfactual {
  /// The open run here that stands for one of the record, if the attempt stands for its attempt.
  private func openRun(_ attempt: SequenceNumber, _ fact: OutsideFact) -> RunRow? {
    guard let run = state.openRun(of: fact.session), run.run == wakes[fact.run] ?? .none else {
      return nil
    }
    let there =
      attempt.exists
      ? attempt
      : recorded.places[fact.run]?.last
        .map { recorded.attempts[$0].number } ?? .none
    return twins[there] == run.attempt ? run : nil
  }

  mutating func takeProgress(_ progress: AttemptProgressed, _ fact: OutsideFact) {
    guard let run = openRun(progress.attempt, fact) else { return }
    var command = ProgressCommand(
      session: fact.session, fence: FenceClaim(run: run.run, digest: run.fence),
      attempt: run.attempt)
    command.reported = progress.reported
    command.entered = progress.flags.contains(.entered)
    command.process = progress.process
    give(.progress(command), at: fact.at)
  }

  mutating func takeFinish(_ finish: AttemptFinished, _ fact: OutsideFact) {
    let place = recorded.places[fact.run]?.last {
      !finish.attempt.exists || recorded.attempts[$0].number == finish.attempt
    }
    if let run = openRun(finish.attempt, fact) {
      let isOutside = place.map { recorded.attempts[$0].isOutside } ?? false
      give(.finish(command(finish, run, isRecordedOutside: isOutside)), at: fact.at)
    }
    // It is over there: no later attempt here can be that one.
    if let place { isTaken[place] = true }
  }

  /// The call that a finished attempt came from.
  func command(
    _ finish: AttemptFinished, _ run: RunRow, isRecordedOutside: Bool
  ) -> FinishCommand {
    var traces = Traces(
      exitCode: finish.exitCode.map { Int64($0) }, signal: finish.signal.map { Int64($0) },
      stdout: finish.flags.contains(.hadOutput) ? "output" : "",
      status: finish.status.map { Int64($0) }, turns: finish.turns.map { Int64($0) })
    traces.resuming = run.mode == .resume
    var command = FinishCommand(
      session: run.session, fence: FenceClaim(run: run.run, digest: run.fence),
      attempt: run.attempt, request: finish.request, traces: traces)
    var kind = finish.failure
    // Said of where it ran; whether it runs outside here is decided anew.
    if isRecordedOutside, kind == .wrongWorkspace { kind = .unknownSession }
    command.classification = Classification(
      kind: kind, because: context.text(of: finish.because),
      outcome: finish.outcome.flatMap { ReportedOutcome(rawValue: $0.name) }
        ?? (kind == nil ? .succeeded : .interrupted))
    command.reported = finish.reported
    command.display = finish.display
    command.params = finish.params
    command.errorCode = finish.errorCode
    if finish.flags.contains(.resumed) { command.resumed = true }
    if finish.flags.contains(.startedCold) { command.resumed = false }
    command.inputTokens = finish.inputTokens
    command.cachedTokens = finish.cachedTokens
    command.totals = finish.totals
    command.isCounted = true
    command.outputTokens = finish.outputTokens
    command.costMicros = finish.costMicros
    command.retryAfterSeconds =
      finish.retryAfterPlusOne == 0 ? nil : finish.retryAfterPlusOne - 1
    return command
  }

  mutating func takeFlush(_ flushed: TranscriptFlushed, _ fact: OutsideFact) {
    guard let number = wakes[fact.run] else { return }
    let open = state.openRun(of: fact.session)
    let digest = open?.run == number ? open?.fence ?? .none : .none
    let fence = FenceClaim(run: number, digest: digest)
    let decided = give(
      .flush(session: fact.session, fence: fence, from: flushed.from, to: flushed.to),
      at: fact.at)
    // Told where its transcript ends, a host writes from there.
    guard case .failure(.cursor(let cursor)) = decided.answer, flushed.to >= flushed.from else {
      return
    }
    give(
      .flush(
        session: fact.session, fence: fence, from: cursor,
        to: cursor + (flushed.to - flushed.from)), at: fact.at)
  }

  mutating func takeRejected(_ rejected: WriteRejected, _ fact: OutsideFact) {
    if rejected.method == .finish, let twin = twins[rejected.attempt],
      let run = state.openRun(of: fact.session), run.attempt == twin,
      let place = recorded.place(of: rejected.attempt)
    {
      // The run that the record had ended is open here: its end is no late one.
      let attempt = recorded.attempts[place]
      var start = AttemptStarted()
      start.identity = attempt.asked
      start.workspace = attempt.workspace
      var finish = world.answer(
        start, fact.session, run.provider, at: fact.at.nanoseconds
      ).finish
      finish.reported = rejected.reported.or(finish.reported)
      give(.finish(command(finish, run, isRecordedOutside: false)), at: fact.at)
      return
    }
    var told = rejected
    if recorded.place(of: rejected.attempt) != nil {
      told.attempt = twins[rejected.attempt] ?? .none
    }
    tell(.writeRejected(told), fact)
  }
}
