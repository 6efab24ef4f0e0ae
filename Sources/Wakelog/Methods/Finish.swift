public import WakelogModel
import WakelogStore

extension FinishRequest {
  /// What the call says of the attempt, its texts cut to what is kept of them and their JSON read.
  public var traces: Traces {
    var traces = EvidenceText(message: message, stderr: stderr, stdout: stdout).traces
    traces.exitCode = exitCode.map { Int64($0) }
    traces.status = status.map { Int64($0) }
    traces.errorCode = errorCode
    traces.turns = turns.map { Int64($0) }
    traces.outcome = outcome
    switch signal {
    case .number(let number)?: traces.signal = Int64(number)
    case .name(let name)?: traces.signalName = name
    case nil: break
    }
    traces.readStructure { try? JSONParser.parse($0) }
    return traces
  }
}

extension FinishRequest: Executable {
  var writes: Bool { true }
  var isTold: Bool { true }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> FinishView {
    let claimed = try core.claim(fence)
    let names = core.names
    let provider = core.providerOfRun(claimed.session)
    let reading = call.reading(of: self)
    var command = FinishCommand(
      session: claimed.session, fence: claimed.claim, attempt: SequenceNumber(attempt),
      request: call.digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }, traces: reading.traces)
    command.reported = sessionId.map { core.identity($0, provider) } ?? .none
    command.display = names.symbol(displayId, Space.Display.self)
    command.params = names.symbol(
      params.map { JSONValue.object($0).text }, Space.Params.self)
    command.errorCode = names.symbol(errorCode, Space.ErrorCode.self)
    command.resumed = resumed
    command.inputTokens = usage?.inputTokens ?? 0
    command.cachedTokens = usage?.cachedTokens ?? 0
    command.totals = usage?.totals ?? []
    command.outputTokens = usage?.outputTokens ?? 0
    command.costMicros = usage?.costMicros ?? 0
    command.retryAfterSeconds = retryAfterSeconds
    let done = try core.execute(.finish(command), at: call.at, evidence: reading.evidence)
    if case .duplicateFinish = done.answer {
      return try FinishView(
        core, try core.eventsSinceLastFinish(claimed.session), claimed.session,
        isDuplicate: true)
    }
    return try FinishView(core, done.events, claimed.session)
  }
}

extension Usage {
  /// The counts that are totals and were given.
  fileprivate var totals: UsageTotals {
    guard let total else { return [] }
    var totals: UsageTotals = []
    if total.contains(.inputTokens), inputTokens != nil { totals.insert(.inputTokens) }
    if total.contains(.cachedTokens), cachedTokens != nil { totals.insert(.cachedTokens) }
    if total.contains(.outputTokens), outputTokens != nil { totals.insert(.outputTokens) }
    if total.contains(.costMicros), costMicros != nil { totals.insert(.costMicros) }
    return totals
  }
}

extension ProgressRequest: Executable {
  var writes: Bool { true }

  func execute(_ call: Call, on core: Core) throws(WakelogError) -> LeaseView {
    let claimed = try core.claim(fence)
    var command = ProgressCommand(
      session: claimed.session, fence: claimed.claim, attempt: SequenceNumber(attempt))
    let provider = core.providerOfRun(claimed.session)
    command.reported = sessionId.map { core.identity($0, provider) } ?? .none
    command.entered = entered
    if let pid { command.process = ProcessMark(local: pid) }
    let done = try core.execute(.progress(command), at: call.at)
    guard case .leaseUntil(let until) = done.answer else { return LeaseView(until: nil) }
    return LeaseView(until: until, offsetMinutes: call.at.offsetMinutes)
  }
}

/// What `progress` gives.
struct LeaseView: ObjectResult {
  var until: Int64?
  var offsetMinutes: Int16 = 0

  func show<Sink: Members>(in view: inout Sink) {
    if let until { view.add("leaseUntil", time: until, offsetMinutes) }
  }
}

