import Testing
import WakelogTesting

@testable import WakelogModel

/// Wakes that find a run open.
struct MergeTests {
  @Test(arguments: Source.allCases)
  func `a wake that adds nothing joins the open run`(_ source: Source) {
    let world = World()
    let open = world.wake(scope: "T").run
    let reply = world.wake(source: source, scope: "T")
    let joins = [.timer, .cron, .event, .recovery].contains(source)
    #expect(reply.disposition == (joins ? .coalesced : .deferred))
    #expect((reply.run == open) == joins)
  }

  @Test func `a wake with a demand, another scope or another kind of run waits`() throws {
    let world = try ResetTests.world(["reasons": ["/new"]])
    world.wake()
    #expect(world.wake(source: .timer, reason: "/new").disposition == .deferred)
    #expect(world.wake(source: .timer, forceFresh: true).disposition == .deferred)
    #expect(world.wake(source: .timer, resume: "v").disposition == .deferred)
    #expect(world.wake(source: .timer, scope: "T").disposition == .deferred)
    #expect(world.wake(source: .timer, resumable: false).disposition == .deferred)
    #expect(world.wake(source: .timer, reason: "tick").disposition == .coalesced)
  }

  @Test func `waiting wakes merge as the page says`() throws {
    let world = try ResetTests.world(["reasons": ["/new"]])
    world.wake()
    let first = world.wake(source: .message, scope: "A", resumable: false)
    let second = world.wake(
      source: .assignment, reason: "/new", scope: "B", workspace: "project:/p", resume: "v",
      fingerprint: "mcp=1", lease: 60)
    let third = world.wake(source: .manual, reason: "hello", workspace: "home:/h", keep: true)
    #expect(second.run == first.run)
    #expect(third.run == first.run)
    let pending = try #require(world.pending())
    #expect(pending.source == .message)
    #expect(pending.wakes == 3)
    #expect(world.text(of: pending.scope.number, in: .scope) == "B")
    #expect(pending.workspaceKind == .home)
    #expect(pending.resume.exists)
    #expect(pending.leasePlusOne == 61)
    #expect(pending.flags == [.interaction, .demandingReason, .keep, .keepGiven])
    world.succeed(nil, "x")
    let start = world.next()
    #expect(start.disposition == .started)
    #expect(start.run == first.run)
    #expect(start.plan?.reset == .reason)
    #expect(world.openRun()?.run == first.run)
    #expect(world.openRun()?.leaseUntil != 0)
    #expect(world.pending() == nil)
  }

  @Test func `a run leaves a session if any of its wakes does`() {
    let world = World()
    world.wake()
    world.wake(source: .manual, resumable: false)
    #expect(world.pending()?.flags.contains(.leavesNoSession) == true)
    world.wake(source: .manual)
    #expect(world.pending()?.flags.contains(.leavesNoSession) == false)
  }

  @Test func `facts about transcripts are dropped when a wake waits`() {
    let world = World()
    world.bind("x")
    world.wake()
    world.wake(transcript: false)
    world.succeed(nil, "x")
    #expect(world.next().plan?.considered == ["bound x offered"])
  }

  @Test func `a new wake that finds a waiting one starts with it`() {
    let world = World()
    world.wake()
    let waiting = world.wake(forceFresh: true)
    world.succeed(nil, "x")
    let start = world.wake(source: .timer)
    #expect(start.disposition == .started)
    #expect(start.run == waiting.run)
    #expect(start.plan?.reset == .forceFresh)
    #expect(world.pending() == nil)
  }

  @Test func `next starts nothing while there is nothing, a run, a pause or a wait`() {
    let world = World()
    world.wake()
    #expect(world.next().disposition == Disposition.none)
    world.wake(source: .assignment)
    #expect(world.next().disposition == .busy)
    world.finish(exitCode: 1, status: 429, turns: 0, retryAfterSeconds: 60)
    #expect(world.next().disposition == .refused(.notBefore))
    world.pause()
    #expect(world.next().disposition == .refused(.paused))
    world.unpause()
    world.pass(seconds: 60)
    #expect(world.next().disposition == .started)
  }

  @Test func `a message that waits is held up by no notBefore`() {
    let world = World()
    world.wake()
    world.wake(source: .message)
    world.finish(exitCode: 1, status: 429, turns: 0, retryAfterSeconds: 60)
    #expect(world.next().disposition == .started)
  }

  @Test func `until notBefore every wake but message and manual is refused`() {
    let world = World()
    world.wake()
    world.finish(exitCode: 1, status: 429, turns: 0, retryAfterSeconds: 60)
    for source in Source.allCases where source != .message && source != .manual {
      #expect(world.wake(source: source).disposition == .refused(.notBefore))
    }
    #expect(world.wake(source: .manual).disposition == .started)
    world.succeed(nil, "x")
    #expect(world.wake(source: .timer).disposition == .started)
  }

  @Test func `cancel drops what waits, once`() {
    let world = World()
    world.wake()
    world.wake()
    #expect(world.cancel().kinds == [.wakeCancelled])
    #expect(world.cancel().kinds == [])
    #expect(world.next().disposition == Disposition.none)
  }

  @Test func `a paused agent is not woken, and its wakes are told so`() {
    let world = World()
    world.bind("x")
    #expect(world.pause().kinds == [.agentPaused])
    #expect(world.pause().kinds == [])
    for source in Source.allCases {
      #expect(world.wake(source: source).disposition == .refused(.paused))
    }
    world.unpause()
    #expect(world.wake().disposition == .started)
  }

  @Test func `a key belongs to one agent`() {
    let world = World()
    world.bind("x")
    let reply = world.wake(agent: "bob")
    #expect(reply.events.isEmpty)
    #expect(reply.fault != nil)
  }
}
