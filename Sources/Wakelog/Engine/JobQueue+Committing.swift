import Glibc
import WakelogModel
import WakelogStore

// The commit: one thread at a time makes batches durable. What fails is taken back with all that
// was decided ahead of it, and what has no answer is decided anew.

extension JobQueue {
  /// Commits a batch, not leading; gives whether the thread leads afterwards.
  func commit(_ batch: Batch, _ own: Job?) -> Bool {
    let jobs = batch.jobs
    let outcome = stages.commit(batch)
    guard case .durable = outcome else {
      takeLead()
      return takeBack(outcome, of: jobs.count, own)
    }
    let closures = jobs.filter { !$0.hasThread }
    let leads = line.withLock { line in
      line.isCommitting = false
      line.untold += closures
      let leads = !line.isLed
      line.isLed = true
      line.isDurable = !leads
      return leads
    }
    if leads {
      // Here, or another thread would have to be woken for it.
      stages.settle()
      return finish(jobs, own)
    }
    for job in jobs where job !== own && job.hasThread { job.finish() }
    if let own, jobs.contains(where: { $0 === own }) { own.isAnswered = true }
    return false
  }

  /// Leading and committing, after a commit that failed: takes back what is not durable.
  private func takeBack(_ outcome: CommitOutcome, of count: Int, _ own: Job?) -> Bool {
    let jobs = stages.takeBack()
    switch outcome {
    case .busy(let error): return waitForWriter(jobs, error, own)
    case .failed(let error):
      let failed = jobs.prefix(count).filter(\.writes)
      // Those that only read see the state as it is again, and those decided ahead try anew.
      let others = jobs.prefix(count).filter { !$0.writes } + jobs.dropFirst(count)
      for job in failed { job.fail(error) }
      return resume(failed, others, own)
    case .conflict, .durable:
      stages.conflictSeen()
      return resume([], jobs, own)
    }
  }

  /// Leading and committing: ends committing, with some calls done and others to be decided anew.
  private func resume(_ done: [Job], _ anew: [Job], _ own: Job?) -> Bool {
    line.withLock { line in
      line.jobs.insert(contentsOf: anew, at: 0)
      line.isCommitting = false
      line.untold += done.filter { !$0.hasThread }
    }
    return finish(done, own)
  }

  /// Leading and committing: decides calls within one transaction; gives whether it leads on.
  func decideInside(_ jobs: [Job], _ own: Job?) -> Bool {
    switch stages.decideInside(patience: Self.patience, { jobs }) {
    case .busy(let error): return waitForWriter(jobs, error, own)
    case .durable: return resume(jobs, [], own)
    case .failed(let error): return fail(jobs, error, own)
    case .conflict: preconditionFailure("a transaction finds the log as it is")
    }
  }

  private func fail(_ jobs: [Job], _ error: WakelogError, _ own: Job?) -> Bool {
    let failed = jobs.filter(\.writes)
    for job in failed { job.fail(error) }
    return resume(failed, jobs.filter { !$0.writes }, own)
  }
}

// MARK: Another process holds the writer's lock

extension JobQueue {
  /// How long a commit waits for the writer's lock before reads are served without it, in seconds.
  static let patience = 0.02
  /// How long each further try waits.
  private static let longerPatience = 0.1

  private static var now: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Moves calls that write from the line to those that wait for the writer's lock.
  static func stall(_ line: inout Line) {
    guard line.jobs.contains(where: \.writes) else { return }
    for job in line.jobs where job.writes {
      job.stalledSince = job.stalledSince ?? now
      line.stalled.append(job)
    }
    line.jobs.removeAll(where: \.writes)
  }

  /// Leading and committing, nothing ahead: tries for the writer's lock until the calls that need
  /// it are done or have waited for too long, and lets others lead meanwhile, so that those that
  /// only read are carried out. Gives whether it leads afterwards.
  private func waitForWriter(_ jobs: [Job], _ error: WakelogError, _ own: Job?) -> Bool {
    var error = error
    line.withLock { line in
      line.jobs.insert(contentsOf: jobs, at: 0)
      line.isStalled = true
    }
    carryOutReads(own)
    while true {
      let expired = takeExpired()
      for job in expired { job.fail(error) }
      let isOver = line.withLock(\.stalled.isEmpty)
      if isOver || own?.isAnswered == true || expired.contains(where: { $0 === own }) {
        takeLead()
        return resume(expired, stopStalling(), own)
      }
      tellExpired(expired)
      var taken: [Job]?
      let outcome = stages.decideInside(patience: Self.longerPatience) {
        if let taken { return taken }
        self.takeLead()
        let jobs = self.stopStalling()
        taken = jobs
        return jobs
      }
      guard let taken else {
        if case .busy(let latest) = outcome { error = latest }
        if case .failed(let failure) = outcome {
          takeLead()
          return fail(stopStalling(), failure, own)
        }
        continue
      }
      switch outcome {
      case .busy(let latest): return waitForWriter(taken, latest, own)
      case .failed(let failure): return fail(taken, failure, own)
      case .durable, .conflict: return resume(taken, [], own)
      }
    }
  }

  /// Leading: carries out what only reads, and frees the lead.
  private func carryOutReads(_ own: Job?) {
    var hasClosures = false
    steps: while true {
      switch nextStep() {
      case .decide(let jobs): stages.decide(jobs)
      case .answer(let jobs):
        hasClosures = hasClosures || jobs.contains { !$0.hasThread }
        for job in jobs where job !== own && job.hasThread { job.finish() }
        if let own, jobs.contains(where: { $0 === own }) { own.isAnswered = true }
      default: break steps
      }
    }
    if hasClosures { _ = wakeHelper(toLead: false) }
  }

  private func tellExpired(_ expired: [Job]) {
    guard !expired.isEmpty else { return }
    for job in expired where job.hasThread { job.finish() }
    let closures = expired.filter { !$0.hasThread }
    guard !closures.isEmpty else { return }
    line.withLock { $0.untold += closures }
    _ = wakeHelper(toLead: false)
  }

  private func stopStalling() -> [Job] {
    line.withLock { line in
      defer { line.stalled = [] }
      line.isStalled = false
      return line.stalled
    }
  }

  private func takeExpired() -> [Job] {
    let limit = Self.now - stages.writerWaitSeconds
    return line.withLock { line in
      let expired = line.stalled.filter { $0.stalledSince ?? limit <= limit }
      line.stalled.removeAll { $0.stalledSince ?? limit <= limit }
      return expired
    }
  }
}
