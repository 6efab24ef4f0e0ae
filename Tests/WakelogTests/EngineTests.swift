import Dispatch
import Foundation
import Testing
import WakelogModel

@testable import Wakelog

@Suite struct EngineTests {
  static func scratch() -> String {
    NSTemporaryDirectory() + "wakelog-\(UUID().uuidString)"
  }

  @Test func `a wake, its end and the next wake`() throws {
    let path = Self.scratch()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let engine = try Engine.open(path)
    let wake = try engine.wake(
      WakeRequest(session: "s", agent: "ada", provider: "claude", source: .message))
    #expect(wake.isStarted)
    var finish = FinishRequest(attempt: wake.attempt!, fence: wake.fence!)
    finish.exitCode = 0
    finish.sessionId = "a"
    finish.turns = 2
    #expect(try engine.finish(finish).isSettled)
    engine.close()
    let again = try Engine.open(path)
    let next = try again.wake(
      WakeRequest(session: "s", agent: "ada", provider: "claude", source: .message))
    #expect(next.plan?.sessionId == "a")
    again.close()
  }

  @Test func `sixty-four callers share commits`() throws {
    let path = Self.scratch()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let engine = try Engine.open(path)
    DispatchQueue.concurrentPerform(iterations: 64) { caller in
      for _ in 0..<20 {
        let wake = try! engine.wake(
          WakeRequest(session: "s\(caller)", agent: "ada", provider: "claude", source: .message))
        var finish = FinishRequest(attempt: wake.attempt!, fence: wake.fence!)
        finish.sessionId = "x\(caller)"
        finish.turns = 1
        finish.exitCode = 0
        _ = try! engine.finish(finish)
      }
    }
    #expect(try engine.session(SessionRequest(session: "s7")).sessionId == "x7")
    engine.close()
  }
}
