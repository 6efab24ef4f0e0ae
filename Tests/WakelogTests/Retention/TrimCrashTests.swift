import Foundation
import Synchronization
import Testing
import WakelogModel
import WakelogStore

@testable import Wakelog

/// A trim that is killed at any step has done nothing or goes on; the log is whole all the time.
@Suite struct TrimCrashTests {
  let place = Place()

  @Test func `killed at every step, a trim goes on where it stopped`() async throws {
    let used = try Used(place, seed: 11, calls: 900)
    let engine = try used.open()
    let before = try answers(engine, at: used.driver.milliseconds)
    engine.close()
    let original = place.path + "/original"
    try FileManager.default.copyItem(atPath: place.log, toPath: original)
    let steps = Mutex<[TrimStep]>([])
    let counted = try used.open { $0.onTrimStep = { step in steps.withLock { $0.append(step) } } }
    _ = try counted.trim(before: .moment(used.now), archive: used.archive, by: "ops")
    counted.close()
    let all = steps.withLock { $0 }
    #expect(Set(all.map { "\($0)" }).count == 4, "every kind of step is there: \(all)")

    for step in 1...all.count {
      for path in [place.log, used.archive] { try FileManager.default.removeItem(atPath: path) }
      try FileManager.default.copyItem(atPath: original, toPath: place.log)
      let (log, archive, now) = (place.log, used.archive, used.driver.milliseconds)
      await #expect(processExitsWith: .signal(SIGKILL), "step \(step)") {
        [log = log as String, archive = archive as String, now = now as Int64, step = step as Int]
        in
        let left = Mutex(step)
        var options = Engine.Options.forTests()
        options.archiving.segmentEvents = 700
        options.onTrimStep = { _ in
          if left.withLock({
            $0 -= 1; return $0
          }) == 0 {
            kill(getpid(), SIGKILL)
          }
        }
        let engine = try Engine.open(log, options: options)
        _ = try engine.trim(
          before: .moment(Instant(nanoseconds: now * 1_000_000)), archive: archive, by: "ops")
      }
      #expect(try place.fault() == nil, "step \(step)")
      let after = try used.open()
      #expect(try answers(after, at: used.driver.milliseconds) == before, "step \(step)")
      _ = try after.trim(before: .moment(used.now), archive: used.archive, by: "ops")
      #expect(try answers(after, at: used.driver.milliseconds) == before, "step \(step)")
      let live = try after.stateHash()
      after.close()
      #expect(try place.fault() == nil, "step \(step)")
      let hasRows = try place.look { log in try log.read { try $0.hasRowsBelowBase } }
      #expect(!hasRows, "step \(step)")
      #expect(try used.wholeHash() == live, "step \(step)")
    }
  }
}
