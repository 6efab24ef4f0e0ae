internal import Wakelog
public import WakelogModel

/// A log in memory with its clock, its strings and its policy: for tests that say what is given,
/// what is done and what comes of it, in plain strings.
///
///     let world = World()
///     world.wake("s", agent: "ada", provider: "claude", source: .message)
///     world.finish(exitCode: 0, sessionId: "x", turns: 3)
///     #expect(world.wake("s").plan?.sessionId == "x")
///
/// The clock stands still until the test moves it. Every command runs the engine's own decisions
/// and reducers, or those of a mutant. Not safe to share between threads.
public final class World {
  /// Everything that happened, in order.
  public private(set) var events: [Event] = []
  /// What the events add up to.
  public private(set) var state = State()
  /// The clock.
  public var now: Instant
  /// The run that started last; `finish`, `progress`, `check` and `flush` are its by default.
  public internal(set) var lastRun = 0

  let strings = Strings()
  let policies: Policies
  var runs: [Int: Held] = [:]
  var lastWakes: [String: (agent: String, provider: String)] = [:]
  var expected: Projection
  private var rules: any Deciding
  private var fences: UInt64 = 0

  /// What the holder of a run knows of it.
  struct Held {
    var session: SessionSymbol
    var fence: FenceClaim
    var attempt: SequenceNumber
    var provider: String
  }

  /// An empty log under a policy, at a time.
  ///
  /// `rules` are the engine's own unless a mutant takes their place.
  public init(
    policy: Policy? = nil, at time: String = "2026-01-18T12:00:00+01:00",
    rules: any Deciding = CleanRules()
  ) {
    guard let now = Instant(time) else { preconditionFailure("no time: \(time)") }
    self.now = now
    self.rules = rules
    policies = Policies(strings, policy)
    expected = Projection()
  }

  /// Moves the clock on.
  public func advance(seconds: Int64) { now = now.adding(seconds: seconds) }

  /// Sets the clock, forwards or back.
  public func set(clock time: String) {
    guard let instant = Instant(time) else { preconditionFailure("no time: \(time)") }
    now = instant
  }

  /// Gives a command to the log and says what came of it.
  @discardableResult
  public func give(_ command: Command) -> Reply {
    policies.follow(state)
    let decided = rules.execute(command, at: now, on: &state, context: policies)
    events.append(contentsOf: decided.events)
    noteRuns(decided.events)
    return Reply(decided, self)
  }

  /// Takes the rules that a note's author brings.
  func follow(noteBy author: String) { rules = rules.following(noteBy: author) }

  /// A fence that no run had.
  func drawFence() -> FenceDigest {
    fences += 1
    return FenceDigest(low: fences, high: 0xFE0CE)
  }

  /// Remembers who holds what, as hosts do.
  private func noteRuns(_ events: [Event]) {
    for event in events {
      let number = Int(event.run.value)
      switch event.body {
      case .runStarted(let start):
        let provider = state.openRun(of: event.session)?.provider ?? .none
        runs[number] = Held(
          session: event.session, fence: FenceClaim(run: event.run, digest: start.fence),
          attempt: .none, provider: strings.text(provider) ?? "")
        lastRun = number
      case .attemptStarted: runs[number]?.attempt = event.sequence
      default: break
      }
    }
  }

  /// Every law that the events break, `replayEqualsLive` included; empty for a correct engine.
  public func violations(suspectLimit: Int = 100) -> [Violation] {
    var checker = LawChecker(suspectLimit: suspectLimit)
    var replayed = State()
    for event in events {
      checker.observe(event)
      replayed.reduce(event)
    }
    checker.finish()
    var found = checker.violations
    if let difference = state.firstDifference(from: replayed) {
      found.append(
        Violation(
          law: .replayEqualsLive, session: .none, sequence: state.position,
          because: "\(difference.table), row \(difference.row), differs from its replay"))
    }
    return found
  }

  /// The laws that the events break.
  public var brokenLaws: Set<Law> { Set(violations().map(\.law)) }
}

/// The policy in force, and the strings that decisions look at.
final class Policies: Context {
  private let strings: Strings
  private let given: Policy
  private var adopted: [Symbol<Space.Policy>: Policy] = [:]
  private(set) var policy: Policy

  init(_ strings: Strings, _ policy: Policy?) {
    self.strings = strings
    guard let policy = policy ?? Policy.builtIn(named: "standard") else {
      preconditionFailure("the built-in policy `standard` is gone")
    }
    given = policy
    self.policy = policy
  }

  /// The number of a document, under which it can be adopted.
  func symbol(of policy: Policy) -> Symbol<Space.Policy> {
    let symbol = strings.symbol(policy.json.text, Space.Policy.self)
    adopted[symbol] = policy
    return symbol
  }

  func follow(_ state: State) { policy = adopted[state.totals.policy] ?? given }

  func rules(
    session: SessionSymbol, agent: AgentSymbol, provider: ProviderSymbol
  ) -> Rules {
    policy.rules(
      session: strings.text(session) ?? "", agent: strings.text(agent) ?? "",
      provider: strings.text(provider) ?? "")
  }

  func text(of reason: ReasonSymbol) -> String { strings.text(reason) ?? "" }

  func text(of provider: ProviderSymbol) -> String { strings.text(provider) ?? "" }

  func fingerprint(_ symbol: FingerprintSymbol) -> [(name: String, value: String)] {
    guard let text = strings.text(symbol), let object = try? JSONParser.parse(text).object else {
      return []
    }
    return object.members.map { (name: $0.name, value: $0.value.string ?? "") }
      .sorted { $0.name < $1.name }
  }

  func symbol(ofCode code: String) -> Symbol<Space.Code> {
    strings.symbol(code, Space.Code.self)
  }
}
