import Testing
import WakelogTesting

@testable import WakelogModel

/// Each historical bug in its own story: there it breaks its law, and the engine does not.
struct MutantTests {
  static let stories: [(mutant: Mutant, story: @Sendable (World) -> Void)] = [
    (
      .keepsDeadIdAfterFallback,
      { world in
        world.bind("x")
        for _ in 0..<2 {
          world.wake()
          world.notFound()
          world.succeed(nil, "y")
        }
      }
    ),
    (
      .statusStaysFailed,
      { world in
        world.bind("x")
        world.wake()
        world.notFound()
        world.succeed(nil, "y")
      }
    ),
    (
      .blamesTheAgent,
      { world in
        world.wake()
        world.finish(exitCode: 1, status: 529, turns: 0)
      }
    ),
    (
      .homeTakenForWorkspace,
      { world in
        world.bind("x", workspace: "project:/p")
        world.wake(source: .timer, workspace: "home:/h")
      }
    ),
    (
      .resetGuardBypassedByAgentFallback,
      { world in
        world.bind("x")
        world.wake(forceFresh: true)
      }
    ),
    (
      .bindsFailingResult,
      { world in
        world.wake()
        world.notFound(reporting: "y")
      }
    ),
    (
      .bindsEcho,
      { world in
        world.wake()
        world.progress(sessionId: "y")
      }
    ),
    (
      .staleWriterAccepted,
      { world in
        world.wake()
        world.reset()
        world.succeed(nil, "y")
      }
    ),
    (
      .cursorOfBeforeTheReset,
      { world in
        world.wake()
        world.flush(from: 0, to: 4)
        world.reset()
        world.wake()
        world.flush(from: 4, to: 5)
      }
    ),
    (
      .writesIntoTheOldSession,
      { world in
        world.bind("x")
        world.reset()
        world.wake()
        world.succeed(nil, "x")
      }
    ),
    (
      .timeoutNeverCondemns,
      { world in
        world.bind("x")
        for _ in 0..<3 {
          world.wake()
          world.finish(outcome: .timedOut)
        }
      }
    ),
    (
      .missingTranscriptResumed,
      { world in
        world.bind("x")
        world.wake(transcript: false)
      }
    ),
    (
      .shellRunBindsSession,
      { world in
        world.wake(source: .cron, resumable: false)
        world.succeed(nil, "x")
      }
    ),
    (
      .explicitRequestBeatsCondemnation,
      { world in
        world.bind("x")
        world.wake()
        world.notFound()
        world.succeed(nil, "")
        world.wake(resume: "x")
      }
    ),
    (
      .otherProjectResumed,
      { world in
        world.bind("x", workspace: "project:/p")
        world.wake(workspace: "project:/q")
      }
    ),
    (
      .secondRunStarts,
      { world in
        world.wake()
        world.wake()
      }
    ),
    (
      .heldSessionResumed,
      { world in
        world.bind("x")
        world.wake()
        world.wake("t", resume: "x")
      }
    ),
    (
      .wakeLost,
      { world in
        world.wake()
        world.wake()
        world.wake()
      }
    ),
    (
      .cacheKeepsBinding,
      { world in
        world.bind("x")
        world.wake()
        world.notFound()
      }
    ),
  ]

  static func broken(_ world: World) -> [Law] {
    var laws = world.laws
    laws.finish()
    let isSame = world.state.firstDifference(from: world.replayed()) == nil
    return laws.violations.map(\.law) + (isSame ? [] : [.replayEqualsLive])
  }

  @Test(arguments: stories.indices)
  func `a historical bug breaks its law, and the engine does not`(_ index: Int) {
    let (mutant, story) = Self.stories[index]
    let clean = World()
    story(clean)
    #expect(Self.broken(clean) == [])
    let buggy = World()
    buggy.mutant = mutant
    story(buggy)
    #expect(Self.broken(buggy).contains(mutant.breaks), "\(mutant.name)")
  }

  @Test func `every mutant has its story, and every law a mutant`() {
    #expect(Self.stories.map(\.mutant.name) == Mutant.all.map(\.name))
    #expect(Set(Mutant.all.map(\.breaks)) == Set(Law.allCases))
  }

  /// A test that says all that changed fails when something else changes as well.
  @Test func `then fails for what was not mentioned, and shows it`() throws {
    let world = World()
    world.bind("x")
    world.given()
    world.reset()
    let error = #expect(throws: Unexpected.self) {
      try world.then { $0["session s", "bound"] = nil }
    }
    #expect(error?.description.contains("+ session s.generation = 2") == true)
    #expect(error?.description.contains("- session s.generation = 1") == true)
  }
}
