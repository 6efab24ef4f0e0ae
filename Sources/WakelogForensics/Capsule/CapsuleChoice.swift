internal import Wakelog
public import WakelogModel

/// What a capsule is to hold of a log, and what of that may be read in full.
public struct CapsuleChoice: Sendable {
  /// The sessions whose events are chosen; all of them, and the log's own events, if nil.
  public var sessions: Set<SessionSymbol>?
  /// The earliest time of a chosen event.
  public var since: Instant?
  /// The latest time of a chosen event.
  public var until: Instant?
  /// Whether ids of provider sessions, with which a session can be read or gone on with, are kept.
  public var fullIds = false
  /// Whether the texts that attempts left are kept.
  public var evidence = false

  /// Chooses everything, with ids shortened and without evidence.
  public init() {}
}

/// What a choice picks in one log.
struct ChosenEvents {
  private(set) var sequences: [UInt64] = []
  private(set) var symbols: [UInt8: Set<UInt32>] = [:]

  /// Picks the events, with the policy in force before the first of them; throws `notFound` if
  /// there is none.
  init(_ choice: CapsuleChoice, _ log: IncidentLog) throws(WakelogError) {
    var policy: Event?
    var found: ChosenEvents = ChosenEvents()
    try log.forEachEvent { event in
      let isPolicy = event.body.kind == .policyAdopted
      let isAsked = choice.sessions?.contains(event.session) ?? true
      if choice.holds(event.at), isAsked || (isPolicy && !found.sequences.isEmpty) {
        if let adopted = policy, !isPolicy { found.add(adopted) }
        policy = nil
        found.add(event)
      } else if isPolicy, found.sequences.isEmpty {
        policy = event
      }
      return true
    }
    guard !found.sequences.isEmpty else {
      throw WakelogError(
        .notFound, "no event is of these sessions and times; 'wakelog events' lists what there is")
    }
    self = found
  }

  private init() {}

  private mutating func add(_ event: Event) {
    sequences.append(event.sequence.value)
    event.forEachSymbol { symbols[$0.rawValue, default: []].insert($1) }
  }
}

extension CapsuleChoice {
  fileprivate func holds(_ moment: Instant) -> Bool {
    since.map { $0 <= moment } != false && until.map { moment <= $0 } != false
  }
}
