internal import WakelogModel

/// Tells a record's facts as steps.
struct StepReader {
  private let symbols: SymbolTable
  private(set) var steps: [Step] = []
  /// The event that each step was told by; a clock's is that of the step after it.
  private(set) var sequences: [SequenceNumber] = []
  private var names: [SequenceNumber: Step.RunName] = [:]
  private var time = ""

  init(_ facts: [OutsideFact], _ symbols: SymbolTable) {
    self.symbols = symbols
    for fact in facts {
      guard let deed = deed(fact) else { continue }
      let now = fact.at.description
      if now != time { add(.clock(now), fact) }
      time = now
      if case .wake = fact.deed { names[fact.sequence] = steps.count + 1 }
      add(deed, fact)
    }
  }

  private mutating func add(_ deed: Step.Deed, _ fact: OutsideFact) {
    steps.append(Step(name: steps.count + 1, deed: deed))
    sequences.append(fact.sequence)
  }

  private func deed(_ fact: OutsideFact) -> Step.Deed? {
    let key = symbols.text(fact.session) ?? ""
    switch fact.deed {
    case .wake(let wake, let missing, _): return .wake(self.wake(wake, missing, key))
    case .next(let start, _, _): return start == nil ? nil : .next(key)
    case .progress(let progress):
      return names[fact.run].map {
        .progress(
          run: $0, sessionId: symbols.text(progress.reported),
          entered: progress.flags.contains(.entered))
      }
    case .finish(let finish): return names[fact.run].map { .finish(run: $0, end(finish)) }
    case .flush(let flushed):
      return names[fact.run].map { .flush(run: $0, from: flushed.from, to: flushed.to) }
    case .cancel: return .cancel(key)
    case .reset(let reset): return .reset(key, because: symbols.text(reset.because))
    case .abandon: return names[fact.run].map { .abandon(run: $0) }
    case .probe(let observed):
      return symbols.text(observed.identity).map {
        .probe(key, sessionId: $0, exists: observed.seen == .present)
      }
    case .host(let started):
      return .host(symbols.text(started.host) ?? "", version: symbols.text(started.version))
    case .upgrade(let upgraded):
      return upgraded.step.map {
        .upgrade(
          symbols.text(upgraded.host) ?? "", to: symbols.text(upgraded.to) ?? "", $0)
      }
    case .pause(let agent, let isPaused):
      return .pause(symbols.text(agent.agent) ?? "", isPaused: isPaused)
    case .note(let note):
      return .note(by: symbols.text(note.by) ?? "", text: symbols.text(note.text) ?? "")
    // Nothing that a host does: a story that needs it is told by its events.
    case .repair, .adopt, .redact, .forget, .endImported, .rejected, .found: return nil
    }
  }

  private func wake(
    _ told: WakeRequested, _ missing: [IdentitySymbol], _ key: String
  ) -> Step.Wake {
    var wake = Step.Wake()
    wake.session = key
    wake.agent = symbols.text(told.agent) ?? ""
    wake.provider = symbols.text(told.provider) ?? ""
    wake.source = told.source ?? .event
    wake.reason = symbols.text(told.reason)
    wake.scope = symbols.text(told.scope)
    wake.workspace = symbols.text(told.workspace)
    wake.kind = told.workspaceKind
    wake.forceFresh = told.flags.contains(.forceFresh)
    if told.flags.contains(.keepGiven) { wake.keep = told.flags.contains(.keep) }
    wake.resume = symbols.text(told.resume)
    if told.fingerprint.exists {
      wake.fingerprint = NamedContext(symbols).fingerprint(told.fingerprint)
    }
    wake.transcript = told.transcript.map { $0 == .present }
    wake.missing = missing.compactMap { symbols.text($0) }
    wake.resumable = !told.flags.contains(.leavesNoSession)
    if told.leasePlusOne > 0 { wake.lease = told.leasePlusOne - 1 }
    wake.host = symbols.text(told.host)
    wake.hasPayload = told.flags.contains(.hasPayload)
    return wake
  }

  private func end(_ finish: AttemptFinished) -> Step.End {
    var end = Step.End()
    end.failure = finish.failure
    end.outcome = finish.outcome
    end.exitCode = finish.exitCode
    end.sessionId = symbols.text(finish.reported)
    end.turns = finish.turns
    if finish.turns == nil, finish.flags.contains(.entered) { end.turns = 1 }
    end.hadOutput = finish.flags.contains(.hadOutput) && finish.failure == nil
    if finish.flags.contains(.resumed) { end.resumed = true }
    if finish.flags.contains(.startedCold) { end.resumed = false }
    end.inputTokens = finish.freshTokens
    if finish.retryAfterPlusOne > 0 { end.retryAfterSeconds = finish.retryAfterPlusOne - 1 }
    return end
  }
}
