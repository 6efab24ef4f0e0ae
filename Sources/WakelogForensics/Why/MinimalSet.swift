import WakelogModel

/// Finds, among events in order, few that alone say what all of them say.
struct MinimalSet {
  /// What facts are and since when, after some events.
  struct Answer: Hashable {
    var values: [[UInt64]]
    var since: [SequenceNumber]
  }

  let facts: [StateFact]

  /// Reduces events, and nothing else, and reads the facts.
  func answer(_ events: some Sequence<Event>) -> Answer {
    var state = State()
    var answer = Answer(values: facts.map { $0.read(state) }, since: facts.map { _ in .none })
    for event in events {
      state.reduce(event)
      for (index, fact) in facts.enumerated() {
        let value = fact.read(state)
        guard value != answer.values[index] else { continue }
        answer.values[index] = value
        if fact.since { answer.since[index] = event.sequence }
      }
    }
    return answer
  }

  /// A set of which no event can be dropped, with the same answer as all of them: chunks are
  /// dropped, ever smaller ones, while the answer stays.
  func find(in events: [Event]) -> [Event] {
    let wanted = answer(events)
    var found = shortestEnd(of: events, wanted)
    var size = max(1, found.count / 2)
    while true {
      var hasDropped = false
      var start = 0
      while start < found.count {
        var rest = found
        rest.removeSubrange(start..<min(start + size, found.count))
        if answer(rest) == wanted {
          found = rest
          hasDropped = true
        } else {
          start += size
        }
      }
      if size == 1, !hasDropped { return found }
      size = max(1, size / 2)
    }
  }

  /// What follows from recent events needs no old ones: tries ends of growing length.
  private func shortestEnd(of events: [Event], _ wanted: Answer) -> [Event] {
    var count = 16
    while count < events.count {
      let end = events.suffix(count)
      if answer(end) == wanted { return Array(end) }
      count *= 4
    }
    return events
  }

  /// The facts that differ when an event of a set is dropped; empty where it can be.
  func difference(without event: Event, in set: [Event]) -> [String] {
    let wanted = answer(set)
    let without = answer(set.filter { $0.sequence != event.sequence })
    return facts.indices.filter {
      without.values[$0] != wanted.values[$0] || without.since[$0] != wanted.since[$0]
    }.map { facts[$0].name }
  }
}
