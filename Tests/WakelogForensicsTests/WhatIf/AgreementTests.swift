import Testing
import WakelogForensics
import WakelogModel
import WakelogTesting

/// A history's strings and policies, for its replay.
private final class HistoryRecord: RecordedContext {
  private let inner: HistoryContext
  private let first: Int
  private var identities: UInt32 = 1 << 20

  init(_ history: History) {
    inner = history.context
    first = Int(history.seed % UInt64(HistoryContext.policies.count))
  }

  func follow(_ state: State) {
    inner.policy = state.totals.policy.exists ? Int(state.totals.policy.number) - 1 : first
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
}
