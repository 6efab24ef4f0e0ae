internal import WakelogModel

/// Which events of a list cannot stand without which others.
struct EventLinks {
  /// For each place the places that fall with it.
  private(set) var dependents: [[Int]]

  init(_ events: [Event]) {
    dependents = [[Int]](repeating: [], count: events.count)
    var reader = Reader(events)
    for (place, event) in events.enumerated() { reader.read(place, event) }
    for (needed, dependent) in reader.links where needed != dependent {
      dependents[needed].append(dependent)
    }
  }

  /// Everything that falls with some places, them included.
  func fall(of places: some Sequence<Int>) -> Set<Int> {
    var fallen: Set<Int> = []
    var open = Array(places)
    while let place = open.popLast() {
      guard fallen.insert(place).inserted else { continue }
      open.append(contentsOf: dependents[place])
    }
    return fallen
  }

  private struct Reader {
    var links: [(needed: Int, dependent: Int)] = []
    private var places: [SequenceNumber: Int] = [:]
    private var runs: [SequenceNumber: Int] = [:]
    private var attempts: [SequenceNumber: Int] = [:]
    private var sights: [IdentitySymbol: Int] = [:]
    private var cursors: [SessionSymbol: (place: Int, to: UInt64)] = [:]

    init(_ events: [Event]) {
      for (place, event) in events.enumerated() { places[event.sequence] = place }
    }

    mutating func read(_ place: Int, _ event: Event) {
      // Whatever is named must be there.
      _ = event.mappingPositions { named in
        if named != event.previous, let needed = places[named] { links.append((needed, place)) }
        return named
      }
      readLife(place, event)
      readIdentity(place, event)
    }

    /// What began also ends, and what ends has begun.
    private mutating func readLife(_ place: Int, _ event: Event) {
      switch event.body {
      case .runStarted(let start):
        both(places[start.wake], place)
        runs[event.run] = place
        return
      case .wakeCoalesced(let disposed): return both(places[disposed.wake], place)
      case .wakeDeferred(let disposed): return both(places[disposed.wake], place)
      case .wakeRefused(let disposed): return both(places[disposed.wake], place)
      case .wakeRequested: return
      default: break
      }
      guard event.run.exists, let run = runs[event.run] else { return }
      links.append((run, place))
      switch event.body {
      case .attemptStarted: attempts[event.run] = place
      case .attemptFinished(let finish):
        both(places[finish.attempt] ?? attempts[event.run], place)
      case .fallbackTaken(let taken): both(places[taken.to], place)
      case .runFinished: both(run, place)
      default: break
      }
    }

    /// An id that is resumed was seen before, and a transcript is written on from where it ended.
    private mutating func readIdentity(_ place: Int, _ event: Event) {
      var seen = IdentitySymbol.none
      switch event.body {
      case .attemptStarted(let start):
        if let sight = sights[start.identity] { links.append((sight, place)) }
      case .attemptFinished(let finish): seen = finish.reported
      case .attemptProgressed(let progress): seen = progress.reported
      case .sessionBound(let bound): seen = bound.identity
      case .transcriptFlushed(let flushed):
        if flushed.from > 0, let before = cursors[event.session], before.to == flushed.from {
          links.append((before.place, place))
        }
        cursors[event.session] = (place, flushed.to)
      default: break
      }
      if seen.exists, sights[seen] == nil { sights[seen] = place }
    }

    private mutating func both(_ one: Int?, _ other: Int) {
      guard let one else { return }
      links.append((one, other))
      links.append((other, one))
    }
  }
}
