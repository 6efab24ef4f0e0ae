import Foundation
import Synchronization
import Testing
import WakelogModel

@testable import Wakelog

@Suite struct JobQueueTests {
  /// A caller that was not leading looked at its result as soon as it was in line. The leader had
  /// just carried the call out, and not yet committed it: the caller left with a promise.
  @Test func `a caller never leaves before its call is durable`() {
    let early = Atomic(0)
    let queue = JobQueue(
      FailingStages {
        let end = DispatchTime.now().uptimeNanoseconds + 50_000
        while DispatchTime.now().uptimeNanoseconds < end {}
        return .failed(WakelogError(.diskFull, "the commit failed"))
      })
    onThreads(64) { _ in
      for _ in 0..<1_000 {
        let job = ResultJob<JSONValue>(writes: true) { _ throws(WakelogError) in .null }
        if (try? queue.perform(job)) != nil { early.add(1, ordering: .relaxed) }
      }
    }
    #expect(early.load(ordering: .relaxed) == 0)
    queue.close(after: ResultJob<JSONValue>(writes: false) { _ throws(WakelogError) in .null })
  }

  /// A helper that had looked for calls and then went to rest did not see the call that came in
  /// between, and nobody else did: a program that awaited it waited for ever.
  @Test(.timeLimit(.minutes(5)))
  func `a call that comes while the helpers go to rest is carried out`() {
    onThreads(8) { thread in
      let queue = JobQueue(FailingStages { .durable })
      let (sent, told) = (40_000, DispatchSemaphore(value: 0))
      for round in 0..<sent {
        let calls = 1 + (round + thread) % 3
        for call in 0..<calls {
          let writes = (round + call) % 2 == 0
          let job = ResultJob<JSONValue>(writes: writes, body: { _ throws(WakelogError) in .null })
          {
            _ in told.signal()
          }
          try? queue.submit(job)
        }
        for _ in 0..<calls where told.wait(timeout: .now() + 60) == .timedOut {
          Issue.record("a call of round \(round) was never carried out")
          return
        }
      }
      queue.close(after: ResultJob<JSONValue>(writes: false) { _ throws(WakelogError) in .null })
    }
  }

  /// A call without a thread of its own stopped the host when the system had none to give.
  @Test func `where no thread can be started, the caller carries its call out`() {
    let queue = JobQueue(FailingStages { .durable }, detach: { _ in false })
    let told = Atomic(0)
    for _ in 0..<3 {
      let job = ResultJob<JSONValue>(writes: true, body: { _ throws(WakelogError) in .null }) { _ in
        told.add(1, ordering: .relaxed)
      }
      try? queue.submit(job)
    }
    #expect(told.load(ordering: .relaxed) == 3)
    queue.close(after: ResultJob<JSONValue>(writes: false) { _ throws(WakelogError) in .null })
  }
}

/// Stages without a log: every call that writes has to be committed, and what becomes of that a
/// closure says.
private final class FailingStages: Stages, @unchecked Sendable {
  private let core = Core()
  private let outcome: @Sendable () -> CommitOutcome
  private var inFlight: Batch?
  private var batch = Batch()

  init(_ outcome: @escaping @Sendable () -> CommitOutcome) { self.outcome = outcome }

  func decide(_ jobs: [Job]) {
    for job in jobs { job.run(on: core) }
    batch.jobs += jobs
  }
  var open: [Job] { batch.jobs }
  var isFull: Bool { false }
  var hasContent: Bool { batch.jobs.contains(where: \.writes) }
  var isAhead: Bool { inFlight != nil || hasContent }
  var isStale: Bool { false }
  func takeAnswered() -> [Job] {
    defer { batch = Batch() }
    return batch.jobs
  }
  func close() -> Batch {
    let closed = batch
    inFlight = closed
    batch = Batch()
    return closed
  }
  func commit(_ batch: Batch) -> CommitOutcome { outcome() }
  func settle() { inFlight = nil }
  func takeBack() -> [Job] {
    defer { (inFlight, batch) = (nil, Batch()) }
    return (inFlight?.jobs ?? []) + batch.jobs
  }
  func conflictSeen() {}
  var decidesInside: Bool { false }
  func decideInside(patience: Double, _ jobs: () -> [Job]) -> CommitOutcome { outcome() }
  var writerWaitSeconds: Double { 30 }
  var wantsUpkeep: Bool { false }
  func keepUp() {}
}
