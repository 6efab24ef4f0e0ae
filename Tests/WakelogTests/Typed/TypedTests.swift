import Testing
import WakelogModel

@testable import Wakelog

/// The methods as Swift hosts call them: a request goes in, a result with names comes out.
@Suite struct TypedTests {
  let place = Place()
  static let at = Instant(nanoseconds: ResultTests.noon * 1_000_000, offsetMinutes: 60)

  private func wake(_ session: String, _ change: (inout WakeRequest) -> Void = { _ in })
    -> WakeRequest
  {
    var wake = WakeRequest(session: session, agent: "ada", provider: "claude", source: .message)
    wake.at = Self.at
    change(&wake)
    return wake
  }

  @Test func `a run from its wake to its end`() throws {
    let engine = try place.open()
    let first = try engine.wake(
      wake("s") {
        $0.workspace = WorkspaceName(path: "/srv/app", kind: .project)
        $0.fingerprint = ["model": "m1"]
      })
    #expect(first.isStarted && first.disposition == "started" && !first.isDuplicate)
    let plan = try #require(first.plan)
    #expect(!plan.isResume && plan.sessionId == nil && plan.generation == 1 && plan.reset == nil)
    #expect(plan.workspace?.path == "/srv/app" && plan.workspace?.kind == .project)
    #expect(!plan.because.isEmpty && plan.drift == [] && plan.params == nil)

    let attempt = try #require(first.attempt)
    let fence = try #require(first.fence)
    var progress = ProgressRequest(attempt: attempt, fence: fence)
    progress.sessionId = "a"
    progress.entered = true
    #expect(try engine.progress(progress).json["leaseUntil"] == .null)
    #expect(try engine.check(CheckRequest(session: "s", fence: fence)).json["ok"] == true)
    let flush = FlushRequest(session: "s", fence: fence, from: 0, to: 3)
    #expect(try engine.flush(flush).json["cursor"] == 3)

    var finish = FinishRequest(attempt: attempt, fence: fence)
    finish.sessionId = "a"
    finish.turns = 2
    finish.params = JSONObject([.init(name: "cwd", value: "/srv/app")])
    let end = try engine.finish(finish)
    #expect(end.isSettled && end.outcome == .succeeded && end.failure == nil && !end.isPending)
    #expect(end.nextAttempt == nil && end.session.sessionId == "a" && end.session.cursor == 3)
    #expect(try engine.finish(finish).isDuplicate)

    let second = try engine.wake(wake("s") { $0.fingerprint = ["model": "m2"] })
    #expect(second.plan?.isResume == true && second.plan?.sessionId == "a")
    #expect(second.plan?.drift == ["model"])
    #expect(second.plan?.params?["cwd"] == "/srv/app")
    var failed = FinishRequest(attempt: second.attempt!, fence: second.fence!)
    failed.exitCode = 1
    failed.stderr = "No conversation found with session ID: a"
    let fallback = try engine.finish(failed)
    #expect(!fallback.isSettled && fallback.failure == .unknownSession)
    #expect(fallback.nextAttempt != nil && fallback.nextPlan?.isResume == false)
    #expect(fallback.session.condemned == ["a"] && fallback.session.openRun == second.run)
    #expect(fallback.session.status == "running")
    engine.close()
  }

