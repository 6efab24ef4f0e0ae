public import WakelogModel

/// The smallest part of a record that still breaks a law.
///
/// One-minimal among logs: without any one of its events it breaks the law no more, or is no log,
/// because an event names one that is not there, or a wake, run or attempt that came to an end has
/// none. That keeps the story whole: a list of loose events breaks nearly every law somehow.
public struct Minimum {
  /// The events, numbered from 1.
  public let events: [Event]
  /// The violation, as the list has it.
  public let violation: Violation
  /// The violation as the whole record has it, with the incident that it looks like there.
  public let recorded: Violation
  /// The numbers that the events had.
  public let sequences: [SequenceNumber]

  /// Finds the smallest part that breaks a law, on a key or wherever it broke first; nil when the
  /// record does not break it.
  public init?(_ record: [Event], breaks law: Law, on session: SessionSymbol? = nil) {
    guard let sight = Sight(record, law, session) else { return nil }
    let prefix = Array(record[...sight.place])
    let own = prefix.filter { !$0.session.exists || $0.session == sight.violation.session }
    // Another key may have had a hand in it, or more: then nothing is left out beforehand.
    var search = Reduction(own, sight)
    if !search.holds { search = Reduction(prefix, sight) }
    guard search.holds else { return nil }
    search.reduce()
    events = search.events.renumbered()
    sequences = search.events.map(\.sequence)
    recorded = sight.violation.attributed(in: record)
    guard let found = Sight(events, law, sight.violation.session) else { return nil }
    violation = found.violation
  }
}

/// Where a law was seen broken.
struct Sight {
  let violation: Violation
  /// The place of the event at which it was noticed; the last one when only the end tells.
  let place: Int
  /// Only that the log ends shows it.
  let needsEnd: Bool

  init?(_ events: [Event], _ law: Law, _ session: SessionSymbol?) {
    func isMeant(_ violation: Violation) -> Bool {
      violation.law == law && (session == nil || violation.session == session)
    }
    var checker = LawChecker()
    for (place, event) in events.enumerated() {
      let before = checker.violations.count
      checker.observe(event)
      if checker.violations.count > before,
        let found = checker.violations[before...].first(where: isMeant)
      {
        violation = found
        self.place = place
        needsEnd = false
        return
      }
    }
    checker.finish()
    guard let found = checker.violations.first(where: isMeant) else { return nil }
    violation = found
    place = events.count - 1
    needsEnd = true
  }
}

extension Violation {
  /// What was done, whatever the numbers in it.
  var deed: String { String(because.filter { !$0.isNumber }) }
}

extension [Event] {
  /// The events as a log of their own: numbers without gaps, every reference with them.
  func renumbered() -> [Event] {
    var numbers: [SequenceNumber: SequenceNumber] = [:]
    for (place, event) in enumerated() {
      numbers[event.sequence] = SequenceNumber(UInt64(place) + 1)
    }
    var heads: [SessionSymbol: SequenceNumber] = [:]
    return map { event in
      // What lies outside these events is no longer known.
      var event = event.mappingPositions { numbers[$0] ?? .none }
      event.previous = heads[event.session] ?? .none
      heads[event.session] = event.sequence
      return event
    }
  }
}
