public import Wakelog
public import WakelogModel

/// What happened to one session key, as marks in order of the log.
public struct Timeline: Sendable {
  /// One thing that happened.
  public struct Mark: Sendable {
    /// What it was.
    public enum What: Sendable, Equatable {
      /// Somebody or something asked for a run.
      case wake(Source?)
      /// A wake started nothing by itself: `coalesced`, `deferred`, `refused`, `cancelled`.
      case disposed(String)
      /// An attempt began; a later one of its run is a fallback.
      case began(mode: Mode?, isFallback: Bool)
      /// An attempt ended.
      case ended(outcome: Outcome?, failure: FailureKind?)
      /// The key was pointed to an id.
      case bound
      /// An id was given up.
      case condemned
      /// The key was reset.
      case reset(ResetCause?)
      /// A write changed nothing.
      case rejected
    }

    /// The event.
    public var sequence: SequenceNumber
    /// When it was.
    public var at: Instant
    /// The run it belongs to.
    public var run: SequenceNumber
    /// What it was.
    public var what: What
    /// The provider session concerned: of a fresh attempt the one it reported in the end.
    public var id: String?
  }

  /// The session key.
  public var session: String
  /// The marks.
  public var marks: [Mark] = []
  /// The ids that are condemned by now.
  public var dead: Set<String> = []

  /// Which runs are wanted.
  public struct Filter: Sendable {
    /// Not before this moment.
    public var since: Instant?
    /// Not after this moment.
    public var until: Instant?
    /// Runs that ended so.
    public var outcome: Outcome?
    /// Runs with a failure of this family, in any attempt.
    public var family: FailureFamily?
    /// So many of the latest runs.
    public var limit: Int?

    /// Every run.
    public init() {}
  }
}

extension IncidentLog {
  /// What happened to a session key, of the runs that a filter lets through.
  public func timeline(
    of session: SessionSymbol, _ filter: Timeline.Filter = Timeline.Filter()
  ) throws(WakelogError) -> Timeline {
    let state = try state()
    guard state.sessions[session.number].exists else {
      throw WakelogError(
        .notFound, "there is no session with this key; list them with `sessions`",
        field: "session")
    }
    var reader = TimelineReader()
    for event in try stream(of: session) { reader.take(event, self) }
    var timeline = Timeline(session: text(session) ?? "")
    timeline.marks = reader.marks(filter)
    for mark in timeline.marks {
      guard let id = mark.id, let symbol = reader.symbols[id] else { continue }
      if state.identities[symbol.number].condemned != nil { timeline.dead.insert(id) }
    }
    return timeline
  }
}

/// Gathers marks while the events of a key pass.
private struct TimelineReader {
  private var all: [Timeline.Mark] = []
  private var beginnings: [UInt64: Int] = [:]
  private var outcomes: [UInt64: Outcome] = [:]
  private var families: [UInt64: Set<FailureFamily>] = [:]
  private(set) var symbols: [String: IdentitySymbol] = [:]

  mutating func take(_ event: Event, _ log: IncidentLog) {
    switch event.body {
    case .wakeRequested(let wake): add(.wake(wake.source), event, nil)
    case .wakeCoalesced: add(.disposed("coalesced"), event, nil)
    case .wakeDeferred: add(.disposed("deferred"), event, nil)
    case .wakeRefused: add(.disposed("refused"), event, nil)
    case .wakeCancelled: add(.disposed("cancelled"), event, nil)
    case .attemptStarted(let start):
      beginnings[event.sequence.value] = all.count
      add(
        .began(mode: start.mode, isFallback: start.ordinal > 1), event, name(start.identity, log))
    case .attemptFinished(let finish):
      let began = beginnings[finish.attempt.value]
      let id = name(finish.reported, log) ?? began.flatMap { all[$0].id }
      if let began, all[began].id == nil { all[began].id = id }
      if let failure = finish.failure {
        families[event.run.value, default: []].insert(failure.family)
      }
      add(
        .ended(outcome: finish.outcome, failure: finish.failure), event,
        began.flatMap { all[$0].id } ?? id)
    case .sessionBound(let bound): add(.bound, event, name(bound.identity, log))
    case .sessionCondemned(let dead): add(.condemned, event, name(dead.identity, log))
    case .sessionReset(let reset): add(.reset(reset.cause), event, nil)
    case .writeRejected(let rejected): add(.rejected, event, name(rejected.reported, log))
    case .runFinished(let finish): end(finish, event)
    default: break
    }
  }

  private mutating func end(_ finish: RunFinished, _ event: Event) {
    outcomes[event.run.value] = finish.outcome
    if let failure = finish.failure {
      families[event.run.value, default: []].insert(failure.family)
    }
    // An attempt that never ended itself ended with its run.
    guard let began = all.lastIndex(where: { $0.run == event.run && $0.isBeginning }),
      !all[began...].contains(where: { $0.run == event.run && $0.isEnd })
    else { return }
    add(.ended(outcome: finish.outcome, failure: finish.failure), event, all[began].id)
  }

  private mutating func name(_ symbol: IdentitySymbol, _ log: IncidentLog) -> String? {
    guard let id = log.text(symbol) else { return nil }
    symbols[id] = symbol
    return id
  }

  private mutating func add(_ what: Timeline.Mark.What, _ event: Event, _ id: String?) {
    all.append(
      Timeline.Mark(sequence: event.sequence, at: event.at, run: event.run, what: what, id: id))
  }

  func marks(_ filter: Timeline.Filter) -> [Timeline.Mark] {
    var found = all.filter { mark in
      if let since = filter.since, mark.at < since { return false }
      if let until = filter.until, until < mark.at { return false }
      let run = mark.run.value
      if let outcome = filter.outcome, outcomes[run] != outcome { return false }
      if let family = filter.family, families[run]?.contains(family) != true { return false }
      return true
    }
    if let limit = filter.limit {
      var runs: Set<UInt64> = []
      let start = found.lastIndex { mark in
        if mark.isBeginning { runs.insert(mark.run.value) }
        return runs.count > limit
      }
      if let start { found.removeSubrange(...start) }
    }
    return found
  }
}

extension Timeline.Mark {
  fileprivate var isBeginning: Bool { if case .began = what { true } else { false } }
  fileprivate var isEnd: Bool { if case .ended = what { true } else { false } }

  /// The name of what it was.
  public var name: String {
    switch what {
    case .wake: "wake"
    case .disposed(let word): word
    case .began(_, let isFallback): isFallback ? "fallback" : "attempt"
    case .ended: "ended"
    case .bound: "bound"
    case .condemned: "condemned"
    case .reset: "reset"
    case .rejected: "rejected"
    }
  }

  /// The mark as an object.
  public var json: JSONValue {
    var object = JSONObject()
    object["seq"] = .integer(Int64(clamping: sequence.value))
    object["at"] = .string(at.description)
    object["run"] = run.exists ? .integer(Int64(clamping: run.value)) : .null
    object["what"] = .string(name)
    object["sessionId"] = id.map { .string($0) } ?? .null
    switch what {
    case .wake(let source): object["source"] = source.map { .string($0.name) } ?? .null
    case .began(let mode, _): object["mode"] = mode.map { .string($0.name) } ?? .null
    case .ended(let outcome, let failure):
      object["outcome"] = outcome.map { .string($0.name) } ?? .null
      object["failure"] = failure.map { .string($0.name) } ?? .null
    case .reset(let cause): object["because"] = cause.map { .string($0.name) } ?? .null
    default: break
    }
    return .object(object)
  }
}
