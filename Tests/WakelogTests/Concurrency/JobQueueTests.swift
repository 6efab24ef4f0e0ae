import Foundation
import Synchronization
import Testing
import WakelogModel

@testable import Wakelog

@Suite struct JobQueueTests {
  /// A caller that was not leading looked at its result as soon as it was in line. The leader had
  /// just carried the call out, and not yet committed it: the caller left with a promise.
  @Test func `a caller never leaves before its call is durable`() {
    let core = Unshared(Core())
    let isCommitting = Atomic(false)
    let early = Atomic(0)
    let queue = JobQueue { jobs in
      isCommitting.store(true, ordering: .sequentiallyConsistent)
      for job in jobs { job.run(on: core.value) }
      let end = DispatchTime.now().uptimeNanoseconds + 50_000
      while DispatchTime.now().uptimeNanoseconds < end {}
      for job in jobs { job.fail(WakelogError(.diskFull, "the commit failed")) }
      isCommitting.store(false, ordering: .sequentiallyConsistent)
    }
    onThreads(64) { _ in
      for _ in 0..<1_000 {
        let job = ResultJob<JSONValue>(writes: true) { _ throws(WakelogError) in .null }
        if (try? queue.perform(job)) != nil { early.add(1, ordering: .relaxed) }
      }
    }
    #expect(early.load(ordering: .relaxed) == 0)
    queue.close(after: ResultJob<JSONValue>(writes: false) { _ throws(WakelogError) in .null })
  }

  /// A call without a thread of its own stopped the host when the system had none to give.
  @Test func `where no thread can be started, the caller carries its call out`() {
    let core = Unshared(Core())
    let queue = JobQueue(detach: { _ in false }) { jobs in
      for job in jobs { job.run(on: core.value) }
    }
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
