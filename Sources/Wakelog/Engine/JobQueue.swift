import Glibc
import WakelogModel
import WakelogStore

/// Calls in the order they came, carried out by whoever leads.
///
/// The first caller that finds no leader leads: it carries out all that waits within one commit,
/// tells every caller, and hands the lead to the next that waits. So one caller alone never
/// changes threads, and many callers share one commit. Calls without a thread of their own are
/// led by a thread kept for them.
final class JobQueue: Sendable {
  private struct Waiting {
    var jobs: [Job] = []
    var isLed = false
    /// Who leads, once that thread has begun to.
    var leader: pthread_t?
    var isClosed = false
    var hasThread = false
  }

  /// How many calls share a commit at most.
  static let largestBatch = 512

  private let waiting = Lock(Waiting())
  private let leaderNeeded = Parker()
  private let carryOut: @Sendable ([Job]) -> Void

  /// Starts a thread; gives whether there was room for one.
  private let detach: @Sendable (@escaping @Sendable () -> Void) -> Bool

  /// A queue whose batches a closure carries out, one at a time.
  init(
    detach: @escaping @Sendable (@escaping @Sendable () -> Void) -> Bool = Thread.detach,
    carryOut: @escaping @Sendable ([Job]) -> Void
  ) {
    self.detach = detach
    self.carryOut = carryOut
  }

  /// Enters a call and waits until it is done; a closing one lets none in after it.
  ///
  /// A closure that was told may wait here for another call, also on the thread that leads.
  func perform<Value>(
    _ job: ResultJob<Value>, closes: Bool = false
  ) throws(WakelogError) -> Value {
    switch try enter(job, closes: closes) {
    case .leads: lead(until: job)
    case .isLeading: carryOn(until: job)
    case .waits:
      // Told when the call is durable, or when it is its turn to lead. Its result is looked at no
      // earlier: the leader has it before the commit does.
      job.wait()
      if job.mustLead { lead(until: job) }
    }
    return try job.value()
  }

  /// Whether a call entered now waits for others.
  var isLed: Bool { waiting.withLock(\.isLed) }

  /// Enters a call that tells its closure when it is done.
  func submit(_ job: Job) throws(WakelogError) {
    if case .leads = try enter(job) { wakeThread() }
  }

  /// Carries out a last call when those that came before are done; further ones are refused.
  func close(after last: ResultJob<some Any>) {
    _ = try? perform(last, closes: true)
    // The queue's thread sees that the queue is closed, and ends.
    leaderNeeded.tell()
  }

  /// What a caller has to do for the call it entered.
  private enum Part {
    /// Nobody leads: it has to.
    case leads
    /// It is told from within the loop of its own thread, which leads.
    case isLeading
    /// Another thread leads.
    case waits
  }

  private func enter(_ job: Job, closes: Bool = false) throws(WakelogError) -> Part {
    try waiting.withLock { waiting throws(WakelogError) in
      guard !waiting.isClosed else {
        throw WakelogError(.busy, "the log was closed; open it again")
      }
      waiting.isClosed = closes
      waiting.jobs.append(job)
      if let leader = waiting.leader, pthread_equal(leader, pthread_self()) != 0 {
        return .isLeading
      }
      if waiting.isLed { return .waits }
      waiting.isLed = true
      return .leads
    }
  }

  /// Leads until a call is done, then hands the lead on; for ever without one.
  private func lead(until own: Job?) {
    waiting.withLock { $0.leader = pthread_self() }
    while let batch = nextBatch() {
      carryOut(batch)
      let next = handOver(after: own)
      next?()
      for job in batch where job !== own { job.finish() }
      if next != nil { return }
    }
  }

  /// Leads on, from within a closure that was told, until a call is done.
  private func carryOn(until own: Job) {
    while !own.isDone, let batch = nextBatch() {
      carryOut(batch)
      for job in batch where job !== own { job.finish() }
    }
  }

  /// The calls to carry out together; nil when none wait, which ends the lead.
  private func nextBatch() -> [Job]? {
    waiting.withLock { waiting in
      if waiting.jobs.isEmpty {
        waiting.isLed = false
        waiting.leader = nil
        return nil
      }
      guard waiting.jobs.count > Self.largestBatch else {
        let batch = waiting.jobs
        waiting.jobs = []
        return batch
      }
      let batch = Array(waiting.jobs.prefix(Self.largestBatch))
      waiting.jobs.removeFirst(Self.largestBatch)
      return batch
    }
  }

  /// Once the leader's own call is done: what wakes the next leader; nil to lead on.
  private func handOver(after own: Job?) -> (() -> Void)? {
    guard let own, own.isDone else { return nil }
    return waiting.withLock { waiting in
      waiting.leader = nil
      if let next = waiting.jobs.first(where: \.hasThread) { return { next.askToLead() } }
      if waiting.jobs.isEmpty {
        waiting.isLed = false
        return {}
      }
      return { self.wakeThread() }
    }
  }

  /// Lets the queue's own thread lead, starting it if need be. Where the system has no room for
  /// a thread, this one leads.
  private func wakeThread() {
    let mustStart = waiting.withLock { waiting in
      let mustStart = !waiting.hasThread
      waiting.hasThread = true
      return mustStart
    }
    guard mustStart, !startThread() else { return leaderNeeded.tell() }
    waiting.withLock { $0.hasThread = false }
    lead(until: nil)
  }

  private func startThread() -> Bool {
    detach { [self] in
      while true {
        leaderNeeded.wait()
        lead(until: nil)
        if waiting.withLock({ $0.isClosed && $0.jobs.isEmpty }) { return }
      }
    }
  }
}
