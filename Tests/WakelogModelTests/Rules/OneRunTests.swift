import Testing
import WakelogModel
import WakelogTesting

/// One open run per key and per provider session; every wake settles.
struct OneRunTests {
  // Archon #1830: two keys resumed one provider session at once, and its transcript was garbled.
  @Test func `a provider session is held by one open run`() {
    let world = World()
    world.bind("a", to: "x")
    world.wake("b", resume: "x")
    #expect(world.wake("a").plan?.considered == ["bound x: inUse"])
    world.finish(exitCode: 1, turns: 0, status: 500)
    #expect(world.violations().isEmpty)
  }

  // The run that held the session had been dead for an hour.
  @Test func `a holder whose lease ran out gives way`() {
    let world = World()
    world.bind("a", to: "x")
    let lost = world.wake("b", resume: "x", lease: 60)
    world.advance(seconds: 59)
    #expect(world.wake("a", keep: true).plan?.considered == ["bound x: inUse"])
    world.finish(exitCode: 1, turns: 0, status: 500)
    world.advance(seconds: 1)
    #expect(world.wake("a").plan?.sessionId == "x")
    #expect(world.session("b").lastRun == .interrupted)
    #expect(world.check(run: lost.run).error == "staleFence")
    #expect(world.violations().isEmpty)
  }

  // A session that another process uses is no dead session.
  @Test func `a session in use elsewhere is refused here and now, and condemned by nobody`() {
    let world = World()
    world.bind(to: "x")
    world.wake()
    let busy = world.finish(
      exitCode: 1, turns: 0, stderr: "Error: Session ID x is already in use.")
    #expect(busy.failure == .sessionInUse)
    #expect(busy.plan?.mode == .fresh)
    #expect(world.identity("x").condemned == nil)
    #expect(world.identity("x").suspicion == 0)
    #expect(world.session().bound == "x")
  }

  // A reply was lost on the way; the host finished again, and the run was counted twice.
  @Test func `a repeated finish answers what it answered before`() {
    let world = World()
    let run = world.wake()
    world.finish(exitCode: 0, sessionId: "x", turns: 3)
    world.settleExpectations()
    let again = world.finish(run: run.run, exitCode: 0, sessionId: "x", turns: 3)
    #expect(again.isDuplicate)
    #expect(again.events.isEmpty)
    #expect(
      world.finish(run: run.run, exitCode: 0, sessionId: "z", turns: 3).error
        == "staleFence")
    let diff = world.expectChange()
    #expect(diff.isEmpty, "\(diff)")
  }

  // The same within a run that goes on: the lost reply named the next attempt.
  @Test func `a repeated finish of a failed attempt does not fail the next one`() {
    let world = World()
    world.bind(to: "x")
    let first = world.wake()
    world.finish(exitCode: 1, turns: 0, stderr: unknownSession)
    let again = world.finish(
      attempt: first.attempt, exitCode: 1, turns: 0, stderr: unknownSession)
    #expect(again.isDuplicate)
    let other = world.finish(attempt: first.attempt, exitCode: 1, turns: 0, stderr: "else")
    #expect(other.error == "conflict")
    #expect(world.succeed("y").settled == true)
  }

  // Nothing was heard for a minute; the next wake must not wait for a run that is no more.
  @Test func `progress renews a lease, and silence ends it as a suspicion`() {
    let world = World()
    world.bind(to: "x")
    world.wake(lease: 60)
    world.advance(seconds: 59)
    world.progress()
    world.advance(seconds: 59)
    #expect(world.wake(source: .timer).disposition == .coalesced)
    world.advance(seconds: 1)
    let next = world.wake(source: .timer, lease: 60)
    #expect(next.disposition == .started)
    #expect(next.plan?.sessionId == "x")
    #expect(world.identity("x").suspicion == 1)
    world.advance(seconds: 60)
    #expect(world.wake().plan?.considered == [])
    #expect(world.identity("x").condemned == .suspect)
    #expect(world.violations().isEmpty)
  }

  // Without a lease and without a host a server may take as long as it likes.
  @Test func `a run without lease and host stays open`() {
    let world = World()
    world.wake()
    world.advance(seconds: 10_000_000)
    world.host("gw")
    #expect(world.wake(source: .timer).disposition == .coalesced)
  }

  // An old process came back from a pause and took wakes in the name of the new one.
  @Test func `hosts that overlap are told apart by their epochs`() {
    let world = World()
    world.host("gw")
    let old = world.wake("a", host: "gw", epoch: 1)
    let other = world.wake("b", host: "cron")
    #expect(world.host("gw").interrupted == [old.run])
    #expect(world.wake("a", host: "gw", epoch: 1).error == "hostSuperseded")
    #expect(world.wake("a", host: "gw", epoch: 3).error == "invalid")
    #expect(
      world.finish(run: old.run, exitCode: 0, sessionId: "x", turns: 1).error
        == "staleFence")
    #expect(world.wake("a", host: "gw", epoch: 2).disposition == .started)
    #expect(world.session("b").openRun == other.run)
    #expect(world.violations().isEmpty)
  }

  // The cursor of a transcript went back after a crash, and messages were written twice.
  @Test func `the flush cursor moves on by those who know where it is`() {
    let world = World()
    world.wake()
    #expect(world.flush(from: 0, to: 4).error == nil)
    #expect(world.flush(from: 0, to: 4).fault == .cursor(4))
    #expect(world.flush(from: 5, to: 6).fault == .cursor(4))
    #expect(world.flush(from: 4, to: 3).error == "invalid")
    #expect(world.flush(from: 4, to: 9).error == nil)
    world.succeed("x")
    world.wake()
    #expect(world.session().cursor == 9)
    #expect(world.flush(from: 9, to: 10).error == nil)
  }

  // A key belongs to one agent: two agents on one key took each other's session.
  @Test func `a key belongs to one agent`() {
    let world = World()
    world.bind(to: "x")
    #expect(world.wake(agent: "bob").error == "conflict")
  }
}
