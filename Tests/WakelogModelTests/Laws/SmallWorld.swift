import WakelogTesting

@testable import WakelogModel

/// A state with its checker, and the sequence of moves that led there.
struct SmallWorld {
  enum Act: CaseIterable {
    case wake, wakeFresh, wakeFirst, wakeWithoutTranscript
    case succeed, succeedAsSecond, echo, unknown, timeout
    case enter, reset, probeFirst, next, abandon, restart
  }

  struct Move {
    var act: Act
    var key: UInt32
    var words: String { "\(act) \(key)" }
  }

  let keys: UInt32
  let policy: Int
  var state = State()
  var checker: LawChecker
  var path: [Move] = []
  private let context = HistoryContext()
  /// The latest events, for the report.
  private(set) var events: [Event] = []

  init(keys: UInt32, policy: Int) {
    self.keys = keys
    self.policy = policy
    context.policy = policy
    checker = LawChecker(suspectLimit: HistoryContext.policies[policy].fallback.suspectLimit)
  }

  static func moves(keys: UInt32) -> [Move] {
    Act.allCases.flatMap { act in (1...keys).map { Move(act: act, key: $0) } }
      .filter { $0.act != .restart || $0.key == 1 }
  }

  /// Makes a move; false when it is none here, and changes nothing.
  mutating func make(_ move: Move) -> Bool {
    guard let command = command(move) else { return false }
    path.append(move)
    // The clock stands still, so that times tell no states apart.
    let at = Instant(nanoseconds: 1_767_225_600_000_000_000)
    let decision = state.execute(command, at: at, context: context)
    for event in decision.events { checker.observe(event) }
    events = decision.events
    return true
  }

  /// What is wrong, in words.
  var broken: String? {
    let found = state.brokenInvariants()
    guard found.isEmpty, checker.violations.isEmpty else {
      return "\(found) \(brief(checker.violations)) \(events.map { brief($0.body) })"
    }
    return nil
  }

  private func command(_ move: Move) -> Command? {
    let session = SessionSymbol(move.key)
    let run = state.openRun(of: session)
    switch move.act {
    case .wake, .wakeFresh, .wakeFirst, .wakeWithoutTranscript: return wake(move)
    case .succeed, .succeedAsSecond, .echo, .unknown, .timeout:
      return run.map { finish(move.act, session, $0) }
    case .enter:
      return run.map { run in
        var progress = ProgressCommand(
          session: session, fence: FenceClaim(run: run.run, digest: run.fence),
          attempt: run.attempt)
        progress.entered = true
        progress.reported = IdentitySymbol(2)
        return .progress(progress)
      }
    case .reset: return .reset(session: session, because: .none, ifGeneration: nil)
    case .probeFirst:
      return .probe(session: session, identity: IdentitySymbol(1), exists: false, detail: .none)
    case .next: return .next(NextCommand(session: session, fence: fence))
    case .abandon:
      return run.map { .abandon(session: session, run: $0.run, by: .none, why: .none) }
    case .restart: return .host(HostSymbol(1), version: .none)
    }
  }

  private var fence: FenceDigest { FenceDigest(low: state.position.value, high: 1) }

  private func wake(_ move: Move) -> Command {
    var wake = WakeCommand(
      session: SessionSymbol(move.key), agent: AgentSymbol(1), provider: ProviderSymbol(1),
      source: .message, fence: fence)
    wake.forceFresh = move.act == .wakeFresh
    if move.act == .wakeFirst { wake.resume = IdentitySymbol(1) }
    if move.act == .wakeWithoutTranscript { wake.transcript = false }
    // Wakes that demand something name no host, so that a restart ends some runs and not others.
    if move.act == .wake { wake.host = HostClaim(host: HostSymbol(1)) }
    return .wake(wake)
  }

  private func finish(_ act: Act, _ session: SessionSymbol, _ run: RunRow) -> Command {
    var traces = Traces(exitCode: 0, stdout: "done", turns: 1)
    var reported = run.asked.exists ? run.asked : IdentitySymbol(1)
    switch act {
    case .succeedAsSecond: reported = IdentitySymbol(2)
    case .echo: traces = Traces(stderr: "no conversation found with session id", turns: 0)
    case .unknown:
      traces = Traces(exitCode: 1, stderr: "no conversation found with session id")
      reported = .none
    case .timeout:
      traces = Traces(outcome: .timedOut)
      reported = .none
    default: break
    }
    if act == .echo { traces.exitCode = 1 }
    var finish = FinishCommand(
      session: session, fence: FenceClaim(run: run.run, digest: run.fence),
      attempt: run.attempt, request: state.position.value, traces: traces)
    finish.reported = reported
    return .finish(finish)
  }
}
