import WakelogModel

extension Core {
  /// A run as PROTOCOL shows it, from its key's stream.
  ///
  /// The first look at a key goes back from its last event to the run's first, and is remembered.
  func runView(_ run: SequenceNumber) throws(WakelogError) -> JSONObject {
    try requireNotArchived(run)
    let events = try events(ofRun: run)
    guard let first = events.first else {
      throw WakelogError(.notFound, "no run has this number; list them with `events`")
    }
    var view = RunParts()
    for event in events { view.take(event, self) }
    var object = JSONObject()
    object.add("run", .position(run))
    object.add("session", .text(names.text(first.session)))
    object.add("outcome", .word(view.outcome))
    object.add("source", .word(view.source))
    object.add("reason", .text(view.reasons.isEmpty ? nil : view.reasons.joined(separator: ", ")))
    object.add("host", .text(names.text(view.host)))
    object.add("attempts", .array(view.attempts.map { .object($0) }))
    object.add("fallbacks", .array(view.fallbacks))
    object.add("trace", .text(view.trace.exists ? view.trace.text : nil))
    object.add("payloads", .array(try payloads(of: events).map(\.json)))
    object.add("pid", view.process.exists ? .count(view.process.pid) : .null)
    object.add("alive", .bool(view.process.isAlive))
    return object
  }

  /// The events of a run in order, the wakes that asked for it included; none if it never was.
  func events(ofRun run: SequenceNumber) throws(WakelogError) -> [Event] {
    guard let wake = try event(run), case .wakeRequested = wake.body else { return [] }
    var found: [Event] = []
    var wakes: Set<UInt64> = [run.value]
    for event in try events(of: wake.session, from: run, throughRun: run).reversed() {
      if case .wakeDeferred(let deferred) = event.body, event.run == run {
        wakes.insert(deferred.wake.value)
      }
      if case .runStarted(let started) = event.body, event.run == run {
        wakes.insert(started.wake.value)
      }
      if event.run == run || wakes.contains(event.sequence.value) { found.append(event) }
    }
    let didStart = found.contains { $0.body.kind == .runStarted }
    return didStart ? found.reversed() : []
  }

  /// A key's events from one up to the end of a run, or to the last where it is open.
  private func events(
    of session: SessionSymbol, from first: SequenceNumber, throughRun run: SequenceNumber
  ) throws(WakelogError) -> [Event] {
    let stream = try stream(of: session, downTo: first.value)
    let last = state.sessions[session.number].head.value
    var found: [Event] = []
    var next = first.value
    while next <= last {
      // Most runs have fewer events.
      let positions = stream.positions(next...last, atMost: 32)
      for position in positions {
        guard let event = try event(position) else { return found }
        found.append(event)
        if event.run == run, event.body.kind == .runFinished { return found }
      }
      guard let end = positions.last else { return found }
      next = end.value + 1
    }
    return found
  }
}

/// What is gathered of a run while its events pass.
private struct RunParts {
  var outcome: Outcome?
  var source: Source?
  var reasons: [String] = []
  var host = HostSymbol.none
  var attempts: [JSONObject] = []
  var fallbacks: [JSONValue] = []
  var trace = TraceParent.none
  /// The process that `progress` named last.
  var process = ProcessMark.none

  mutating func take(_ event: Event, _ core: Core) {
    switch event.body {
    case .wakeRequested(let wake):
      if source != .message { source = wake.source }
      if wake.trace.exists { trace = wake.trace }
      if let reason = core.names.text(wake.reason), !reasons.contains(reason) {
        reasons.append(reason)
      }
    case .runStarted(let started): host = started.host
    case .attemptStarted(let started): begin(started, event, core)
    case .attemptProgressed(let progress):
      if progress.process.exists { process = progress.process }
      if progress.flags.contains(.entered), progress.reported.exists, !attempts.isEmpty {
        attempts[attempts.count - 1]["reported"] = core.sessionId(progress.reported)
      }
    case .attemptFinished(let finished): end(finished, event, core)
    case .fallbackTaken(let fallback):
      let cause = fallback.cause == .failure ? fallback.failure?.name : fallback.cause?.name
      fallbacks.append([
        "from": .position(fallback.from), "to": .position(fallback.to), "cause": .text(cause),
      ])
    case .runFinished(let finished):
      outcome = finished.outcome
      // An attempt that never ended itself ended with its run.
      if var last = attempts.last, last["outcome"]?.isNull == true {
        last["outcome"] = .word(finished.outcome)
        last["failure"] = .failure(
          finished.failure, because: core.names.text(finished.because))
        last["endedAt"] = .string(event.at.description)
        attempts[attempts.count - 1] = last
      }
    default: break
    }
  }

  private mutating func begin(_ started: AttemptStarted, _ event: Event, _ core: Core) {
    var attempt = JSONObject()
    attempt.add("attempt", .position(event.sequence))
    attempt.add("mode", .word(started.mode))
    attempt.add("asked", core.sessionId(started.identity))
    attempt.add("reported", .null)
    attempt.add("outcome", .null)
    attempt.add("failure", .null)
    attempt.add("usage", .null)
    attempt.add("startedAt", .string(event.at.description))
    attempt.add("endedAt", .null)
    attempts.append(attempt)
  }

  private mutating func end(_ finished: AttemptFinished, _ event: Event, _ core: Core) {
    guard var attempt = attempts.last else { return }
    if finished.reported.exists { attempt["reported"] = core.sessionId(finished.reported) }
    attempt["outcome"] = .word(finished.outcome)
    attempt["failure"] = .failure(
      finished.failure, because: core.names.text(finished.because))
    if finished.inputTokens != 0 || finished.outputTokens != 0 || finished.costMicros != 0
      || finished.cachedTokens != 0 || !finished.totals.isEmpty
    {
      attempt["usage"] = [
        "inputTokens": .count(finished.inputTokens),
        "cachedTokens": .count(finished.cachedTokens),
        "outputTokens": .count(finished.outputTokens),
        "costMicros": .count(finished.costMicros),
      ]
    }
    attempt["endedAt"] = .string(event.at.description)
    attempts[attempts.count - 1] = attempt
  }
}
