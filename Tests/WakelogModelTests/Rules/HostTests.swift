import Testing
import WakelogTesting

@testable import WakelogModel

/// Hosts, leases, abandonment, upgrades, the flush cursor, lost replies.
struct HostTests {
  @Test func `a host that comes back finds its runs ended, and no other's`() {
    let world = World()
    world.host("h")
    let first = world.wake("a", host: "h").run
    let second = world.wake("b", host: "h").run
    world.wake("c", host: "i")
    world.wake("d")
    #expect(world.host("h").interrupted == [first, second])
    #expect(world.openRun("c") != nil)
    #expect(world.openRun("d") != nil)
    #expect(world.session("a").lastRunFailure == .interrupted)
    #expect(world.agent().infrastructureFailures == 2)
    #expect(world.agent().agentFailures == 0)
  }

  @Test func `an epoch is current, stale or was never issued`() throws {
    let world = World()
    world.wake("early", host: "h")
    #expect(world.host("h").interrupted.count == 1)
    world.host("h")
    #expect(world.wake(host: "h", epoch: 2).disposition == .started)
    let hold = try #require(world.holds["s"])
    let stale = world.wake("s", host: "h", epoch: 1)
    #expect(stale.fault == .staleFence)
    #expect(stale.rejected == [.staleEpoch])
    #expect(world.check(holding: hold).fault == nil)
    #expect(world.wake("never", host: "h", epoch: 1).events.isEmpty)
    guard case .invalid("epoch", _)? = world.wake(host: "h", epoch: 3).fault else {
      Issue.record("an epoch that was never issued is invalid")
      return
    }
    #expect(world.next(host: "h", epoch: 1).fault == .staleFence)
  }

  @Test func `a waiting wake of a host's former life starts in its present one`() {
    let world = World()
    world.host("h")
    world.wake(host: "h")
    world.wake(host: "h")
    world.host("h")
    #expect(world.next().disposition == .started)
    #expect(world.openRun()?.epoch == 2)
    #expect(world.violations.isEmpty)
  }

  @Test func `progress renews a lease, and silence ends it only when somebody looks`() {
    let world = World()
    world.wake(lease: 60)
    world.pass(seconds: 59)
    world.progress()
    world.pass(seconds: 59)
    #expect(world.wake(source: .timer).disposition == .coalesced)
    world.pass(seconds: 60)
    #expect(world.succeed(nil, "x").fault == nil)
    world.wake(lease: 60)
    world.wake()
    world.pass(seconds: 60)
    #expect(world.next().disposition == .started)
  }

  @Test func `the policy's lease holds where none is given`() throws {
    let world = try World(policy: ["lease": ["seconds": 60]])
    world.wake()
    world.pass(seconds: 60)
    #expect(world.wake(source: .timer, lease: 0).disposition == .started)
    #expect(world.wake(source: .timer).disposition == .started)
    #expect(world.session().lastRunOutcome == .interrupted)
  }

  @Test func `a clock that stands behind does not end a lease early`() {
    let world = World()
    world.wake(lease: 60)
    world.pass(seconds: -3_600)
    #expect(world.wake(source: .timer).disposition == .coalesced)
    world.pass(seconds: 3_659)
    #expect(world.wake(source: .timer).disposition == .coalesced)
  }

