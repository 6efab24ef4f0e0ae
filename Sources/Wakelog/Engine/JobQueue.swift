import Glibc
import WakelogModel
import WakelogStore

/// Calls in the order they came, carried out in two stages by whoever leads.
///
/// The first caller that finds no leader leads: it decides all that waits, and when nobody commits
/// it commits what was decided, while the next that comes leads and decides ahead. So one caller
/// alone never changes threads, many callers share one commit, and the next commit's calls are
/// decided while one is under way. Calls without a thread of their own are carried out by threads
/// kept for them, and told in their order.
final class JobQueue: Sendable {
  struct Line {
    /// Calls that wait to be decided.
    var jobs: [Job] = []
    /// Whether a thread leads, or was woken to.
    var isLed = false
    /// Whether a thread commits.
    var isCommitting = false
    /// Whether the batch that was closed last became durable, and nobody has led since.
    var isDurable = false
    /// Where the thread that commits waits to lead, because it has to take something back.
    var leadWanted: Parker?
    /// Whether the thread that commits waits for another process's writer; calls that write wait
    /// with it, and those that only read are carried out meanwhile.
    var isStalled = false
    var stalled: [Job] = []
    /// Calls without a thread that have their results, to be told in order.
    var untold: [Job] = []
    /// Who tells them.
    var teller: pthread_t?
    /// Where the closing thread waits until all are told.
    var closing: Parker?
    var isClosed = false
    /// Threads for calls that have none, and those of them that have nothing to do.
    var helpers = 0
    var idle: [Helper] = []
  }

  /// A thread for calls that have none.
  ///
  /// `@unchecked Sendable`: what changes is guarded by the queue's lock.
  final class Helper: @unchecked Sendable {
    let parker = Parker()
    /// Whether it was woken to lead.
    var mustLead = false
  }

  /// How many calls share a commit at most.
  static let largestBatch = 512

  let line = Lock(Line())
  let stages: any Stages

  /// Starts a thread; gives whether there was room for one.
  private let detach: @Sendable (@escaping @Sendable () -> Void) -> Bool

  /// A queue whose calls go through some stages.
  init(
    _ stages: any Stages,
    detach: @escaping @Sendable (@escaping @Sendable () -> Void) -> Bool = Thread.detach
  ) {
    self.stages = stages
    self.detach = detach
  }

  /// Enters a call and waits until it is done; a closing one lets none in after it.
  ///
  /// A closure that was told may wait here for another call.
  func perform<Value>(
    _ job: ResultJob<Value>, closes: Bool = false
  ) throws(WakelogError) -> Value {
    if try enter(job, closes: closes) { work(for: job) }
    // Told when the call is durable, or when it is its turn to lead. Its result is looked at no
    // earlier: it has one before the commit does.
    while !job.isAnswered {
      job.wait()
      if job.takeLead() { work(for: job) }
    }
    return try job.value()
  }

  /// Whether a call entered now waits for others.
  var isLed: Bool { line.withLock(\.isLed) }

  /// Enters a call that tells its closure when it is done.
  func submit(_ job: Job) throws(WakelogError) {
    guard try enter(job), !wakeHelper(toLead: true) else { return }
    // Where the system has no room for a thread, this one leads.
    repeat { work(for: nil) } while takeLeadIfUseful()
  }

  /// How many calls were decided and wait for their commit to begin; 0 while a thread leads.
  var callsAhead: Int { line.withLock { $0.isLed ? 0 : stages.open.count } }

  /// Puts a call in line; gives whether this thread has to lead.
  private func enter(_ job: Job, closes: Bool = false) throws(WakelogError) -> Bool {
    try line.withLock { line throws(WakelogError) in
      guard !line.isClosed else {
        throw WakelogError(.busy, "the log was closed; open it again")
      }
      line.isClosed = closes
      line.jobs.append(job)
      defer { line.isLed = true }
      return !line.isLed
    }
  }

  /// Carries out a last call when those that came before are done and told; further ones are
  /// refused.
  func close(after last: ResultJob<some Any>) {
    _ = try? perform(last, closes: true)
    tell()
    let (parker, idle) = line.withLock { line -> (Parker?, [Helper]) in
      let idle = line.idle
      line.idle = []
      // Who is told may be the one to close.
      guard let teller = line.teller, pthread_equal(teller, pthread_self()) == 0 else {
        return (nil, idle)
      }
      line.closing = Parker()
      return (line.closing, idle)
    }
    for helper in idle { helper.parker.tell() }
    parker?.wait()
  }
}

// MARK: Threads for calls that have none

extension JobQueue {
  /// One decides while the other commits or tells.
  private static let mostHelpers = 2

  /// Lets a helper lead, or tell; false where none can be started, and then this thread leads still.
  func wakeHelper(toLead mustLead: Bool) -> Bool {
    let (idle, isWoken) = line.withLock { line -> (Helper?, Bool) in
      if let helper = line.idle.popLast() {
        helper.mustLead = mustLead
        return (helper, true)
      }
      if line.helpers < Self.mostHelpers {
        let helper = Helper()
        helper.mustLead = mustLead
        guard detach({ self.help(helper) }) else { return (nil, false) }
        line.helpers += 1
      } else if mustLead {
        // Each that is busy looks again before it rests.
        line.isLed = false
      }
      return (nil, true)
    }
    idle?.parker.tell()
    return isWoken
  }

  private func help(_ helper: Helper) {
    var leads = line.withLock { _ in helper.mustLead }
    while true {
      if leads { work(for: nil) } else { tell() }
      switch line.withLock({ next(for: helper, &$0) }) {
      case .lead: leads = true
      case .tell: leads = false
      case .sleep:
        helper.parker.wait()
        leads = line.withLock { _ in helper.mustLead }
      case .end: return
      }
    }
  }

  private enum HelperStep {
    case lead, tell, sleep, end
  }

  /// What a helper that has done its work does next. Looked up and begun at once: a call that came
  /// between a look and the rest after it would be nobody's.
  private func next(for helper: Helper, _ line: inout Line) -> HelperStep {
    if takeLeadIfUseful(&line) { return .lead }
    if !line.untold.isEmpty, line.teller == nil { return .tell }
    if line.isClosed, line.jobs.isEmpty, line.isLed || stages.open.isEmpty {
      line.helpers -= 1
      return .end
    }
    helper.mustLead = false
    line.idle.append(helper)
    return .sleep
  }

  /// Tells those whose calls are done and who have no thread, unless another thread does.
  func tell() {
    guard var job = line.withLock({ Self.nextUntold(&$0, begins: true) }) else { return }
    while true {
      job.finish()
      guard let next = line.withLock({ Self.nextUntold(&$0, begins: false) }) else { return }
      job = next
    }
  }

  private static func nextUntold(_ line: inout Line, begins: Bool) -> Job? {
    if begins, line.teller != nil { return nil }
    guard !line.untold.isEmpty else {
      line.teller = nil
      line.closing?.tell()
      line.closing = nil
      return nil
    }
    line.teller = pthread_self()
    return line.untold.removeFirst()
  }
}
