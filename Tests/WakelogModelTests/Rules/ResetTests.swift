import Testing
import WakelogModel
import WakelogTesting

/// A reset is a wall, whatever happened to the run that carried it.
struct ResetTests {
  // Hermes #61993: the process died right after /new, and the next message resumed the old
  // conversation, because the reset had only been in its memory.
  @Test func `a reset survives the loss of its run`() throws {
    let world = World()
    world.bind(to: "old")
    world.host("gw")
    #expect(world.wake(forceFresh: true, host: "gw").plan?.reset == .forceFresh)
    world.host("gw")
    #expect(world.session().lastRun == .interrupted)
    let plan = try #require(world.wake().plan)
    #expect(plan.mode == .fresh)
    #expect(plan.generation == 2)
    #expect(plan.reset == nil)
  }

  // Paperclip coalesced a wake with `forceFresh` into an open run and lost the demand.
  @Test(arguments: [Source.timer, .cron, .event, .recovery])
  func `a demand for a fresh session never coalesces`(_ source: Source) {
    let world = World()
    world.bind(to: "old")
    let open = world.wake()
    #expect(world.wake(source: source).disposition == .coalesced)
    let demand = world.wake(source: source, forceFresh: true)
    #expect(demand.disposition == .deferred)
    #expect(demand.run != open.run)
    #expect(world.wake(source: source).disposition == .coalesced)
    world.succeed("old")
    let started = world.next()
    #expect(started.plan?.reset == .forceFresh)
    #expect(started.plan?.considered == ["bound old: reset"])
    #expect(started.run == demand.run)
  }

  // A reset by reason was forgotten when the fresh attempt failed and the host woke the key again.
  @Test func `a reset survives a failure of the fresh attempt and the wakes after it`() {
    let world = World(policy: .builtIn(named: "openclaw"))
    world.bind(to: "old")
    #expect(world.wake(reason: "/new").plan?.reset == .reason)
    #expect(world.finish(exitCode: 1, turns: 0, status: 529).failure == .overloaded)
    #expect(world.wake().plan?.mode == .fresh)
    #expect(world.wake(resume: "old").disposition == .deferred)
    #expect(world.finish(exitCode: 1, turns: 0, status: 529).failure == .overloaded)
    #expect(world.next().plan?.considered == ["explicit old: reset"])
    #expect(world.violations().isEmpty)
  }

  // An older run ended after a newer one had begun and wrote its own id over the newer binding.
  @Test func `an older run that ends later overwrites nothing`() {
    let world = World()
    let old = world.wake(lease: 60)
    world.advance(seconds: 61)
    let new = world.wake()
    #expect(new.disposition == .started)
    world.succeed("new")
    world.settleExpectations()
    let late = world.finish(run: old.run, exitCode: 0, sessionId: "old", turns: 9)
    #expect(late.error == "staleFence")
    #expect(late.kinds == ["write.rejected"])
    let diff = world.expectChange()
    #expect(diff.isEmpty, "\(diff)")
  }

  // A success in a session of before the reset was bound again, and the reset was undone.
  @Test func `a success that reports an id of before the reset leaves the key unbound`() {
    let world = World()
    world.bind(to: "old")
    world.reset()
    world.wake()
    let done = world.succeed("old")
    #expect(done.outcome == .succeeded)
    #expect(done.kinds.contains("write.rejected"))
    #expect(world.session().bound == nil)
    #expect(world.violations().isEmpty)
  }

  // A key's first message said `/new`: hosts resumed whatever the caller named all the same.
  @Test func `a demand on the very first wake is named, is a wall, and stays generation 1`() {
    let world = World()
    world.bind("other", to: "x")
    let first = world.wake("s", forceFresh: true, resume: "x")
    #expect(first.plan?.reset == .forceFresh)
    #expect(first.plan?.generation == 1)
    #expect(first.plan?.considered == ["explicit x: reset"])
    world.finish(exitCode: 1, turns: 0, status: 500)
    #expect(world.wake("s", resume: "x").plan?.considered == ["explicit x: reset"])
    #expect(world.session("s").resets == 0)
  }

  // The second demand of a key that had bound nothing was taken for its first one again.
  @Test func `a demand on the second wake ends generation 1`() {
    let world = World()
    world.wake()
    world.finish(exitCode: 1, turns: 0, status: 500)
    #expect(world.wake(forceFresh: true).plan?.generation == 2)
    #expect(world.session().resets == 1)
  }

  // Two operators reset one key; the second threw away what had been said since the first.
  @Test func `a reset that expects another generation is a conflict`() {
    let world = World()
    world.bind(to: "x")
    #expect(world.reset(ifGeneration: 1).error == nil)
    world.settleExpectations()
    #expect(world.reset(ifGeneration: 1).error == "conflict")
    let diff = world.expectChange()
    #expect(diff.isEmpty, "\(diff)")
  }

  // A reset left the open run alive, and it bound its session into the new generation.
  @Test func `a reset closes the open run as superseded and blames nobody`() {
    let world = World()
    world.bind(to: "x")
    world.wake()
    world.flush(from: 0, to: 7)
    world.settleExpectations()
    world.reset()
    let diff = world.expectChange { expected in
      expected.session().generation = 2
      expected.session().resets = 1
      expected.session().bound = nil
      expected.session().provenBy = nil
      expected.session().openRun = nil
      expected.session().attempt = nil
      expected.session().cursor = 0
      expected.session().lastRun = .superseded
      expected.session().via = .resume
      expected.agent().openRuns = 0
      expected.agent().lastRun = .superseded
      expected.identity("x").heldBy = nil
    }
    #expect(diff.isEmpty, "\(diff)")
  }

  // Reset reasons are demands in this order; hosts that named the last one found confused people.
  @Test func `the causes of a reset are tested in order`() throws {
    // A limit of 0, which only policies of earlier releases have, rotates always.
    let policy = try Policy(recorded: [
      "reset": ["reasons": ["r"], "unscopedTimer": true, "rotate": ["runs": 0]]
    ])
    let world = World(policy: policy)
    let prints = [["cwd": "/a"], ["cwd": "/b"]]
    world.bind(to: "a", fingerprint: prints[0])
    func cause(_ wake: (World) -> Reply) -> ResetCause? {
      let reset = wake(world).plan?.reset
      world.succeed("n\(world.events.count)")
      return reset
    }
    #expect(
      cause { $0.wake(source: .timer, reason: "r", forceFresh: true, fingerprint: prints[1]) }
        == .forceFresh)
    #expect(cause { $0.wake(source: .timer, reason: "r", fingerprint: prints[0]) } == .reason)
    #expect(cause { $0.wake(source: .timer, fingerprint: prints[1]) } == .unscopedTimer)
    #expect(cause { $0.wake(fingerprint: prints[0]) } == .fingerprint)
    #expect(cause { $0.wake(fingerprint: prints[0]) } == .rotation)
    #expect(cause { $0.wake(keep: true, fingerprint: prints[0]) } == nil)
  }
}
