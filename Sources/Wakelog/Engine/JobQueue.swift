import Glibc
import Synchronization
import WakelogModel

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
    var isClosed = false
    var hasThread = false
  }

  /// How many calls share a commit at most.
  static let largestBatch = 512

  private let waiting = Mutex(Waiting())
  private let leaderNeeded = Parker()
  private let carryOut: @Sendable ([Job]) -> Void

  /// A queue whose batches a closure carries out, one at a time.
  init(carryOut: @escaping @Sendable ([Job]) -> Void) { self.carryOut = carryOut }

  /// Enters a call and waits until it is done.
  func perform(_ job: Job) throws(WakelogError) -> JSONValue {
    let leads = try enter(job)
    if leads { lead(until: job) }
    while !job.isDone {
      job.wait()
      if !job.isDone { lead(until: job) }
    }
    return try job.value()
  }

  /// Enters a call that tells its closure when it is done.
  func submit(_ job: Job) throws(WakelogError) {
    if try enter(job) { wakeThread() }
  }

  /// Refuses further calls, and waits until those that came before are done.
  func close() {
    let drained = Parker()
    let last = Job(writes: false, body: { _ throws(WakelogError) in .null }) { _ in
      drained.tell()
    }
    guard let leads = try? enter(last) else { return }
    waiting.withLock { $0.isClosed = true }
    if leads { wakeThread() }
    drained.wait()
    // The thread sees that the queue is closed, and ends.
    leaderNeeded.tell()
  }

  /// Puts a call in line; gives whether the caller has to see to a leader.
  private func enter(_ job: Job) throws(WakelogError) -> Bool {
    try waiting.withLock { waiting throws(WakelogError) in
      guard !waiting.isClosed else {
        throw WakelogError(.busy, "the log was closed; open it again")
      }
      waiting.jobs.append(job)
      if waiting.isLed { return false }
      waiting.isLed = true
      return true
    }
  }

  /// Leads until a call is done, then hands the lead on; for ever without one.
  private func lead(until own: Job?) {
    while let batch = nextBatch() {
      carryOut(batch)
      let next = handOver(after: own)
      next?()
      for job in batch where job !== own { job.finish() }
      if next != nil { return }
    }
  }

  /// The calls to carry out together; nil when none wait, which ends the lead.
  private func nextBatch() -> [Job]? {
    waiting.withLock { waiting in
      if waiting.jobs.isEmpty {
        waiting.isLed = false
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
      if let next = waiting.jobs.first(where: \.hasThread) { return { next.askToLead() } }
      if waiting.jobs.isEmpty {
        waiting.isLed = false
        return {}
      }
      return { self.wakeThread() }
    }
  }

  /// Lets the queue's own thread lead, starting it if need be.
  private func wakeThread() {
    let mustStart = waiting.withLock { waiting in
      let mustStart = !waiting.hasThread
      waiting.hasThread = true
      return mustStart
    }
    if mustStart { startThread() }
    leaderNeeded.tell()
  }

  private func startThread() {
    Thread.detach { [self] in
      while true {
        leaderNeeded.wait()
        lead(until: nil)
        if waiting.withLock({ $0.isClosed && $0.jobs.isEmpty }) { return }
      }
    }
  }
}
