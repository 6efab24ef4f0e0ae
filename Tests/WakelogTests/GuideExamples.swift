// The examples of the guide in Sources/Wakelog/Wakelog.docc: a test finds each of them here, or in the
// README's example, line for line.

import Testing
import Wakelog
import WakelogTesting

struct GuideTests {
  @Test func `the guide's examples do what it says`() async throws {
    let place = Place()
    try opened(place.path + "/opened")
    let engine = try Engine.open(place.path + "/log")
    try proven(engine)
    try written(engine)
    try adopted(engine)
    let started = try await awaited(engine, sessions: (0..<40).map { "task \($0)" })
    #expect(started == 40)
    #expect(reset(engine, ResetRequest(session: "nobody")) == ["forget"])
    #expect(reset(engine, ResetRequest(session: "task 1")) == [])
    try again(engine)
    engine.close()
    #expect(reset(engine, ResetRequest(session: "task 1")) == ["retry"])
    played()
    try timed(place.path + "/timed")
  }

  private func opened(_ directory: String) throws {
    var options = Engine.Options()
    options.host = "gateway-1"
    options.policy = Policy.builtIn(named: "openclaw")
    let engine = try Engine.open(directory, options: options)
    #expect(try engine.hello(HelloRequest()).json["policy"] == "openclaw")
    engine.close()
  }

  private func proven(_ engine: Engine) throws {
    let wake = WakeRequest(session: "proven", agent: "ada", provider: "claude", source: .message)
    let woken = try engine.wake(wake)
    let (attempt, fence) = (try #require(woken.attempt), try #require(woken.fence))
    let reported = "id"
    var progress = ProgressRequest(attempt: attempt, fence: fence)
    progress.sessionId = reported
    progress.entered = true
    try engine.progress(progress)
    #expect(try engine.session(SessionRequest(session: "proven")).sessionId == "id")
  }

  private func written(_ engine: Engine) throws {
    let session = "written"
    let wake = WakeRequest(session: session, agent: "ada", provider: "claude", source: .message)
    let fence = try #require(try engine.wake(wake).fence)
    var lines: [String] = []
    var stops = 0
    func append(_ message: String) { lines.append(message) }
    func stop() { stops += 1 }
    for message in ["one", "two"] {
      do {
        try engine.check(CheckRequest(session: session, fence: fence))
        append(message)
      } catch  where error.code == .staleFence {
        stop()
      }
      try engine.reset(ResetRequest(session: session))
    }
    #expect(lines == ["one"] && stops == 1)
  }

  private func adopted(_ engine: Engine) throws {
    var adopting = PolicyRequest()
    adopting.adopt = Policy.builtIn(named: "standard")
    try engine.policy(adopting)
  }

  private func awaited(_ engine: Engine, sessions: [String]) async throws -> Int {
    var started = 0
    func use(_ woken: WakeResult) { started += woken.isStarted ? 1 : 0 }
    try await withThrowingTaskGroup(of: WakeResult.self) { group in
      for session in sessions {
        group.addTask {
          try await engine.wake(
            WakeRequest(session: session, agent: "ada", provider: "claude", source: .cron))
        }
      }
      for try await woken in group { use(woken) }
    }
    return started
  }

  private func reset(_ engine: Engine, _ request: ResetRequest) -> [String] {
    var did: [String] = []
    let session = request.session
    func forget(_ session: String) { did.append("forget") }
    func retryLater() { did.append("retry") }
    func tellOperator(_ message: String) { did.append("tell") }
    func report(_ text: String) { did.append(text) }
    do {
      try engine.reset(request)
    } catch {
      switch error.code {
      case .notFound: forget(session)
      case .diskFull, .busy: retryLater()
      case .corrupt: tellOperator(error.message)
      default: report("\(error)")
      }
    }
    return did
  }

  private func again(_ engine: Engine) throws {
    let wake = WakeRequest(session: "again", agent: "ada", provider: "claude", source: .message)
    let woken = try engine.wake(wake)
    var finish = FinishRequest(
      attempt: try #require(woken.attempt), fence: try #require(woken.fence))
    finish.turns = 1
    for isSecond in [false, true] {
      finish.key = "run-\(woken.run ?? 0)-end"
      let end = try engine.finish(finish)
      #expect(end.isDuplicate == isSecond)
    }
  }

  private func played() {
    let world = World()
    world.wake("chat", agent: "ada", provider: "claude", source: .message)
    world.finish(exitCode: 0, sessionId: "first", turns: 3)
    world.reset("chat")
    #expect(world.wake("chat").plan?.sessionId == nil)
  }

  private func timed(_ scratch: String) throws {
    var wake = WakeRequest(session: "timed", agent: "ada", provider: "claude", source: .message)
    var options = Engine.Options()
    options.givenClock = true
    let engine = try Engine.open(scratch, options: options)
    wake.at = Instant(milliseconds: 1_768_712_400_000)
    let woken = try engine.wake(wake)
    #expect(woken.isStarted)
    engine.close()
  }
}
