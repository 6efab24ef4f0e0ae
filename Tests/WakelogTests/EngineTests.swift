import Testing
import WakelogModel

@testable import Wakelog

@Suite struct EngineTests {
  let place = Place()

  @Test func `a wake, its end and the next wake, of an engine as hosts open it`() throws {
    let engine = try Engine.open(place.log)
    let wake = try engine.wake(
      WakeRequest(session: "s", agent: "ada", provider: "claude", source: .message))
    #expect(wake.isStarted)
    var finish = FinishRequest(attempt: wake.attempt!, fence: wake.fence!)
    finish.exitCode = 0
    finish.sessionId = "a"
    finish.turns = 2
    #expect(try engine.finish(finish).isSettled)
    engine.close()
    let again = try Engine.open(place.log)
    let next = try again.wake(
      WakeRequest(session: "s", agent: "ada", provider: "claude", source: .message))
    #expect(next.plan?.sessionId == "a")
    again.close()
  }
}
