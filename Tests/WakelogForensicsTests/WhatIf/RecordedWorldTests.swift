import Testing
import WakelogModel
import WakelogTesting

@testable import WakelogForensics

/// What the record says of attempts that it does not have.
struct RecordedWorldTests {
  private let events: [Event]
  private let world: RecordedWorld
  private let start: Int64

  /// `x` works at 12 and 13 o'clock and is gone from 14 on; `h` works in a directory and not in
  /// another.
  init() {
    let host = World(at: "2026-01-18T12:00:00Z", rules: AsItWas(ArchonBefore1294()))
    start = host.now.nanoseconds
    for _ in 1...2 {
      host.wake()
      host.advance(seconds: 60)
      host.succeed("x")
      host.advance(seconds: 3_540)
    }
    host.wake()
    host.finish(exitCode: 1, sessionId: "x", turns: 0, stderr: "No conversation found")
    host.wake("t", workspace: "/a")
    host.succeed("h")
    host.wake("t", workspace: "/b")
    host.finish(sessionId: "h", turns: 0, failure: .unknownSession)
    host.wake("t", workspace: "/a")
    host.succeed("h")
    events = host.events
    world = RecordedWorld(AttemptReader(events).attempts, events)
  }

  private func resume(
    _ identity: UInt32, hours: Double, workspace: UInt32 = 0
  ) -> RecordedWorld.Answer {
    var attempt = AttemptStarted()
    attempt.identity = IdentitySymbol(identity)
    attempt.workspace = WorkspaceSymbol(workspace)
    return world.answer(
      attempt, SessionSymbol(1), ProviderSymbol(1),
      at: start + Int64(hours * 3_600) * 1_000_000_000)
  }

  @Test func `an id works until the first sign that it does not`() {
    #expect(resume(1, hours: 1.9).finish.failure == nil)
    #expect(resume(1, hours: 1.9).finish.reported == IdentitySymbol(1))
    #expect(resume(1, hours: 2).finish.failure == .unknownSession)
    #expect(resume(1, hours: 50).finish.failure == .unknownSession)
  }

  @Test func `an attempt takes as long as the one it does as`() {
    #expect(resume(1, hours: 1.5).duration == 60_000_000_000)
    #expect(resume(1, hours: 2).duration == 0)
  }

  @Test func `an id is gone only from where it was not found`() {
    #expect(resume(2, hours: 3, workspace: 1).finish.failure == nil)
    #expect(resume(2, hours: 3, workspace: 2).finish.failure == .unknownSession)
  }

  @Test func `an id that the record does not know never works`() {
    #expect(resume(99, hours: 1).finish.failure == .unknownSession)
  }

  @Test func `a fresh attempt begins a session of its own`() {
    var attempt = AttemptStarted()
    attempt.mode = .fresh
    let answer = world.answer(attempt, SessionSymbol(1), ProviderSymbol(1), at: start)
    #expect(answer.isNewSession)
    #expect(answer.finish.failure == nil)
    let other = world.answer(attempt, SessionSymbol(77), ProviderSymbol(1), at: start)
    #expect(other.finish.turns == answer.finish.turns)
  }
}
