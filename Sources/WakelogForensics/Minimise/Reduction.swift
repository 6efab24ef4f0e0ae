internal import WakelogModel

/// Takes away what a violation does not need, in halves, quarters and so on, until nothing more
/// can go (Zeller's ddmin, over events with all that cannot stand without them).
struct Reduction {
  private(set) var events: [Event]
  private let sight: Sight
  private let offender: SequenceNumber

  init(_ events: [Event], _ sight: Sight) {
    self.events = events
    self.sight = sight
    offender = sight.violation.sequence
  }

  /// Whether the events show the violation: the same deed, by the same event.
  var holds: Bool { shows(events) }

  mutating func reduce() {
    var size = max(1, events.count / 2)
    while true {
      let before = events.count
      removeChunks(of: size)
      if size > 1 {
        size /= 2
      } else if events.count == before {
        return
      }
    }
  }

  /// Removes every chunk without which the violation is still there, from the end on: what comes
  /// late hangs on what comes early, seldom the other way round.
  private mutating func removeChunks(of size: Int) {
    var end = events.count
    var links = EventLinks(events)
    while end > 0 {
      let start = max(0, end - size)
      let fallen = links.fall(of: start..<end)
      let rest = events.indices.filter { !fallen.contains($0) }.map { events[$0] }
      if shows(rest) {
        events = rest
        links = EventLinks(events)
        end = min(start, events.count)
      } else {
        end = start
      }
    }
  }

  private func shows(_ candidate: [Event]) -> Bool {
    var checker = LawChecker()
    var hasOffender = false
    for event in candidate {
      hasOffender = hasOffender || event.sequence == offender
      checker.observe(event)
    }
    guard hasOffender else { return false }
    if sight.needsEnd { checker.finish() }
    return checker.violations.contains {
      $0.law == sight.violation.law && $0.session == sight.violation.session
        && $0.sequence == offender && $0.deed == sight.violation.deed
    }
  }
}
