import Wakelog
import WakelogModel
import WakelogTesting

/// Session keys with their agents, and providers that answer, all drawn from one seed.
///
/// The mix is that of hosts whose agents are woken by timers and messages, taken from their issue
/// threads and from the defaults of their schedulers. Of 1,000 wakes
///
/// - 940 find the session at rest: 600 timers, 250 messages, 50 assignments, 40 crons;
/// - 30 are timers that find it running, and coalesce;
/// - 30 are messages that find it running, wait, and run when it has ended.
///
/// Of 1,000 runs that resume
///
/// - 938 succeed in the same session;
/// - 18 find that their id is unknown, with a line of evidence, and fall back to a fresh session;
/// - 25 fail by the infrastructure (overload, rate limit, connection reset), with evidence;
/// - 6 fail by the agent's own fault;
/// - 10 were woken with a demand for a fresh session, which resets the key;
/// - 3 were woken after an operator had reset the key.
///
/// A key's first run is fresh. One key in twenty shares an agent and a workspace; half have a
/// scope; two in three run with `claude_local`, the others with `codex_local`. The wakes of one
/// key lie a quarter of an hour apart on average, and about 1 in 100 keys is running at a time, so
/// that the events of one run stand apart in the log as they do in real ones.
final class World {
  /// What is known of one key.
  struct Key {
    var session = SessionSymbol.none
    var agent = AgentSymbol.none
    var provider = ProviderSymbol.none
    var workspace = WorkspaceSymbol.none
    var scope = ScopeSymbol.none
    var isOpen = false
  }

  /// A run under way.
  struct OpenRun {
    var key: Int
    var claim: FenceClaim
    var attempt: SequenceNumber
    var asked: IdentitySymbol
  }

  var random: SeededGenerator
  var keys: [Key]
  var open: [OpenRun] = []
  private(set) var now: Int64 = 1_767_225_600_000_000_000
  private let step: Int64
  private let openRuns: Int
  private var reasons: [ReasonSymbol] = []
  /// How many keys, from the first on, are woken in their order before any is drawn.
  var toIntroduce = 0
  private var introduced = 0

  init(keys count: Int, seed: UInt64) {
    random = SeededGenerator(seed: seed)
    keys = Array(repeating: Key(), count: count)
    step = max(900_000_000_000 / Int64(count), 1_000)
    openRuns = max(count / 100, 8)
  }

  /// Chooses with a chance in a thousand.
  func happens(_ chance: Int) -> Bool { Int.random(in: 0..<1_000, using: &random) < chance }

  func tick() -> Instant {
    now += Int64.random(in: 0..<(2 * step), using: &random)
    return Instant(nanoseconds: now, offsetMinutes: 60)
  }

  /// Wakes one key, or ends one run.
  func advance(_ bulk: Bulk) throws(WakelogError) {
    if open.count >= openRuns {
      let last = open.count - 1
      open.swapAt(Int.random(in: 0...last, using: &random), last)
      return try end(open.removeLast(), bulk)
    }
    if happens(60), !open.isEmpty {
      let run = open[Int.random(in: 0..<open.count, using: &random)]
      return try wake(run.key, happens(500) ? .timer : .message, bulk)
    }
    var key = Int.random(in: 0..<keys.count, using: &random)
    if introduced < toIntroduce {
      key = introduced
      introduced += 1
    }
    guard !keys[key].isOpen else { return }
    let dice = Int.random(in: 0..<940, using: &random)
    let source: Source =
      dice < 600 ? .timer : dice < 850 ? .message : dice < 900 ? .assignment : .cron
    try wake(key, source, bulk)
  }

  func wake(_ index: Int, _ source: Source, _ bulk: Bulk) throws(WakelogError) {
    let key = named(index, bulk)
    let fence = FenceDigest(low: random.next(), high: random.next())
    var command = WakeCommand(
      session: key.session, agent: key.agent, provider: key.provider, source: source,
      fence: fence)
    command.reason = reason(source, bulk)
    command.scope = key.scope
    command.workspace = Workspace(path: key.workspace, kind: .project)
    if !key.isOpen, source == .message {
      command.forceFresh = happens(40)
      if happens(12) { try reset(key.session, bulk) }
    }
    let done = try bulk.execute(.wake(command), at: tick())
    begin(done, index, fence)
  }

  private func reset(_ session: SessionSymbol, _ bulk: Bulk) throws(WakelogError) {
    do {
      _ = try bulk.execute(
        .reset(session: session, because: .none, ifGeneration: nil), at: tick())
    } catch {
      // A key that was never woken cannot be reset.
    }
  }

  func begin(_ done: (answer: Answer, events: [Event]), _ index: Int, _ fence: FenceDigest) {
    guard case .wake(.started, let run, let attempt) = done.answer else { return }
    keys[index].isOpen = true
    open.append(
      OpenRun(
        key: index, claim: FenceClaim(run: run, digest: fence), attempt: attempt,
        asked: asked(done.events, attempt)))
  }

  func asked(_ events: [Event], _ attempt: SequenceNumber) -> IdentitySymbol {
    for event in events where event.sequence == attempt {
      if case .attemptStarted(let started) = event.body { return started.identity }
    }
    return .none
  }
}

extension World {
  /// A key with the numbers of its names, which it gets with its first wake.
  @discardableResult
  func named(_ index: Int, _ bulk: Bulk) -> Key {
    if keys[index].session.exists { return keys[index] }
    let agent = index / 20
    var key = Key()
    key.session = bulk.symbol(
      "company-\(agent / 50)/agent-\(agent)/local/task-\(index)", Space.Session.self)
    key.agent = bulk.symbol("agent-\(agent)", Space.Agent.self)
    key.provider = bulk.symbol(provider(index), Space.Provider.self)
    key.workspace = bulk.symbol("/srv/agents/work/project-\(agent)", Space.Workspace.self)
    if index % 2 == 0 { key.scope = bulk.symbol("ISSUE-\(index)", Space.Scope.self) }
    keys[index] = key
    return key
  }

  func provider(_ index: Int) -> String { index % 3 == 0 ? "codex_local" : "claude_local" }

  private func reason(_ source: Source, _ bulk: Bulk) -> ReasonSymbol {
    if reasons.isEmpty {
      for text in ["heartbeat", "issue_commented", "issue_assigned", "nightly"] {
        reasons.append(bulk.symbol(text, Space.Reason.self))
      }
    }
    switch source {
    case .timer: return reasons[0]
    case .assignment: return reasons[2]
    case .cron: return reasons[3]
    default: return reasons[1]
    }
  }
}
