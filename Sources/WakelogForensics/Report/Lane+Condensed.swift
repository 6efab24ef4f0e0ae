import WakelogModel

extension Lane {
  /// The most slots that a lane is drawn with; what lies around is only in the list of events.
  static let mostSlots = 400

  /// The lane with its uneventful stretches drawn together, so that what happened can be found,
  /// and so many of its events to list.
  func condensed(listing count: Int) -> Lane {
    var lane = self
    lane.list(count)
    lane.slots = []
    var stretch: [Slot] = []
    var isOpen: [SequenceNumber: Int] = [:]
    for slot in slots where slot.run.exists { isOpen[slot.run, default: 0] += 1 }
    func close() {
      if stretch.count > 3, let first = stretch.first, let last = stretch.last {
        var slot = first
        slot.kind = .worked(stretch.count, through: last.sequence)
        lane.slots.append(slot)
      } else {
        lane.slots += stretch
      }
      stretch = []
    }
    for slot in slots {
      let isPlain = slot.isUneventful && isOpen[slot.run] == 1
      if let last = stretch.last, !isPlain || last.binding != slot.binding { close() }
      if isPlain { stretch.append(slot) } else { lane.slots.append(slot) }
    }
    close()
    lane.cut()
    return lane
  }

  /// Lists what is about the first finding, else the end.
  private mutating func list(_ count: Int) {
    let rest = events.count - count
    let finding = slots.first { !$0.findings.isEmpty }?.sequence
    let place = finding.flatMap { first in events.firstIndex { $0.sequence >= first } }
    let start = rest > 0 ? min(rest, place.map { max(0, $0 - count / 4) } ?? rest) : 0
    listed = events.dropFirst(start).prefix(count)
  }

  /// Keeps what is about the first finding, else the end.
  private mutating func cut() {
    let rest = slots.count - Self.mostSlots
    guard rest > 0 else { return }
    let finding = slots.firstIndex { !$0.findings.isEmpty }
    skippedBefore = min(rest, finding.map { max(0, $0 - 20) } ?? rest)
    skippedAfter = rest - skippedBefore
    let end = skippedBefore + Self.mostSlots
    if skippedAfter > 0 { binding = slots[end].binding }
    slots = Array(slots[skippedBefore..<end])
  }
}

extension Lane.Slot {
  /// Whether it is an attempt that worked and that nobody needs to look at.
  fileprivate var isUneventful: Bool {
    guard findings.isEmpty, case .attempt(let attempt) = kind else { return false }
    return attempt.outcome == .succeeded && attempt.runOutcome == nil && !attempt.isFallback
      && !attempt.asked.isDead
  }
}
