import Testing
import WakelogTesting

@testable import WakelogModel

/// A command whose events did not become durable never happened.
struct UndoTests {
  @Test(arguments: RandomHistory.policies.indices)
  func `undo gives back the state before, to the byte`(_ policy: Int) throws {
    let world = try HistoryTests.world(policy)
    var history = RandomHistory(seed: 11)
    for step in 0..<400 {
      let before = world.state
      world.state.beginJournal()
      for _ in 0..<(step % 3 + 1) { history.step(world) }
      let after = world.state
      world.state.undoChanges()
      let undone = world.state.firstDifference(from: before)
      try #require(undone == nil, "seed 11, step \(step): \(undone!)")
      world.state = after
      world.state.keepChanges()
    }
  }

  @Test func `what is kept is not undone`() {
    let world = World()
    world.state.beginJournal()
    world.bind("x")
    world.state.keepChanges()
    world.state.undoChanges()
    #expect(world.bound() == "x")
  }

  @Test(arguments: RandomHistory.policies.indices)
  func `decide says what execute does`(_ policy: Int) throws {
    let world = try HistoryTests.world(policy)
    var history = RandomHistory(seed: 13)
    var decided: [Event] = []
    world.willGive = { command, world in
      decided += world.state.decide(command, at: world.now, context: world).events
    }
    for _ in 0..<600 { history.step(world) }
    #expect(world.log == decided)
    world.willGive = nil
  }

  @Test func `the same log again gives the same events`() throws {
    func log() throws -> [Event] {
      let world = try HistoryTests.world(1)
      var history = RandomHistory(seed: 17)
      for _ in 0..<1_000 { history.step(world) }
      return world.log
    }
    #expect(try log() == log())
  }
}