  @Test func `abandon ends an open run and keeps the binding`() throws {
    let world = World()
    world.bind("x")
    let hold = try #require(
      {
        world.wake(); return world.holds["s"]
      }())
    #expect(world.abandon().kinds == [.runFinished])
    #expect(world.bound() == "x")
    #expect(world.session().lastRunOutcome == .interrupted)
    #expect(world.abandon().fault != nil)
    #expect(world.succeed(nil, "y").fault == .staleFence)
    #expect(world.finish(holding: hold, exitCode: 0, turns: 1).rejected == [.staleFence])
  }

  @Test func `the flush cursor moves in one place, and starts anew with a generation`() {
    let world = World()
    world.wake()
    #expect(world.flush(from: 0, to: 3).fault == nil)
    #expect(world.flush(from: 0, to: 3).fault == .cursor(3))
    #expect(world.flush(from: 4, to: 5).fault == .cursor(3))
    #expect(world.flush(from: 3, to: 3).fault == nil)
    guard case .invalid("to", _)? = world.flush(from: 3, to: 2).fault else {
      Issue.record("a cursor does not go back")
      return
    }
    world.succeed(nil, "x")
    world.wake()
    #expect(world.flush(from: 3, to: 4).fault == nil)
    world.reset()
    world.wake()
    #expect(world.flush(from: 4, to: 5).fault == .cursor(0))
    #expect(world.flush(from: 0, to: 1).fault == nil)
  }

  @Test func `only a verified version is swapped in, one upgrade at a time`() {
    let world = World()
    world.host("h", version: "1")
    #expect(world.upgrade("h", to: "2", .verified).fault != nil)
    #expect(world.upgrade("h", to: "2", .swapped).fault != nil)
    #expect(world.upgrade("h", to: "2", .failed).fault != nil)
    #expect(world.upgrade("h", to: "2", .staged).fault == nil)
    #expect(world.upgrade("h", to: "2", .swapped).fault != nil)
    #expect(world.host("h", version: "2").fault != nil)
    #expect(world.host("h", version: "1").fault == nil)
    #expect(world.upgrade("h", to: "3", .staged).fault == nil)
    #expect(world.upgrade("h", to: "2", .verified).fault != nil)
    #expect(world.host("h", version: "2").fault != nil)
    #expect(world.upgrade("h", to: "3", .verified).fault == nil)
    #expect(world.upgrade("h", to: "3", .swapped).fault == nil)
    #expect(world.upgrade("h", to: "3", .swapped).fault != nil)
    let host: HostSymbol = world.symbol("h")
    let used = world.state.hosts[host.number].versionToUse
    #expect(world.text(of: used.number, in: .version) == "3")
    #expect(world.host("h", version: "3").fault == nil)
  }

  @Test func `a version that failed is not run`() {
    let world = World()
    world.host("h", version: "1")
    world.upgrade("h", to: "2", .staged)
    world.upgrade("h", to: "2", .verified)
    #expect(world.upgrade("h", to: "2", .failed).fault == nil)
    #expect(world.host("h", version: "2").fault != nil)
    #expect(world.upgrade("h", to: "2", .swapped).fault != nil)
  }

  /// The version in use was staged again, to be installed anew; the host that runs it came back
  /// before it was verified, and there was no version left to run.
  @Test func `the version in use may be run whatever becomes of it when it is staged again`() {
    let world = World()
    world.host("h", version: "1")
    world.upgrade("h", to: "1", .staged)
    #expect(world.host("h", version: "1").fault == nil)
  }

  @Test func `a finish whose reply was lost is answered again`() throws {
    let world = World()
    world.bind("x")
    world.wake()
    let hold = try #require(world.holds["s"])
    let failed = {
      world.finish(holding: hold, exitCode: 1, stderr: World.noConversation, turns: 0)
    }
    #expect(failed().isSettled == false)
    #expect(failed().isDuplicate)
    #expect(failed().events.isEmpty)
    let wrong = world.finish(holding: hold, exitCode: 0, turns: 1)
    #expect(wrong.rejected == [.wrongAttempt])
    world.succeed(nil, "y")
    // Only the latest is answered again.
    #expect(failed().fault == .staleFence)
  }

  @Test func `nothing is written to a key that was never woken`() {
    let world = World()
    #expect(world.succeed("t", "x").events.isEmpty)
    #expect(world.probe("t", sessionId: "x", exists: false).events.isEmpty)
    #expect(world.cancel("t").fault != nil)
    #expect(world.next("t").fault != nil)
    #expect(world.repair("t", bind: "x").fault != nil)
    #expect(world.pause("nobody").fault != nil)
  }
}
