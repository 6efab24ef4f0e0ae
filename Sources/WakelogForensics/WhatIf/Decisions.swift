internal import WakelogModel

/// One decision of a log as it is compared: what was decided, whatever its number.
struct Resolution: Hashable {
  /// What kind.
  var kind: EventKind
  /// Of which id.
  var identity = IdentitySymbol.none
  /// Where an attempt runs.
  var workspace = WorkspaceSymbol.none
  /// The code of a cause or verdict.
  var cause: UInt8 = 0
  /// How a run ended.
  var outcome: Outcome?
  /// Why it failed.
  var failure: FailureKind?
}

/// A log's decisions, key by key.
///
/// Only what a host's own store tells too is compared, so that imported logs can be held against
/// replays: a binding that changes nothing is none.
struct DecisionReader {
  /// A decision with the event that tells it.
  struct Entry {
    var decision: Resolution
    var event: Event
  }

  /// The decisions of each key, in order.
  private(set) var entries: [SessionSymbol: [Entry]] = [:]
  /// How many.
  private(set) var count = 0
  private var bound: [SessionSymbol: IdentitySymbol] = [:]

  init(_ events: [Event]) {
    for event in events {
      guard let decision = read(event) else { continue }
      entries[event.session, default: []].append(Entry(decision: decision, event: event))
      count += 1
    }
  }

  private mutating func read(_ event: Event) -> Resolution? {
    guard let kind = event.body.kind else { return nil }
    var decided = Resolution(kind: kind)
    switch event.body {
    case .wakeCoalesced, .wakeDeferred: break
    case .wakeRefused(let refused): decided.cause = refused.because?.rawValue ?? 0
    case .attemptStarted(let start):
      decided.identity = start.identity
      decided.workspace = start.workspace
    case .runFinished(let finish):
      decided.outcome = finish.outcome
      decided.failure = finish.failure
    case .sessionBound(let found):
      guard bound[event.session] ?? .none != found.identity else { return nil }
      bound[event.session] = found.identity
      decided.identity = found.identity
    case .sessionCleared(let cleared):
      bound[event.session] = IdentitySymbol.none
      decided.identity = cleared.identity
    case .sessionCondemned(let condemned):
      guard condemned.cause != .imported else { return nil }
      decided.identity = condemned.identity
    case .sessionReset(let reset):
      bound[event.session] = IdentitySymbol.none
      guard reset.cause != .asked else { return nil }
      decided.cause = reset.cause?.rawValue ?? 0
    case .writeRejected(let rejected):
      guard rejected.because == .condemnedId || rejected.because == .beforeReset else {
        return nil
      }
      decided.identity = rejected.reported
    default: return nil
    }
    return decided
  }
}

extension Event {
  /// A decision in a few words.
  func decisionWords(_ names: Names) -> String {
    switch body {
    case .wakeCoalesced: "the wake adds nothing to the open run"
    case .wakeDeferred: "the wake waits"
    case .wakeRefused(let refused): "the wake is refused (\(refused.because?.name ?? "unknown"))"
    case .attemptStarted(let start):
      (start.identity.exists ? "resume \(names.short(start.identity))" : "start fresh")
        + (start.workspace.exists ? " in \(names.text(start.workspace))" : "")
    case .runFinished(let finish):
      "the run is \(finish.outcome?.name ?? "over")"
        + (finish.failure.map { " (\($0.name))" } ?? "")
    case .sessionBound(let bound): "bind \(names.short(bound.identity))"
    case .sessionCleared(let cleared): "unbind \(names.short(cleared.identity))"
    case .sessionCondemned(let condemned): "condemn \(names.short(condemned.identity))"
    case .sessionReset(let reset): "reset (\(reset.cause?.name ?? "unknown"))"
    case .writeRejected(let rejected):
      "refuse \(names.short(rejected.reported)) (\(rejected.because?.name ?? "unknown"))"
    default: kindName
    }
  }

  /// Why it was decided so, as far as the event says.
  func decisionReason(_ names: Names) -> String? {
    switch body {
    case .attemptStarted(let start):
      if let reset = start.reset { return "reset by \(reset.name)" }
      return start.considered.last.map {
        "\($0.from?.name ?? "") \(names.short($0.identity)) is \($0.verdict?.name ?? "unknown")"
      }
    case .runFinished(let finish):
      return finish.cause.map { "ended by \($0.name)" }
        ?? finish.failure.map { "its last attempt was \($0.name)" }
    case .sessionCondemned(let condemned): return condemned.failure?.name
    case .sessionCleared(let cleared): return cleared.because?.name
    default: return nil
    }
  }
}

/// Names for people.
struct Names {
  /// The strings.
  let symbols: SymbolTable

  func text<Space>(_ symbol: Symbol<Space>) -> String { symbols.text(symbol) ?? "" }

  /// The beginning of an id: enough to know it again, too little to use it.
  func short(_ identity: IdentitySymbol) -> String {
    let id = text(identity)
    return id.count <= 12 ? id : "\(id.prefix(8))…"
  }
}