extension Core {
  /// The name of the provider that a key's open run runs with, else of its last.
  func providerOfRun(_ session: SessionSymbol) -> String {
    let provider = state.openRun(of: session)?.provider ?? state.sessions[session.number].provider
    return names.text(provider) ?? ""
  }

  /// The fingerprint that a run's wakes gave, whether the run is open or not.
  fileprivate func fingerprint(
    ofRun run: SequenceNumber, _ session: SessionSymbol
  ) throws(WakelogError) -> FingerprintSymbol {
    if let open = state.openRun(of: session), open.run == run { return open.fingerprint }
    var found = FingerprintSymbol.none
    for case .wakeRequested(let wake) in try events(ofRun: run).map(\.body) {
      found = wake.fingerprint.or(found)
    }
    return found
  }

  /// A key's events from the last end of an attempt on.
  func eventsSinceLastFinish(_ session: SessionSymbol) throws(WakelogError) -> [Event] {
    let row = state.sessions[session.number]
    var found: [Event] = []
    try walkBack(from: row.head) { event in
      if event.sequence < row.lastFinish { return false }
      found.append(event)
      return true
    }
    return found.reversed()
  }
}

/// What `finish` gives, from the events that begin with the attempt's end.
struct FinishView: ObjectResult {
  private let core: Core
  private let session: SessionSymbol
  private let run: SequenceNumber
  private let finished: AttemptFinished
  private let next: (attempt: SequenceNumber, plan: PlanView?)?
  private let isDuplicate: Bool

  init(
    _ core: Core, _ events: [Event], _ session: SessionSymbol, isDuplicate: Bool = false
  ) throws(WakelogError) {
    guard let end = events.first(where: { $0.body.kind == .attemptFinished }),
      case .attemptFinished(let finished) = end.body
    else { throw WakelogError(.corrupt, "the end of the attempt is not in the log; run verify") }
    self.core = core
    self.session = session
    self.finished = finished
    self.isDuplicate = isDuplicate
    run = end.run
    let start = events.first {
      $0.body.kind == .attemptStarted && $0.session == session && $0.run == end.run
    }
    if let start {
      let fingerprint = try core.fingerprint(ofRun: end.run, session)
      next = (start.sequence, PlanView(core, start, fingerprint: fingerprint))
    } else {
      next = nil
    }
  }

  func show<Sink: Members>(in view: inout Sink) {
    view.add("run", run)
    view.add("attempt", finished.attempt)
    view.add("outcome", finished.outcome)
    view.add("failure", finished.failure, because: core.names.text(finished.because))
    view.add("settled", next == nil)
    if let next {
      view.add("next") { start in
        start.add("attempt", next.attempt)
        start.add("plan", next.plan)
      }
    } else {
      view.addNull("next")
    }
    view.add("session", SessionView(core, session))
    view.add("pending", core.state.sessions[session.number].pending != 0)
    if isDuplicate { view.add("duplicate", true) }
  }
}

/// The texts of a `finish`, cut to their limit: what is kept and what is classified is the same.
struct EvidenceText {
  private let texts: ProgramTexts

  /// Cuts the texts, unless whoever sent them did.
  init(message: String?, stderr: String?, stdout: String?) {
    texts = ProgramTexts(message: message, stderr: stderr, stdout: stdout)
  }

  /// The texts as traces.
  var traces: Traces {
    Traces(
      stdout: texts.stdout ?? "", stderr: texts.stderr ?? "", message: texts.message ?? "")
  }

  /// The texts as evidence: a JSON object that says which were cut; nil when there are none.
  var bytes: [UInt8]? {
    var object = JSONObject()
    for (name, text) in [
      ("message", texts.message), ("stderr", texts.stderr), ("stdout", texts.stdout),
    ] {
      guard let text, !text.isEmpty else { continue }
      object.add(name, .string(text))
      if ProgramText.isCut(text) { object.add("\(name)Cut", true) }
    }
    return object.members.isEmpty ? nil : JSONValue.object(object).bytes
  }
}
