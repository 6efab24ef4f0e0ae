import Foundation
import TestSupport
import Testing
import WakelogForensics
import WakelogModel
import WakelogTesting

/// A violation as a test that somebody can keep: it fails on the host as it was and passes here.
struct StoryTests {
  /// A record of a host as it was, with an incident in it.
  private func record(_ name: String, _ play: (World) -> Void) throws -> World {
    let rules = try #require(AsItWas(named: name))
    let world = World(policy: .builtIn(named: rules.host.policy), rules: rules)
    for _ in 1...20 {
      world.bind("other", to: "o")
      world.advance(seconds: 60)
    }
    play(world)
    return world
  }

  private func dead(_ world: World) {
    world.bind(to: "x", workspace: "/srv/app")
    for number in 1...3 {
      world.advance(seconds: 3_600)
      world.wake(workspace: "/srv/app")
      let unknown = "No conversation found with session ID: x"
      if world.finish(exitCode: 1, sessionId: "x", turns: 0, stderr: unknown).settled == false {
        world.succeed("y\(number)")
      }
    }
  }

  private func story(_ world: World, _ law: Law) throws -> Story {
    let minimum = try #require(Minimum(world.events, breaks: law))
    return try #require(Story(minimum, of: world.events, world.texts))
  }

  @Test(arguments: [
    ("paperclip@issue-6608", Law.deadStaysDead, 8), ("archon@before-1294", .proofBeforeResume, 4),
    ("openclaw@2026.5.2", .infrastructureIsNotTheAgent, 2),
  ])
  func `a story has few steps and the rules it is of`(name: String, law: Law, most: Int) throws {
    let world = try record(name, dead)
    let story = try story(world, law)
    #expect(story.count <= most, "\(story.swift)")
    #expect(!story.swift.contains("other"))
    #expect(story.swift.contains("@Test func `the engine keeps the law`()"))
  }

  /// Compiled beside the modules that the build has made, and run: both tests pass, the one of
  /// the host as it was because its failure is known; with the known failure taken for none, it
  /// is the only one that fails.
  @Test(.timeLimit(.minutes(10)))
  func `what is written down compiles, passes here and fails as it was`() throws {
    let stories = try [
      story(record("paperclip@issue-6608", dead), .deadStaysDead),
      story(
        record("hermes@before-3220") { world in
          world.bind(to: "old")
          let run = world.wake().run
          world.reset(because: "/new")
          world.succeed("old", run: run)
          world.flush(run: run, from: 0, to: 2)
          world.wake()
          world.flush(from: 2, to: 4)
        }, .staleWritersLose),
    ]
    let bench = try Workbench()
    for (index, story) in stories.enumerated() {
      try bench.write(story.swift, "story\(index)")
    }
    let known = try bench.run()
    #expect(known.status == 0, "\(known.output)")
    #expect(known.output.contains("4 tests"), "\(known.output)")
    for (index, story) in stories.enumerated() {
      try bench.write(
        story.swift.replacing("withKnownIssue { ", with: "do { "), "story\(index)")
    }
    let unknown = try bench.run()
    #expect(unknown.status != 0)
    #expect(
      unknown.output.contains("\"paperclip@issue-6608 broke it\" failed"), "\(unknown.output)")
    #expect(unknown.output.contains("\"hermes@before-3220 broke it\" failed"))
    #expect(!unknown.output.contains("\"the engine keeps the law\" failed"))
  }
}
