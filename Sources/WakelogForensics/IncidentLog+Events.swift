public import Wakelog
public import WakelogModel

extension IncidentLog {
  /// All events up to a position, in memory: for questions that go through them again and again.
  /// Throws `notFound` when the log does not have them all.
  public func events(through end: SequenceNumber? = nil) throws(WakelogError) -> [Event] {
    try requireWhole()
    var events: [Event] = []
    try forEachEvent(through: end) { event in
      events.append(event)
      return true
    }
    return events
  }
}