  @Test func `what operators do`() throws {
    let engine = try place.open()
    let first = try engine.wake(wake("s"))
    #expect(try engine.wake(wake("s")).disposition == "deferred")
    #expect(try engine.session(SessionRequest(session: "s")).isPending)
    #expect(try !engine.cancel(CancelRequest(session: "s")).isPending)
    let abandoned = try engine.abandon(AbandonRequest(run: first.run!, by: "eve", why: "x"))
    #expect(abandoned.status == "idle" && abandoned.openRun == nil && abandoned.key == "s")
    var repair = RepairRequest(
      session: "s", expect: .init(), set: .init(sessionId: .value("b")), by: "eve", why: "x")
    repair.expect.sessionId = .nothing
    #expect(try engine.repair(repair).sessionId == "b")
    let probe = ProbeRequest(session: "s", sessionId: "b", exists: false)
    #expect(try engine.probe(probe).condemned == ["b"])
    #expect(try engine.reset(ResetRequest(session: "s")).json["generation"] == 2)
    #expect(try engine.session(SessionRequest(session: "s")).generation == 2)
    #expect(try engine.pause(PauseRequest(agent: "ada")).json["status"] == "paused")
    let refused = try engine.wake(wake("s"))
    #expect(refused.disposition == "refused" && refused.because == "paused")
    #expect(refused.attempt == nil && refused.fence == nil && refused.plan == nil)
    #expect(try engine.unpause(UnpauseRequest(agent: "ada")).json["status"] == "idle")
    #expect(try engine.next(NextRequest(session: "s")).disposition == "none")
    #expect(try engine.host(HostRequest(host: "h")).json["epoch"] == 1)
    let upgrade = UpgradeRequest(host: "h", to: "2", step: .staged)
    #expect(try engine.upgrade(upgrade).json["state"] == "staged")
    #expect(try engine.run(RunRequest(run: first.run!)).json["outcome"] == "interrupted")
    #expect(try engine.agent(AgentRequest(agent: "ada")).json["sessions"] == 1)
    #expect(try engine.sessions(SessionsRequest()).json["items"]?.array?.count == 1)
    #expect(try engine.agents(AgentsRequest()).json["items"]?.array?.count == 1)
    #expect(try engine.attention(AttentionRequest()).json == [])
    #expect(try engine.why(WhyRequest(session: "s")).json["answer"] != nil)
    #expect(try engine.events(EventsRequest()).json["next"] == .null)
    #expect(try engine.policy(PolicyRequest()).json["policy"]?["name"] == "standard")
    let redact = RedactRequest(seq: 1, by: "eve", why: "x")
    #expect(try engine.redact(redact).json == ["redacted": false, "overwritten": true])
    engine.close()
  }

  @Test func `a request made in Swift is checked before its turn`() throws {
    let engine = try place.open()
    func error(_ request: WakeRequest) -> WakelogError? {
      do {
        _ = try engine.wake(request)
        return nil
      } catch {
        return error
      }
    }
    #expect(error(wake(""))?.field == "session")
    #expect(error(wake("s") { $0.epoch = 1 })?.field == "epoch")
    #expect(error(wake(String(repeating: "x", count: 1_025)))?.code == .tooLarge)
    #expect(error(wake("s") { $0.workspace = WorkspaceName(path: "", kind: .home) }) != nil)
    #expect(try engine.count == 0)
    engine.close()
  }

  @Test func `waiting and suspending calls give the same`() async throws {
    let engine = try place.open()
    let request = wake("s") { $0.key = "k" }
    let first = try await engine.wake(request)
    // A closure that does not suspend takes the call that waits.
    let waited = try { try engine.wake(request) }()
    #expect(waited.isDuplicate && waited.json.without("duplicate", "open") == first.json)
    let again = try await engine.wake(request)
    #expect(again.json == waited.json)
    await #expect(throws: WakelogError.self) {
      try await engine.session(SessionRequest(session: "nobody"))
    }
    let called = try await engine.call("session", JSONObject([.init(name: "session", value: "s")]))
    #expect(called == (try await engine.session(SessionRequest(session: "s")).json))
    engine.close()
  }

  @Test func `an engine opened for a host with a policy has both`() throws {
    let engine = try place.open {
      $0.host = "h"
      $0.policy = Policy.builtIn(named: "hermes-2026.6")
    }
    #expect(try engine.hello(HelloRequest()).json["policy"] == "hermes-2026.6")
    let run = try engine.wake(wake("s")).run!
    #expect(try engine.run(RunRequest(run: run)).json["host"] == "h")
    engine.close()
    let again = try place.open { $0.host = "h" }
    #expect(try again.run(RunRequest(run: run)).json["outcome"] == "interrupted")
    #expect(try again.session(SessionRequest(session: "s")).openRun == nil)
    again.close()
  }
}
