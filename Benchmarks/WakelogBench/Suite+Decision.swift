import CAllocations
import Wakelog
import WakelogModel
import WakelogStore
import WakelogTesting

/// Strings are not asked for in the decisions measured, save the provider's.
private final class NoContext: Context {
  private let standard = Rules()

  func rules(
    session: SessionSymbol, agent: AgentSymbol, provider: ProviderSymbol
  ) -> Rules { standard }
  func text(of reason: ReasonSymbol) -> String { "heartbeat" }
  func text(of provider: ProviderSymbol) -> String { "claude_local" }
  func fingerprint(_ symbol: FingerprintSymbol) -> [(name: String, value: String)] { [] }
  func symbol(ofCode code: String) -> Symbol<Space.Code> { .none }
}

extension Suite {
  /// Decisions on the state of the whole log, each taken back again.
  mutating func decision() throws {
    var state = State()
    let log = try Log.open(self.log, options: LogOptions(readOnly: true, checksPages: false))
    try log.read { try $0.replay(into: &state) }
    log.close()
    let context = NoContext()
    var wakes: [Double] = []
    var finishes: [Double] = []
    var allocations: UInt64 = 0
    var random = SeededGenerator(seed: 7)
    let rounds = options.isQuick ? 20_000 : 200_000
    while finishes.count < rounds {
      let session = SessionSymbol(
        UInt32.random(in: 1...UInt32(state.sessions.count), using: &random))
      let row = state.sessions[session.number]
      let known = state.identities[row.bound.number]
      guard row.openRun == 0, row.bound.exists, known.condemned == nil, row.notBefore == 0
      else { continue }
      var wake = WakeCommand(
        session: session, agent: row.agent, provider: row.provider, source: .timer,
        fence: FenceDigest(low: 1, high: 2))
      wake.workspace = Workspace(path: known.workspace, kind: .project)
      let at = Instant(nanoseconds: row.latestTime + 1_000_000_000)
      let before = allocations_made()
      let start = Machine.seconds
      state.beginJournal()
      let woken = state.execute(.wake(wake), at: at, context: context)
      let middle = Machine.seconds
      guard case .success(.wake(.started, let run, let attempt)) = woken.answer else {
        state.undoChanges()
        continue
      }
      var finish = FinishCommand(
        session: session, fence: FenceClaim(run: run, digest: wake.fence), attempt: attempt,
        request: 1, traces: Traces(exitCode: 0, turns: 3))
      finish.reported = row.bound
      let resumed = Machine.seconds
      _ = state.execute(.finish(finish), at: at, context: context)
      let end = Machine.seconds
      state.undoChanges()
      allocations += allocations_made() - before
      wakes.append(middle - start)
      finishes.append(end - resumed)
    }
    add("a resuming wake", Samples(wakes.map { $0 * 1e6 }))
    add("a finish that succeeds", Samples(finishes.map { $0 * 1e6 }))
    report.add(
      Row(
        "allocations of a wake and its finish, decided",
        measured: fixed(Double(allocations) / Double(rounds), 1)))
  }

  private mutating func add(_ what: String, _ samples: Samples) {
    let sorted = samples.sorted
    report.add(
      Row(
        "decision of \(what), no commit, µs", target: "under 5",
        measured: fixed(samples.median, 2),
        spread: "\(fixed(samples.least, 2)) to \(fixed(sorted[sorted.count * 99 / 100], 2)) (p99)",
        isMet: samples.median < 5))
  }
}
