import Testing
import WakelogTesting

@testable import WakelogModel

/// The laws have teeth: each historical bug, put back, breaks its law in some short history.
struct HistoryMutantTests {
  @Test(arguments: Mutant.all.filter { $0.breaks != .replayEqualsLive })
  func `a historical bug breaks its law`(_ mutant: Mutant) throws {
    var found: Violation?
    for seed in 1...20 where found == nil {
      for policy in RandomHistory.policies.indices where found == nil {
        let world = try HistoryTests.world(policy)
        world.mutant = mutant
        var history = RandomHistory(seed: UInt64(seed))
        for _ in 0..<400 { history.step(world) }
        found = world.violations.first { $0.law == mutant.breaks }
      }
    }
    #expect(found != nil, "\(mutant.name) goes unseen")
  }

  @Test func `histories meet every kind of event, verdict, reset and failure of their menu`() throws
  {
    var seen: Set<String> = []
    for policy in RandomHistory.policies.indices {
      let world = try HistoryTests.world(policy)
      var history = RandomHistory(seed: 7)
      for _ in 0..<3_000 { history.step(world) }
      for event in world.log {
        if let kind = event.body.kind { seen.insert(kind.name) }
        if case .attemptStarted(let start) = event.body {
          for found in start.considered { seen.insert(found.verdict?.name ?? "") }
          if let reset = start.reset { seen.insert(reset.name) }
          for flag in PlanFlags.names where start.flags.contains(flag.flag) {
            seen.insert("\(flag.name)")
          }
        }
        if case .attemptFinished(let end) = event.body, let kind = end.failure {
          seen.insert(kind.name)
        }
      }
    }
    let wanted =
      EventKind.allCases.map(\.name).filter {
        !["host.upgraded", "policy.adopted", "evidence.redacted", "note.added"].contains($0)
      } + Verdict.allCases.map(\.name) + ResetCause.allCases.filter { $0 != .asked }.map(\.name)
      + PlanFlags.names.map { "\($0.name)" }
      + ["unknownSession", "contextOverflow", "wrongWorkspace", "sessionInUse", "timeout"]
    #expect(wanted.filter { !seen.contains($0) } == [])
  }
}
