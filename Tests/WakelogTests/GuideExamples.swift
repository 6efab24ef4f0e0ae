// The examples of the guide in Sources/Wakelog/Wakelog.docc: a test finds each of them here, or in
// GuideRun.swift, line for line.

import Testing
import Wakelog
import WakelogTesting

/// What a host would do, noted down.
private final class Heard {
  var words: [String] = []
}

struct GuideTests {
  private let heard = Heard()
  private func append(_ message: String) { heard.words.append(message) }
  private func stop() { heard.words.append("stopped") }
  private func forget(_ session: String) { heard.words.append("forget \(session)") }
  private func retryLater() { heard.words.append("retry") }
  private func tellOperator(_ message: String) { heard.words.append("tell \(message)") }
  private func report(_ text: String) { heard.words.append(text) }

  @Test func `the guide's examples do what it says`() async throws {
    let place = Place()
    try opened(place.path + "/opened")
    let engine = try Engine.open(place.path + "/log")
    try proven(engine)
    try written(engine)
    try adopted(engine)
    let started = try await awaited(engine, sessions: (0..<40).map { "task \($0)" })
    #expect(started == 40)
    reset(engine, ResetRequest(session: "nobody"))
    reset(engine, ResetRequest(session: "task 1"))
    #expect(heard.words.dropFirst(2) == ["forget nobody"])
    try again(engine)
    engine.close()
    reset(engine, ResetRequest(session: "task 1"))
    #expect(heard.words.last == "retry")
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
    let fence = try engine.wake(wake).fence ?? ""
    try append("one", to: session, engine, fence)
    #expect(heard.words == ["one"])
    try engine.reset(ResetRequest(session: session))
    try append("two", to: session, engine, fence)
    #expect(heard.words == ["one", "stopped"])
  }

  private func append(
    _ message: String, to session: String, _ engine: Engine, _ fence: String
  ) throws {
    do {
      try engine.check(CheckRequest(session: session, fence: fence))
      append(message)
    } catch let error where error.code == .staleFence {
      stop()
    }
  }

  private func adopted(_ engine: Engine) throws {
    var adopting = PolicyRequest()
    adopting.adopt = Policy.builtIn(named: "standard")
    try engine.policy(adopting)
  }

  private func awaited(_ engine: Engine, sessions: [String]) async throws -> Int {
    let started = try await withThrowingTaskGroup(of: WakeResult.self) { group in
      for session in sessions {
        group.addTask {
          try await engine.wake(
            WakeRequest(session: session, agent: "ada", provider: "claude", source: .cron))
        }
      }
      return try await group.reduce(0) { count, woken in woken.isStarted ? count + 1 : count }
    }
    return started
  }

  private func reset(_ engine: Engine, _ request: ResetRequest) {
    let session = request.session
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
  }

  private func again(_ engine: Engine) throws {
    let wake = WakeRequest(session: "again", agent: "ada", provider: "claude", source: .message)
    let woken = try engine.wake(wake)
    let (attempt, fence) = (try #require(woken.attempt), try #require(woken.fence))
    let finish = FinishRequest(attempt: attempt, fence: fence)
    let first = try ended(engine, woken, finish)
    let second = try ended(engine, woken, finish)
    #expect(!first.isDuplicate && second.isDuplicate)
  }

  private func ended(
    _ engine: Engine, _ woken: WakeResult, _ given: FinishRequest
  ) throws -> FinishResult {
    var finish = given
    finish.turns = 1
    finish.key = "run-\(woken.run ?? 0)-end"
    let end = try engine.finish(finish)
    return end
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
