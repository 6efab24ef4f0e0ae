public import WakelogModel

/// A log in memory on which commands are given with plain words: for tests of ours and of hosts.
///
/// Holds a state, a policy and a clock that moves only when told, numbers the strings itself, and
/// watches the laws over every event. Nothing is written anywhere.
public final class World: Context {
  /// What the log adds up to; a test may put another one in its place.
  public var state = State()
  /// Every event so far.
  public internal(set) var log: [Event] = []
  /// The laws, watched all along.
  public internal(set) var laws: LawChecker
  /// The clock.
  public var now: Instant
  /// The policy in force.
  public var policy: Policy
  /// The historical bug that decides here in place of the engine; nil for none.
  public var mutant: Mutant?
  /// Told of every command before it is given.
  public var willGive: ((Command, World) -> Void)?
  /// The run of each key that was started or fallen back within last.
  public internal(set) var holds: [String: Hold] = [:]
  /// The key named last.
  public internal(set) var lastSession = ""
  /// The state that `then` compares with; see `given()`.
  var before = State()
  private var names: [Namespace: [String]] = [:]
  private var numbers: [Namespace: [String: UInt32]] = [:]
  private var fences: UInt64 = 0

  /// A right to write: what a host is given when its run starts.
  public struct Hold: Hashable, Sendable {
    /// The key.
    public var session: String
    /// The run.
    public var run: SequenceNumber
    /// The current attempt.
    public var attempt: SequenceNumber
    /// The fence.
    public var fence: FenceDigest
  }

  /// An empty log under a policy, at five in the morning of 18 January 2026 in Berlin.
  public init(policy: Policy? = nil) {
    self.policy = policy ?? Policy.builtIn(named: "standard")!
    now = Instant(nanoseconds: 1_768_708_800_000_000_000, offsetMinutes: 60)
    laws = LawChecker(suspectLimit: self.policy.rules.fallback.suspectLimit)
  }

  /// An empty log under a policy that is written as its document.
  public convenience init(policy document: JSONValue) throws(PolicyError) {
    self.init(policy: try Policy(json: document))
  }

  /// Lets the clock go on.
  public func pass(seconds: Int64 = 0, minutes: Int64 = 0, hours: Int64 = 0) {
    now = now.adding(seconds: seconds + 60 * minutes + 3_600 * hours)
  }

  /// Every law broken so far.
  public var violations: [Violation] { laws.violations }

  /// The number of a string, given one if it has none yet.
  public func symbol<Space: SymbolSpace>(_ text: String) -> Symbol<Space> {
    if text.isEmpty { return .none }
    if let known = numbers[Space.namespace]?[text] { return Symbol(known) }
    names[Space.namespace, default: []].append(text)
    let number = UInt32(names[Space.namespace]!.count)
    numbers[Space.namespace, default: [:]][text] = number
    return Symbol(number)
  }

  /// Whether a string has a number already.
  func knows(_ text: String, in namespace: Namespace) -> Bool {
    numbers[namespace]?[text] != nil
  }

  /// The string of a number; nil when there is none.
  public func text(of number: UInt32, in namespace: Namespace) -> String? {
    guard let all = names[namespace], number > 0, number <= all.count else { return nil }
    return all[Int(number) - 1]
  }

  /// The number of a provider's session id.
  public func identity(_ id: String, of provider: String) -> IdentitySymbol {
    id.isEmpty ? .none : symbol(provider + "/" + id)
  }

  /// A provider's session id without its provider; nil for none.
  public func id(of identity: IdentitySymbol) -> String? {
    guard let text = text(of: identity.number, in: .identity) else { return nil }
    return text.firstIndex(of: "/").map { String(text[text.index(after: $0)...]) }
  }

  /// A fence that was never given before.
  func newFence() -> FenceDigest {
    fences += 1
    return FenceDigest(low: fences, high: ~fences)
  }
}

extension World {
  /// The rules that the policy gives a key.
  public func rules(
    session: SessionSymbol, agent: AgentSymbol, provider: ProviderSymbol
  ) -> Rules {
    policy.rules(
      session: text(of: session.number, in: .session) ?? "",
      agent: text(of: agent.number, in: .agent) ?? "", provider: text(of: provider))
  }

  /// The text of a reason.
  public func text(of reason: ReasonSymbol) -> String { text(of: reason.number, in: .reason) ?? "" }

  /// The text of a provider.
  public func text(of provider: ProviderSymbol) -> String {
    text(of: provider.number, in: .provider) ?? ""
  }

  /// The names of a fingerprint, given as `name=value` with `;` between them.
  public func fingerprint(_ symbol: FingerprintSymbol) -> [(name: String, value: String)] {
    (text(of: symbol.number, in: .fingerprint) ?? "").split(separator: ";").map { pair in
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (name: String(sides[0]), value: sides.count > 1 ? String(sides[1]) : "")
    }
  }

  /// The number of a classifier's entry.
  public func symbol(ofCode code: String) -> Symbol<Space.Code> { symbol(code) }

  /// Gives a command; what it came to is in the state, the log and the reply.
  @discardableResult
  public func give(_ command: Command) -> Reply {
    willGive?(command, self)
    let decided =
      if let mutant {
        mutant.execute(command, on: &state, in: self)
      } else {
        state.execute(command, at: now, context: self)
      }
    log += decided.events
    for event in decided.events { laws.observe(event) }
    return Reply(decided, in: self)
  }
}
