/// The log's time, added up from clocks of which some are wrong at times.
///
/// `latest` says when the last events were. `age` says how long the log has run, which is what the
/// keeping of replies goes by: it never goes back, a step ahead counts once the log has gone on for
/// an hour beyond it, and a step back takes nothing away. In a log whose clocks were always right,
/// both are the same, in nanoseconds since 1970.
public struct LogClock: StateRow {
  /// The latest time of any event; a time that is more than an hour earlier sets it back.
  public private(set) var latest: Int64 = 0
  /// How long the log has run, as far as that is beyond doubt.
  public private(set) var age: Int64 = 0
  /// The latest time that was ever beyond doubt.
  private var highest: Int64 = 0
  /// The time before a step ahead that is still in doubt; it means nothing without one.
  private var leftAt: Int64 = 0
  /// The time after it; 0 when none is in doubt.
  private var landedAt: Int64 = 0
  /// The last right time before a clock that was ahead, as far as the log can say; 0 for never.
  public private(set) var wrongSince: Int64 = 0
  /// The last event that was more than an hour earlier than the log's time; none for never.
  public private(set) var lastStepBack = SequenceNumber.none

  /// The clock of an empty log.
  public init() {}

  /// What a step ahead counts that no hour has followed, but another step: a log that is woken
  /// once a day has no other steps.
  private static let halfDay = 12 * Instant.skew

  /// Takes in the time of an event.
  mutating func take(_ time: Int64, _ position: SequenceNumber) {
    if time > latest {
      advance(to: time)
    } else if Instant.isAhead(latest, of: time) {
      lastStepBack = position
      stepBack(to: time)
    }
  }

  private mutating func advance(to time: Int64) {
    if age == 0 {
      age = time
      highest = time
    } else if Instant.isAhead(time, of: latest) {
      believe(atMost: Self.halfDay)
      leftAt = latest
      landedAt = time
    } else {
      age = Self.sum(age, time - latest)
    }
    latest = time
    if landedAt == 0 {
      highest = max(highest, latest)
    } else if Instant.span(from: landedAt, to: latest) >= Instant.skew {
      believe(atMost: .max)
    }
  }

  /// Takes a step ahead for real.
  private mutating func believe(atMost most: Int64) {
    guard landedAt != 0 else { return }
    age = Self.sum(age, min(doubted, most))
    highest = max(highest, latest)
    landedAt = 0
  }

  private mutating func stepBack(to time: Int64) {
    guard landedAt != 0 else {
      wrongSince = time
      latest = time
      return
    }
    // The step ahead is taken back with what has run since: the clock that made it was wrong.
    age -= latest - landedAt
    wrongSince = leftAt
    latest = leftAt
    landedAt = 0
    if time > latest {
      advance(to: time)
    } else if Instant.isAhead(latest, of: time) {
      latest = time
    }
  }

  /// What the step in doubt adds to the age if it is right: a step that leads back to where the
  /// clock was before it stepped back counts from there.
  private var doubted: Int64 {
    guard landedAt != 0 else { return 0 }
    let isReturn = !Instant.isAhead(highest, of: landedAt)
    return max(0, Instant.span(from: isReturn ? highest : leftAt, to: landedAt))
  }

  /// How long the log has run if its latest time is right.
  public var presumedAge: Int64 { Self.sum(age, doubted) }

  /// How long the log has run for a call at a time, whether or not the call appends an event.
  public func presumedAge(at time: Int64) -> Int64 {
    guard time > latest else { return presumedAge }
    var later = self
    later.advance(to: time)
    return later.presumedAge
  }

  /// Since when the clock seems to have been wrong, for somebody whose clock shows `now`.
  public func wrongSince(asOf now: Int64) -> Int64 {
    let since = landedAt != 0 && Instant.isAhead(latest, of: now) ? leftAt : wrongSince
    return since == 0 || since > now ? now : since
  }

  private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
    let (sum, isTooFar) = left.addingReportingOverflow(right)
    return isTooFar ? .max : sum
  }
}
