import Testing
import WakelogModel
import WakelogTesting

/// Wakes that wait: refused, coalesced, deferred and merged.
struct WaitingTests {
  // A provider said "try again in 60 s"; a heartbeat hammered it every ten and got the key banned.
  @Test func `a wait that the provider asks for holds back all but people`() {
    let world = World()
    world.wake()
    world.finish(exitCode: 1, turns: 0, status: 429, retryAfterSeconds: 60)
    world.advance(seconds: 59)
    for source in [Source.timer, .assignment, .cron, .recovery, .event] {
      #expect(world.wake(source: source).disposition == .refused(.notBefore))
    }
    #expect(world.session().runs == 1)
    #expect(world.wake(source: .message).disposition == .started)
    world.finish(exitCode: 1, turns: 0, status: 500)
    #expect(world.wake(source: .manual).disposition == .started)
    world.finish(exitCode: 1, turns: 0, status: 500)
    world.advance(seconds: 1)
    #expect(world.wake(source: .timer).disposition == .started)
  }

  @Test func `a success ends the wait`() {
    let world = World()
    world.wake()
    world.finish(exitCode: 1, turns: 0, status: 429, retryAfterSeconds: 600)
    world.bind(to: "x")
    #expect(world.session().notBefore == nil)
    #expect(world.wake(source: .timer).disposition == .started)
  }

  // A skewed clock moved time back, and the wait began anew.
  @Test func `a clock that goes back does not lengthen a wait that was served`() {
    let world = World()
    world.wake()
    world.finish(exitCode: 1, turns: 0, status: 429, retryAfterSeconds: 60)
    world.advance(seconds: 61)
    #expect(world.wake(source: .timer).disposition == .started)
    world.advance(seconds: -3_600)
    world.finish(exitCode: 1, turns: 0, status: 500)
    #expect(world.wake(source: .timer).disposition == .started)
  }

  @Test func `a paused agent is not woken, and that is tested first`() {
    let world = World()
    world.wake()
    world.finish(exitCode: 1, turns: 0, status: 429, retryAfterSeconds: 60)
    world.pause()
    #expect(world.wake(source: .message).disposition == .refused(.paused))
    #expect(world.wake(source: .timer).disposition == .refused(.paused))
    world.unpause()
    #expect(world.wake(source: .timer).disposition == .refused(.notBefore))
    #expect(world.pause("nobody").error == "notFound")
  }

  // What adds nothing to the open run coalesces; what may add something waits.
  @Test func `only an idle wake of the run's own scope and kind coalesces`() {
    let world = World()
    world.wake(scope: "t1")
    #expect(world.wake(source: .timer, scope: "t1").disposition == .coalesced)
    #expect(world.wake(source: .message, scope: "t1").disposition == .deferred)
    #expect(world.wake(source: .assignment, scope: "t1").disposition == .deferred)
    #expect(world.wake(source: .manual, scope: "t1").disposition == .deferred)
    #expect(world.wake(source: .timer, scope: "t2").disposition == .deferred)
    #expect(world.wake(source: .timer).disposition == .deferred)
    #expect(world.wake(source: .timer, scope: "t1", resume: "v").disposition == .deferred)
    #expect(world.wake(source: .cron, scope: "t1", resumable: false).disposition == .deferred)
    #expect(world.wake(source: .timer, scope: "t1").disposition == .coalesced)
    #expect(world.violations().isEmpty)
  }

  // The last of three waiting wakes won, and `/new` of the first was lost.
  @Test func `deferred wakes merge, and keep what any of them demands`() throws {
    let world = World(policy: .builtIn(named: "openclaw"))
    world.bind(to: "x", workspace: "/srv/app")
    world.wake(workspace: "/srv/app")
    let first = world.wake(source: .message, reason: "/new", scope: "t1", workspace: "/srv/a")
    let second = world.wake(source: .timer, reason: "tick", scope: "t3", workspace: "/srv/b")
    let third = world.wake(source: .cron, scope: "t2", resumable: false)
    #expect(third.run == first.run)
    #expect(third.merged.count == 3)
    world.succeed("x")
    #expect(world.session().pending)
    let run = world.next()
    #expect(run.run == first.run)
    #expect(run.merged == third.merged)
    #expect(second.merged.count == 2)
    #expect(run.plan?.reset == .reason)
    #expect(run.plan?.workspace == "/srv/b")
    world.succeed("y")
    #expect(world.session().bound == "y")
    #expect(world.next().disposition == Disposition.none)
  }

  @Test func `a deferred shell-only wake does not make its run one that leaves no session`() {
    let world = World()
    world.wake()
    world.wake(source: .cron, resumable: false)
    world.succeed("x")
    #expect(world.session().bound == "x")
    #expect(world.violations().isEmpty)
  }

  // `message` sticks: what a person asked for is not held back by a provider's wait.
  @Test func `the source message sticks to merged wakes`() {
    let world = World()
    world.wake()
    world.wake(source: .message)
    world.wake(source: .timer, scope: "t")
    world.finish(exitCode: 1, turns: 0, status: 429, retryAfterSeconds: 60)
    #expect(world.next().disposition == .started)
    world.wake("u")
    world.wake("u", source: .timer, scope: "t")
    world.finish(exitCode: 1, turns: 0, status: 429, retryAfterSeconds: 60)
    #expect(world.next("u").disposition == .refused(.notBefore))
    #expect(world.wake("u").merged.count == 2)
  }

  // Between the run's end and `next` another wake came, and overtook the one that waited.
  @Test func `a new wake takes the waiting one with it`() {
    let world = World()
    world.bind(to: "x")
    world.wake()
    let waiting = world.wake(forceFresh: true)
    #expect(world.next().disposition == .busy)
    world.succeed("x")
    let new = world.wake(source: .timer)
    #expect(new.run == waiting.run)
    #expect(new.merged.count == 2)
    #expect(new.plan?.reset == .forceFresh)
  }

  // What the host saw on disk when the wake was deferred is not true any more when it runs.
  @Test func `facts about transcripts do not wait`() {
    let world = World()
    world.bind(to: "x")
    world.wake()
    world.wake(transcript: false)
    world.succeed("x")
    #expect(world.next().plan?.sessionId == "x")
  }

  @Test func `a waiting wake can be dropped`() {
    let world = World()
    world.wake()
    world.wake()
    world.cancel()
    #expect(!world.session().pending)
    world.succeed("x")
    #expect(world.next().disposition == Disposition.none)
    #expect(world.violations().isEmpty)
  }
}
