import Testing
import WakelogForensics
import WakelogModel
import WakelogTesting

/// A history's strings and policies, for its replay.
private final class HistoryRecord: RecordedContext {
  private let inner: HistoryContext
  private let first: Int
  private let chosen: Int?
  private var identities: UInt32 = 5_000

  init(_ history: History, policy chosen: Int? = nil) {
    inner = history.context
    self.chosen = chosen
    first = Int(history.seed % UInt64(HistoryContext.policies.count))
  }

  func follow(_ state: State) {
    let adopted = state.totals.policy.exists ? Int(state.totals.policy.number) - 1 : first
    inner.policy = chosen ?? adopted
  }
  func text(of code: Symbol<Space.Code>) -> String {
    code.exists ? inner.codeNames[Int(code.number) - 1] : ""
  }
  func text(of actor: Symbol<Space.Actor>) -> String { "actor-\(actor.number)" }
  func newIdentity(for provider: ProviderSymbol) -> IdentitySymbol {
    identities += 1
    return IdentitySymbol(identities)
  }
  func rules(
    session: SessionSymbol, agent: AgentSymbol, provider: ProviderSymbol
  ) -> Rules { inner.rules(session: session, agent: agent, provider: provider) }
  func text(of reason: ReasonSymbol) -> String { inner.text(of: reason) }
  func text(of provider: ProviderSymbol) -> String { inner.text(of: provider) }
  func fingerprint(_ symbol: FingerprintSymbol) -> [(name: String, value: String)] {
    inner.fingerprint(symbol)
  }
  func symbol(ofCode code: String) -> Symbol<Space.Code> { inner.symbol(ofCode: code) }
}

/// Under the recorded policy and by the engine's own rules a replay is the record, byte for byte.
struct AgreementTests {
  @Test(arguments: 1...40)
  func `a replay by the same rules is the record`(seed: Int) {
    var history = History(seed: UInt64(seed))
    for _ in 0..<600 {
      let (command, at) = history.draw()
      history.execute(Self.tellable(command), at: at)
    }
    let replay = Counterfactual(history.events, HistoryRecord(history))
    let difference = zip(history.events, replay.events).first { $0 != $1 }
    #expect(
      difference == nil,
      "seed \(seed): \(difference.map { "\($0.0)\n\($0.1)" } ?? "")")
    #expect(replay.events.count == history.events.count, "seed \(seed)")
    #expect(replay.state.firstDifference(from: history.state) == nil, "seed \(seed)")
  }

  /// A wake that says two things of one transcript leaves only one of them in the log.
  private static func tellable(_ command: Command) -> Command {
    guard case .wake(var wake) = command else { return command }
    var seen: Set<IdentitySymbol> = []
    wake.transcripts = wake.transcripts.filter { seen.insert($0.identity).inserted }
    return .wake(wake)
  }

  /// Under another policy the replay is a log that the engine might have written: it keeps every
  /// law, says the same again when it is replayed itself, and loses no wake.
  @Test(arguments: 1...20, [0, 1, 3])
  func `a replay by another policy is a log of its own`(seed: Int, policy: Int) {
    var history = History(seed: UInt64(seed))
    for _ in 0..<500 {
      let (command, at) = history.draw()
      history.execute(Self.tellable(command), at: at)
    }
    let replay = Counterfactual(history.events, HistoryRecord(history, policy: policy))
    var checker = LawChecker()
    var reduced = State()
    for event in replay.events {
      checker.observe(event)
      reduced.reduce(event)
    }
    checker.finish()
    #expect(replay.events.map(\.sequence.value) == Array(1...UInt64(replay.events.count)))
    #expect(checker.violations.isEmpty, "seed \(seed): \(checker.violations)")
    #expect(reduced.firstDifference(from: replay.state) == nil)
    let again = Counterfactual(replay.events, HistoryRecord(history, policy: policy))
    let difference = zip(again.events, replay.events).first { $0 != $1 }
    #expect(difference == nil, "seed \(seed)")
    #expect(wakes(replay.events) == wakes(history.events), "seed \(seed)")
  }

  private func wakes(_ events: [Event]) -> Int {
    events.count { $0.body.kind == .wakeRequested }
  }
}
