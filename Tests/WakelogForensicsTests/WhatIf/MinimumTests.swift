import Testing
import WakelogForensics
import WakelogModel
import WakelogTesting

/// The smallest part of a record that still breaks a law.
struct MinimumTests {
  /// A long log of a host as it was: other keys, and in one of them a session that dies.
  private func record(_ rounds: Int, _ rules: any Deciding) -> World {
    let world = World(rules: rules)
    let unknown = "No conversation found with session ID: x"
    for round in 1...rounds {
      for key in 1...10 {
        world.wake("s\(key)", agent: "a\(key)", source: .message, workspace: "/srv/\(key)")
        world.advance(seconds: 30)
        if key == 7, round > rounds / 2 {
          world.finish(exitCode: 1, sessionId: "x7", turns: 0, stderr: unknown)
          if world.session("s7").openRun != nil { world.succeed("y\(round)") }
        } else {
          world.succeed("x\(key)")
        }
      }
    }
    return world
  }

  private func breaks(_ events: [Event], _ minimum: Minimum) -> Bool {
    var checker = LawChecker()
    for event in events { checker.observe(event) }
    checker.finish()
    return checker.violations.contains {
      $0.law == minimum.violation.law && $0.session == minimum.violation.session
    }
  }

  /// Whether nothing is named that is not there, and no other law is broken than was before.
  private func isLog(_ events: [Event], like whole: [Event]) -> Bool {
    func laws(_ events: [Event]) -> Set<Law> {
      var checker = LawChecker()
      for event in events { checker.observe(event) }
      checker.finish()
      return Set(checker.violations.map(\.law))
    }
    let numbers = Set(events.map(\.sequence))
    var dangles = false
    for event in events {
      _ = event.mappingPositions { named in
        if named != event.previous, !numbers.contains(named) { dangles = true }
        return named
      }
    }
    let kinds = events.map(\.body.kind)
    let isEnded =
      kinds.count { $0 == .runStarted } == kinds.count { $0 == .runFinished } + open(whole)
    return !dangles && isEnded && laws(events).isSubset(of: laws(whole))
  }

  private func open(_ events: [Event]) -> Int {
    events.count { $0.body.kind == .runStarted } - events.count { $0.body.kind == .runFinished }
  }

  @Test(arguments: ["paperclip@issue-6608", "archon@before-1294", "openclaw@2026.5.2"])
  func `ten thousand events come down to a story, in seconds`(name: String) throws {
    let rules = try #require(AsItWas(named: name))
    let world = record(200, rules)
    #expect(world.events.count > 9_500)
    let start = ContinuousClock.now
    let minimum = try #require(Minimum(world.events, breaks: .deadStaysDead))
    #expect(ContinuousClock.now - start < .seconds(10))
    #expect(minimum.events.count <= 20, "\(minimum.events.map(\.kindName))")
    #expect(breaks(minimum.events, minimum))
    #expect(minimum.recorded.sequence == minimum.sequences.last)
    // A log of its own: numbers without gaps, nothing named that is not there.
    for (index, event) in minimum.events.enumerated() {
      #expect(event.sequence.value == UInt64(index) + 1)
      #expect(event.run.value <= UInt64(minimum.events.count))
      #expect(event.previous < event.sequence)
    }
  }

  @Test func `no event of a minimum can go, alone or with what hangs on it`() throws {
    let world = record(20, Mutant.keepsTheDeadId)
    let minimum = try #require(Minimum(world.events, breaks: .deadStaysDead))
    for index in minimum.events.indices {
      var rest = minimum.events
      rest.remove(at: index)
      #expect(!isLog(rest, like: minimum.events) || !breaks(rest, minimum), "event \(index + 1)")
    }
    let same = try #require(Minimum(minimum.events, breaks: .deadStaysDead))
    #expect(same.events == minimum.events)
  }

  @Test func `a law that is kept has no minimum`() {
    let world = record(5, CleanRules())
    for law in Law.allCases { #expect(Minimum(world.events, breaks: law) == nil) }
  }

  @Test func `a reset stays in the story of a writer who did not see it`() throws {
    let rules = try #require(AsItWas(named: "hermes@before-3220"))
    let world = World(rules: rules)
    world.bind(to: "old")
    let run = world.wake().run
    world.flush(run: run, from: 0, to: 2)
    world.reset(because: "/new")
    world.succeed("old", run: run)
    world.wake()
    world.flush(from: 2, to: 4)
    let minimum = try #require(Minimum(world.events, breaks: .staleWritersLose))
    #expect(minimum.events.contains { $0.body.kind == .sessionReset })
    #expect(minimum.events.last?.body.kind == .transcriptFlushed)
  }
}
