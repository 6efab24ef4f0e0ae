public import WakelogModel

/// Strings for the symbols of a history, and a handful of policies.
///
/// A symbol's text is made of its number, so that no table is needed; entries of the classifier
/// get their numbers as they come.
public final class HistoryContext: Context, @unchecked Sendable {
  // Not guarded: a history is driven by one thread at a time, and copies of it are read only.

  /// The policy in force, an index into `policies`.
  public var policy = 0
  private var codes: [String: UInt32] = [:]
  /// The codes that have numbers, the first one's first.
  public private(set) var codeNames: [String] = []

  /// A context in which no code has a number yet.
  public init() {}

  /// The policies that histories adopt; the first is `standard`.
  public static let policies: [Rules] = {
    let standard = Rules()
    var timed = Rules()
    timed.reset.idleSeconds = 3_600
    timed.reset.dailyAtHour = 4
    timed.reset.reasons = ["reason-1"]
    timed.reset.exemptSources = []
    timed.reset.unscopedTimer = true
    var lenient = Rules()
    lenient.reset.explicitResumeWins = true
    lenient.reset.reasons = ["reason-1", "reason-2"]
    lenient.reset.rotate = Rules.Rotation(runs: 3, inputTokens: 90_000, ageSeconds: 86_400)
    lenient.resume.unscopedFallsBackToAgent = true
    lenient.fallback.suspectLimit = 3
    var strict = Rules()
    strict.resume.boundToHost = true
    strict.resume.unscopedFallsBackToAgent = true
    strict.reset.explicitResumeWins = true
    strict.reset.invalidateOn = ["model"]
    strict.fallback.maxAttempts = 2
    strict.fallback.suspectLimit = 1
    strict.lease.seconds = 900
    var single = Rules()
    single.fallback.maxAttempts = 1
    single.resume.unscopedFallsBackToAgent = true
    return [standard, timed, lenient, strict, single]
  }()

  /// The rules of the policy in force, for every key the same.
  public func rules(
    session: SessionSymbol, agent: AgentSymbol, provider: ProviderSymbol
  ) -> Rules { Self.policies[policy % Self.policies.count] }

  /// `reason-1` and so on.
  public func text(of reason: ReasonSymbol) -> String { "reason-\(reason.number)" }

  /// `claude` and `codex` by turns.
  public func text(of provider: ProviderSymbol) -> String {
    provider.number % 2 == 1 ? "claude" : "codex"
  }

  /// Two names; one changes with every other number, one with each.
  public func fingerprint(_ symbol: FingerprintSymbol) -> [(name: String, value: String)] {
    [("mcp", "\(symbol.number / 2)"), ("model", "\(symbol.number)")]
  }

  /// The code's number, in the order in which codes were first asked for.
  public func symbol(ofCode code: String) -> Symbol<Space.Code> {
    if let known = codes[code] { return Symbol(known) }
    let number = UInt32(codes.count + 1)
    codes[code] = number
    codeNames.append(code)
    return Symbol(number)
  }
}
