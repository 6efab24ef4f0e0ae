import Testing
import WakelogForensics
import WakelogModel
import WakelogTesting

/// Hosts as they were: their logs break the laws that they are known for, follow from their own
/// rules, and would have gone another way by the engine's.
struct PastTests {
  static let cases = ["paperclip@issue-6608", "archon@before-1294", "openclaw@2026.5.2"]

  /// A session that dies between two wakes, and four wakes more.
  private func deadSession(_ world: World) {
    let unknown = "No conversation found with session ID: x"
    world.bind(to: "x", workspace: "/srv/app")
    world.advance(seconds: 3_600)
    for number in 1...4 {
      world.wake(workspace: "/srv/app")
      world.advance(seconds: 5)
      let first = world.finish(exitCode: 1, sessionId: "x", turns: 0, stderr: unknown)
      if first.settled == false { world.succeed("y\(number)") }
      world.advance(seconds: 3_600)
    }
  }

  private func world(_ name: String, _ play: (World) -> Void) throws -> World {
    let rules = try #require(AsItWas(named: name))
    let world = World(policy: .builtIn(named: rules.host.policy), rules: rules)
    play(world)
    return world
  }

  @Test(arguments: [
    (
      "paperclip@issue-6608",
      [Law.deadStaysDead, .lastAttemptDecides, .infrastructureIsNotTheAgent]
    ),
    ("archon@before-1294", [.deadStaysDead, .proofBeforeResume]),
    ("openclaw@2026.5.2", [.deadStaysDead, .lastAttemptDecides, .infrastructureIsNotTheAgent]),
  ])
  func `a host as it was offers the dead session again`(name: String, laws: [Law]) throws {
    let world = try world(name, deadSession)
    #expect(world.brokenLaws.isSuperset(of: laws), "\(world.brokenLaws)")
  }

  @Test(arguments: cases)
  func `a record follows from its host's own rules`(name: String) throws {
    let world = try world(name, deadSession)
    let rules = try #require(AsItWas(named: name))
    let same = Comparison(
      world.events, world.texts, policy: .builtIn(named: rules.host.policy), rules: rules)
    #expect(same.divergences.isEmpty, "\(same.divergences)")
    #expect(same.decisions > 8)
    #expect(same.recorded == same.replayed)
  }

  @Test(arguments: cases)
  func `the engine would have resumed the dead session once`(name: String) throws {
    let world = try world(name, deadSession)
    let here = Comparison(world.events, world.texts, policy: .builtIn(named: "standard"))
    #expect(here.recorded.deadResumes == 4)
    #expect(here.replayed.deadResumes == 1)
    #expect(here.replayed.failedRuns == 0)
    #expect(here.replayed.runs == here.recorded.runs)
    #expect(here.divergences.count == 1)
    #expect(here.recorded.wedgedMilliseconds == 3 * 3_605_000 + 5_000)
    #expect(here.replayed.wedgedMilliseconds == 5_000)
    #expect(here.better.contains { $0.total == "deadResumes" })
    // The replay's log is one that keeps every law.
    var checker = LawChecker(suspectLimit: 2)
    for event in here.replay { checker.observe(event) }
    checker.finish()
    #expect(checker.violations.isEmpty, "\(checker.violations)")
  }

