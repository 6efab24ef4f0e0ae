import CAllocations
import Foundation
import Testing
import WakelogModel
import WakelogStore

@testable import Wakelog

@Suite(.enabled(if: allocations_are_counted(), "a sanitizer has an allocator of its own"))
struct ReplayAllocationTests {
  /// Runs that resume, fall back, fail and wait, on several keys.
  private static func fill(_ engine: Engine) throws {
    for round in 0..<6 {
      for key in 0..<8 {
        var request = WakeRequest(
          session: "s\(key)", agent: "ada", provider: "claude", source: .message)
        request.reason = "asked"
        let wake = try engine.wake(request)
        _ = try engine.wake(request)
        var finish = FinishRequest(attempt: wake.attempt!, fence: wake.fence!)
        finish.exitCode = 0
        finish.turns = 1
        finish.sessionId = "id-\(key)-0"
        if round == 3 {
          finish.exitCode = 1
          finish.turns = 0
          finish.stderr = "No conversation found with session ID: id-\(key)-0"
          finish.sessionId = nil
        }
        let end = try engine.finish(finish)
        if let next = end.nextAttempt {
          finish = FinishRequest(attempt: next, fence: wake.fence!)
          finish.exitCode = 0
          finish.sessionId = "id-\(key)-1"
          _ = try engine.finish(finish)
        }
        _ = try engine.cancel(CancelRequest(session: "s\(key)"))
      }
    }
  }

  @Test func `replay allocates nothing but rows`() throws {
    let place = Place()
    let engine = try Engine.open(place.log)
    try Self.fill(engine)
    engine.close()
    let log = try Log.open(place.log, options: LogOptions(readOnly: true))
    defer { log.close() }
    var state = State()
    let events = try log.read { try $0.lastSequence }
    // The first time makes the rows, and what the runtime makes once; the second time all is there.
    try log.read { try $0.replay(into: &state) }
    try log.read { try $0.replay(into: &state) }
    let before = allocations_made()
    try log.read { try $0.replay(into: &state) }
    let allocations = allocations_made() - before
    #expect(events > 300)
    // A transaction, a cursor and the events read ahead, however many events there are.
    #expect(allocations < 60, "\(allocations) allocations for \(events) events")
  }
}
