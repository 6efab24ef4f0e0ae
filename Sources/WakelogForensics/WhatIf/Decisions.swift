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
  /// An importer read the cause of a failure from texts; the host's own store names none.
  var isCauseImported = false

  /// Whether a replay decided the same, as far as this, a record's decision, tells.
  func agrees(with replayed: Resolution) -> Bool {
    var replayed = replayed
    replayed.isCauseImported = isCauseImported
    if isCauseImported { replayed.failure = failure }
    return self == replayed
  }
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
      decided.isCauseImported = event.flags.contains(.imported)
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