  // Paperclip #6608 by the sources of its time: what an adapter knows for a lost session falls
  // back and is saved, what it does not know fails for ever.
  @Test(arguments: [
    (#"Error resuming session: Invalid session identifier "x"."#, "x", Outcome.failed, 5),
    ("Unknown session: x", "y", .succeeded, 1),
  ])
  func `an adapter falls back on the texts that it knows`(
    text: String, saved: String, outcome: Outcome, resumes: Int
  ) throws {
    let world = try world("paperclip@2026.517") { world in
      world.wake(provider: "gemini", workspace: "/srv/app")
      world.succeed("x")
      for _ in 1...5 {
        let plan = world.wake(provider: "gemini", workspace: "/srv/app").plan
        guard plan?.sessionId == "x" else {
          world.succeed("y")
          continue
        }
        let ended = world.finish(exitCode: 42, turns: 0, stderr: text)
        if ended.settled == false { world.succeed("y") }
      }
    }
    #expect(world.session().bound == saved)
    #expect(world.session().lastRun == outcome)
    let rules = try #require(AsItWas(named: "paperclip@2026.517"))
    let same = Comparison(
      world.events, world.texts, policy: .builtIn(named: "paperclip"), rules: rules)
    #expect(same.divergences.isEmpty, "\(same.divergences)")
    #expect(same.recorded == same.replayed)
    #expect(same.recorded.deadResumes == resumes)
    #expect(world.brokenLaws.contains(.deadStaysDead) == (resumes > 1))
  }

  // The line that an adapter prints on a fallback tells what it made of it.
  @Test func `a fallback without a new id leaves nothing to resume`() throws {
    let world = try world("paperclip@2026.517") { world in
      world.bind(to: "x", workspace: "/srv/app")
      world.wake(workspace: "/srv/app")
      world.finish(exitCode: 1, turns: 0, stderr: "Unknown session: x")
      world.finish(exitCode: 1, turns: 0, stderr: "Error: connect ECONNREFUSED")
    }
    #expect(world.session().bound == nil)
    #expect(world.session().lastRun == .failed)
  }

  // Hermes #3210: a reset during a run reaches neither the run nor the agent in memory.
  @Test func `a cached agent goes on in the session of before the reset`() throws {
    let play: (World) -> Void = { world in
      world.bind(to: "old")
      let run = world.wake().run
      world.reset(because: "/new")
      world.succeed("old", run: run)
      world.flush(run: run, from: 0, to: 2)
      world.wake()
      world.succeed("old")
    }
    let world = try world("hermes@before-3220", play)
    #expect(world.brokenLaws.isSuperset(of: [.resetIsAWall, .staleWritersLose]))
    let rules = try #require(AsItWas(named: "hermes@before-3220"))
    let same = Comparison(
      world.events, world.texts, policy: .builtIn(named: "hermes"), rules: rules)
    #expect(same.divergences.isEmpty, "\(same.divergences)")
    let here = Comparison(world.events, world.texts, policy: .builtIn(named: "hermes"))
    let first = try #require(here.divergences.first)
    #expect(first.because == "ended by reset")
  }

  // Paperclip PR #1907: session and directory are looked up apart; the first fix goes round the
  // reset.
  @Test func `a note of a deployed change brings its rules`() throws {
    let world = try world("paperclip@before-1907") { world in
      world.bind(to: "x", workspace: "/srv/app")
      world.wake(source: .timer, workspace: "/home/ada", kind: .home)
      world.finish(exitCode: 1, sessionId: "x", turns: 2, stderr: "Error: permission denied")
      world.note(by: "pr-1907", text: "deployed")
      world.wake(
        source: .assignment, reason: "issue_assigned", scope: "I-31", workspace: "/srv/app")
      world.succeed("x")
    }
    #expect(world.brokenLaws.isSuperset(of: [.resetIsAWall, .sessionInItsWorkspace]))
    let rules = try #require(AsItWas(named: "paperclip@before-1907"))
    let same = Comparison(
      world.events, world.texts, policy: .builtIn(named: "paperclip"), rules: rules)
    #expect(same.divergences.isEmpty, "\(same.divergences)")
  }

  @Test func `the engine's rules under the recorded policy change nothing`() {
    let world = World()
    deadSession(world)
    let same = Comparison(world.events, world.texts)
    #expect(same.divergences.isEmpty, "\(same.divergences)")
    #expect(same.replay.count == world.events.count)
    #expect(same.better.isEmpty && same.worse.isEmpty)
  }

  // A policy can make things worse, too: a daily reset costs memory.
  @Test func `what gets worse is said`() throws {
    let world = World()
    world.bind(to: "x")
    for _ in 1...3 {
      world.advance(seconds: 86_400)
      world.bind(to: "x")
    }
    let daily = Comparison(world.events, world.texts, policy: .builtIn(named: "hermes-2026.6"))
    #expect(daily.worse.map(\.total) == ["coldStarts"])
    #expect(daily.worse.first?.recorded == 1)
    #expect(daily.worse.first?.replayed == 4)
    #expect(daily.divergences.first?.replayed == "reset (daily)")
  }
}
