import Glibc
import Testing
import WakelogTesting

@testable import WakelogModel

/// Every sequence of commands over one or two keys and two ids, up to some depth.
///
/// Breadth first: sequences that lead to the same state, positions aside, are gone on from once.
/// `WAKELOG_DEPTH` sets the depth.
struct SmallWorldTests {
  static let depth = getenv("WAKELOG_DEPTH").flatMap { Int(String(cString: $0)) } ?? 0

  /// The clock stands still, so that policies that differ by time alone are the same here.
  static let policies = [0, 2, 3]

  @Test(arguments: policies)
  func `One key breaks no law in any sequence of commands`(policy: Int) {
    explore(SmallWorld(keys: 1, policy: policy), depth: Self.depth > 0 ? Self.depth : 5)
  }

  @Test(arguments: policies)
  func `Two keys that share their ids break no law in any sequence`(policy: Int) {
    explore(SmallWorld(keys: 2, policy: policy), depth: Self.depth > 1 ? Self.depth - 1 : 3)
  }

  private func explore(_ world: SmallWorld, depth: Int) {
    var seen: Set<[UInt64]> = [world.summary]
    var edge = [world]
    for level in 1...depth {
      var next: [SmallWorld] = []
      for world in edge {
        for move in SmallWorld.moves(keys: world.keys) {
          var after = world
          guard after.make(move) else { continue }
          let isNew = seen.insert(after.summary).inserted
          if isNew || !after.checker.violations.isEmpty, let broken = after.broken {
            Issue.record("\(after.path.map(\.words).joined(separator: ", ")): \(broken)")
            return
          }
          if isNew { next.append(after) }
        }
      }
      edge = next
      if level == depth { #expect(seen.count > 50, "hardly anything was explored") }
    }
    print("policy \(world.policy), \(world.keys) keys, depth \(depth): \(seen.count) states")
  }
}
