import Testing
import WakelogTesting

@testable import WakelogModel

/// What holds whatever happens: over long histories at random, under policies that make the rules
/// meet. Every failure prints its seed.
struct HistoryTests {
  static let histories: [(policy: Int, seed: UInt64)] = (0..<RandomHistory.policies.count).flatMap {
    policy in (1...6).map { (policy, UInt64($0) &* 0x51_7C_C1 &+ UInt64(policy)) }
  }

  static func world(_ policy: Int) throws -> World {
    try World(policy: RandomHistory.policies[policy])
  }

  @Test(arguments: histories)
  func `no law is broken`(_ policy: Int, _ seed: UInt64) throws {
    let world = try Self.world(policy)
    var history = RandomHistory(seed: seed)
    for _ in 0..<2_000 where world.violations.isEmpty { history.step(world) }
    #expect(world.violations.isEmpty, "seed \(seed), policy \(policy)\n\(Self.tail(world))")
  }

  @Test(arguments: histories)
  func `the log replays to the state that was live`(_ policy: Int, _ seed: UInt64) throws {
    let world = try Self.world(policy)
    var history = RandomHistory(seed: seed)
    var replayed = State()
    var position = 0
    for step in 0..<1_000 {
      history.step(world)
      for event in world.log[position...] { replayed.reduce(event) }
      position = world.log.count
      guard step % 7 == 0 else { continue }
      let difference = world.state.firstDifference(from: replayed)
      try #require(difference == nil, "seed \(seed) at event \(position): \(difference!)")
    }
  }

  static func tail(_ world: World) -> String {
    guard let first = world.violations.first else { return "" }
    let session = world.text(of: first.session.number, in: .session) ?? ""
    let lines = world.log.filter { $0.sequence <= first.sequence }.suffix(60).map { event in
      "\(event.sequence.value) \(world.text(of: event.session.number, in: .session) ?? "-") "
        + "run \(event.run.value) gen \(event.generation.value) \(event.body)"
    }
    return "\(first.law) on \(session) at \(first.sequence.value): \(first.because)\n"
      + lines.joined(separator: "\n")
  }
}
