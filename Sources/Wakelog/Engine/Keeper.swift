import WakelogModel
import WakelogStore

/// Applies the policy's retention, in small steps on a thread of its own: callers wait for no more
/// than one step, which takes a few milliseconds.
///
/// Whoever holds the log for writing looks once in an hour of the log's time.
final class Keeper: Sendable {
  private struct Work {
    var lastLook: Int64?
    var isRunning = false
    var isClosed = false
    var thread: Thread?
    var fault: String?
  }

  private let work = Lock(Work())
  private static let lookEvery: Int64 = 3_600 * 1_000_000_000

  /// Why the last look did not do all that the policy asks for; nil when it did.
  var fault: String? { work.withLock { $0.fault } }

  /// Looks whether it is time; called after each batch, so that it costs next to nothing.
  func look(_ totals: State.Totals, _ retention: Policy.Retention, _ engine: () -> Engine?) {
    if retention.keepsEverything { return }
    let isDue = work.withLock { work in
      guard !work.isRunning, !work.isClosed else { return false }
      if let last = work.lastLook, totals.clock.latest < last + Self.lookEvery,
        totals.clock.latest >= last
      {
        return false
      }
      work.lastLook = totals.clock.latest
      work.isRunning = true
      return true
    }
    guard isDue else { return }
    guard let engine = engine() else { return work.withLock { $0.isRunning = false } }
    start { [weak engine] goesOn in
      try engine?.applyRetention(retention, latest: totals.clock.latest, while: goesOn)
    }
  }

  /// Takes away what a trim that was broken off has left.
  func finishTrim(_ engine: Engine) {
    let mayStart = work.withLock { work in
      defer { work.isRunning = work.isRunning || !work.isClosed }
      return !work.isRunning && !work.isClosed
    }
    guard mayStart else { return }
    start { [weak engine] goesOn in try engine?.dropTrimmedRows(while: goesOn) }
  }

  /// Lets the step under way end, and begins no further one.
  func close() {
    let thread = work.withLock { work in
      work.isClosed = true
      defer { work.thread = nil }
      return work.thread
    }
    thread?.join()
  }

  private func start(
    _ body: @escaping @Sendable (_ goesOn: @escaping () -> Bool) throws -> Void
  ) {
    let earlier = work.withLock { work in
      defer { work.thread = nil }
      return work.thread
    }
    earlier?.join()
    let thread = Thread.start { [self] in
      var fault: String?
      do {
        try body { !self.work.withLock(\.isClosed) }
      } catch {
        fault = String(describing: error)
      }
      work.withLock { work in
        work.isRunning = false
        work.fault = fault
      }
    }
    work.withLock { work in
      work.thread = thread
      if thread == nil { work.isRunning = false }
    }
  }
}

extension Engine {
  private static let dayNanoseconds: Int64 = 86_400 * 1_000_000_000
  /// How many rows of evidence are removed in one step.
  private static let evidenceAtOnce = 64

  /// Does what the policy's retention asks for at a time of the log.
  func applyRetention(
    _ retention: Policy.Retention, latest: Int64, while goesOn: @escaping () -> Bool = { true }
  ) throws {
    if let days = retention.evidenceDays { try expireEvidence(latest, days, goesOn) }
    if let days = retention.eventDays, let archive = retention.archive, goesOn() {
      try trim(latest, days, archive, goesOn)
    }
    try dropTrimmedRows(while: goesOn)
    _ = try log.overwriteRemoved()
  }

  /// Takes away what a trim has left.
  func dropTrimmedRows(while goesOn: () -> Bool) throws {
    try Trimming(engine: self, archive: "", by: "").dropRows(while: goesOn)
  }

  private func expireEvidence(_ latest: Int64, _ days: Int64, _ goesOn: () -> Bool) throws {
    guard let moment = Self.moment(latest, before: days) else { return }
    // What a run that is open or waits was asked for is kept until it has ended.
    let held = try perform(writes: false) { core throws(WakelogError) in
      core.firstPayload().map { $0.value - 1 } ?? .max
    }
    let old = try log.read { transaction in
      try LogView(snapshot: transaction.snapshot).position(at: moment)
    }
    let end = SequenceNumber(min(old.value, held))
    while goesOn() {
      let pause = Pause()
      let hasMore = try log.writeGrowing {
        try $0.expireEvidence(through: end.value, atMost: Self.evidenceAtOnce)
      }
      guard hasMore else { return }
      pause.asLongAgain()
    }
  }

  /// Trims the log when its first event has been old enough for a day: once a day, not always.
  private func trim(
    _ latest: Int64, _ days: Int64, _ archive: String, _ goesOn: @escaping () -> Bool
  ) throws {
    guard let moment = Self.moment(latest, before: days),
      let due = Self.moment(latest, before: days + 1)
    else { return }
    let first = try log.read { transaction in
      let first = try transaction.firstSequence
      return try transaction.record(first) { Event(record: $0, sequence: SequenceNumber(first)).at }
    }
    guard let first, first < due else { return }
    var trimming = Trimming(engine: self, archive: archive, by: "retention")
    trimming.progress = { _, _ in
      if !goesOn() { throw WakelogError(.busy, "the log is being closed; the trim goes on later") }
    }
    _ = try trimming.run(before: .moment(moment))
  }

  private static func moment(_ latest: Int64, before days: Int64) -> Instant? {
    let (span, isTooLong) = days.multipliedReportingOverflow(by: dayNanoseconds)
    let (time, isTooEarly) = latest.subtractingReportingOverflow(span)
    return isTooLong || isTooEarly ? nil : Instant(nanoseconds: time)
  }
}
