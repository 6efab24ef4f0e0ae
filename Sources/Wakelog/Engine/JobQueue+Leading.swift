import WakelogModel
import WakelogStore

// The lead: one thread at a time decides on the state. It is taken by who finds it free, and handed
// on when there is something to do and the one that leads has its answer.

extension JobQueue {
  /// What the one that leads does next.
  enum Step {
    case settle
    case decide([Job])
    /// These were carried out and need no commit.
    case answer([Job])
    /// The lead is free for others meanwhile.
    case commit(Batch)
    case decideInside([Job])
    case keepUp
    /// The lead goes to the thread that commits.
    case giveLead(Parker)
    /// The lead is free: there is nothing to do, or whoever commits goes on.
    case rest
  }

  func nextStep() -> Step {
    line.withLock { line in
      if let parker = line.leadWanted {
        line.leadWanted = nil
        return .giveLead(parker)
      }
      if line.isDurable {
        line.isDurable = false
        return .settle
      }
      if line.isStalled { Self.stall(&line) }
      if !stages.isAhead, let step = stepWithoutCommit(&line) { return step }
      if mayDecide(line) { return .decide(take(&line)) }
      line.isLed = false
      guard !line.isCommitting, stages.hasContent else { return .rest }
      line.isCommitting = true
      return .commit(stages.close())
    }
  }

  /// What can be done only while everything that was decided is durable.
  private func stepWithoutCommit(_ line: inout Line) -> Step? {
    if stages.isStale { line.jobs.insert(contentsOf: stages.takeAnswered(), at: 0) }
    if !line.isCommitting, stages.wantsUpkeep {
      line.isCommitting = true
      return .keepUp
    }
    if !stages.open.isEmpty {
      let jobs = stages.takeAnswered()
      line.untold += jobs.filter { !$0.hasThread }
      return .answer(jobs)
    }
    guard !line.isCommitting, stages.decidesInside, line.jobs.contains(where: \.writes) else {
      return nil
    }
    line.isCommitting = true
    return .decideInside(take(&line))
  }

  private func mayDecide(_ line: Line) -> Bool {
    guard !line.jobs.isEmpty, !stages.isFull, stages.open.count < Self.largestBatch else {
      return false
    }
    return !stages.isAhead || !(stages.wantsUpkeep || stages.decidesInside)
  }

  /// Whether whoever leads would find something to do.
  private func isUseful(_ line: Line) -> Bool {
    if line.isDurable { return true }
    return line.isCommitting ? mayDecide(line) : !line.jobs.isEmpty || !stages.open.isEmpty
  }

  /// Takes the calls from the line that the open batch has room for.
  private func take(_ line: inout Line) -> [Job] {
    let room = Self.largestBatch - stages.open.count
    var jobs: [Job] = []
    guard line.jobs.count > room else {
      swap(&jobs, &line.jobs)
      return jobs
    }
    jobs = Array(line.jobs.prefix(room))
    line.jobs.removeFirst(room)
    return jobs
  }

  /// Leads until there is nothing to do, others do it, or the thread's own call is done.
  func work(for own: Job?) {
    var leads = true
    while leads {
      switch nextStep() {
      case .settle: stages.settle()
      case .decide(let jobs): stages.decide(jobs)
      case .answer(let jobs): leads = finish(jobs, own)
      case .commit(let batch): leads = commit(batch, own)
      case .decideInside(let jobs): leads = decideInside(jobs, own)
      case .keepUp:
        stages.keepUp()
        line.withLock { $0.isCommitting = false }
      case .giveLead(let parker):
        parker.tell()
        leads = false
      case .rest: leads = false
      }
    }
    tell()
  }

  /// Leading: wakes those whose calls are done. Gives whether this thread leads on: not when its
  /// own call is among them, nor when it has none and is to tell closures.
  func finish(_ jobs: [Job], _ own: Job?) -> Bool {
    let hasClosures = jobs.contains { !$0.hasThread }
    if let own, jobs.contains(where: { $0 === own }) { own.isAnswered = true }
    let leaves = own?.isAnswered ?? hasClosures
    let leads = !leaves || !handOver()
    for job in jobs where job !== own && job.hasThread { job.finish() }
    if leads, hasClosures { _ = wakeHelper(toLead: false) }
    return leads
  }

  /// Leading: wakes who leads next, if that is of use, and gives whether the lead was given away.
  private func handOver() -> Bool {
    let (next, isOver) = line.withLock { line -> (Job?, Bool) in
      guard isUseful(line) else {
        line.isLed = false
        return (nil, true)
      }
      let next = stages.open.first(where: \.hasThread) ?? line.jobs.first(where: \.hasThread)
      next?.mustLead = true
      return (next, false)
    }
    if isOver { return true }
    guard let next else { return wakeHelper(toLead: true) }
    next.wake()
    return true
  }

  /// Takes the lead for the thread that commits; waits for the one that leads.
  func takeLead() {
    let parker = line.withLock { line -> Parker? in
      if line.isLed { line.leadWanted = Parker() }
      line.isLed = true
      return line.leadWanted
    }
    parker?.wait()
  }

  /// Takes the lead if it is free and there is something to do.
  func takeLeadIfUseful() -> Bool { line.withLock { takeLeadIfUseful(&$0) } }

  func takeLeadIfUseful(_ line: inout Line) -> Bool {
    guard !line.isLed, isUseful(line) else { return false }
    line.isLed = true
    return true
  }
}
