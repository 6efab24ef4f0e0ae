import WakelogModel

/// Finds where a log stood at a moment, from the times of its events in order.
///
/// The log's order is the truth, its times are not: clocks step ahead and back. A leap ahead that a
/// step back undoes came from a clock ahead, and what was said between them does not count. A step
/// back that undoes no leap came from a clock behind: what it said happened after the event before
/// it, and a leap leads back. Where the log cannot tell, the later clock is taken for the right one.
struct MomentSearch {
  /// Times that a clock behind may have given.
  private struct StepBack {
    /// The log's time before it.
    var from: Int64
    /// The time after it.
    var to: Int64
    /// What was found before it.
    var found: SequenceNumber
    /// The leaps before it.
    var leaps: [Leap]
    /// Whether nothing in the log speaks for a clock that was ahead before.
    var isCertain: Bool
  }

  /// A step ahead by more than an hour, which may be a quiet time.
  private struct Leap {
    var from: Int64
    var to: Int64
  }

  private let moment: Int64
  private var found = SequenceNumber.none
  private var first: Int64?
  private var latest: Int64 = 0
  private var leaps: [Leap] = []
  private var stepBack: StepBack?

  init(_ moment: Int64) { self.moment = moment }

  /// The last position that counts.
  var position: SequenceNumber {
    guard let step = stepBack, step.isCertain, moment < step.from else { return found }
    return step.found
  }

  /// Takes the time of the next event.
  mutating func take(_ time: Int64, _ position: SequenceNumber) {
    if first == nil {
      first = time
      latest = time
    }
    if time > latest {
      advance(to: time)
    } else if Instant.isAhead(latest, of: time) {
      goBack(to: time)
    }
    if time <= moment { found = position }
  }

  private mutating func advance(to time: Int64) {
    let isLeap = Instant.isAhead(time, of: latest)
    if let step = stepBack, !Instant.isAhead(step.from, of: time) {
      let way = Instant.span(from: step.to, to: step.from)
      if isLeap, Instant.isReturn(leap: Instant.span(from: latest, to: time), over: way) {
        found = step.found
        leaps = step.leaps
        latest = step.from
        stepBack = nil
      } else if time >= step.from {
        stepBack = nil
      }
    }
    if Instant.isAhead(time, of: latest) { leaps.append(Leap(from: latest, to: time)) }
    latest = max(latest, time)
  }

  private mutating func goBack(to time: Int64) {
    let way = Instant.span(from: time, to: latest)
    let before = leaps
    var undone: Leap?
    while let leap = leaps.last, Instant.isAhead(leap.to, of: time) {
      undone = leap
      leaps.removeLast()
    }
    let length = undone.map { Instant.span(from: $0.from, to: $0.to) } ?? 0
    let isUndone = !Instant.isAhead(way, of: length)
    if !isUndone, stepBack == nil {
      let isCertain = first.map { !Instant.isAhead($0, of: time) } ?? false
      stepBack = StepBack(
        from: latest, to: time, found: found, leaps: before, isCertain: isCertain)
    }
    latest = time
  }
}
