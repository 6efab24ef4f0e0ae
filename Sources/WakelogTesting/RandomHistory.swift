public import WakelogModel

/// Commands at random over few keys, ids, hosts and places, so that they get in each other's way.
///
/// The seed gives the same history in any process. Faults are as likely as successes: stale
/// writers, echoes, ids that other keys use, hosts that come back, clocks that stand still.
public struct RandomHistory {
  /// The seed.
  public let seed: UInt64
  var chance: SeededGenerator
  var older: [World.Hold] = []
  private var minted = 0

  static let keys = ["a1", "a2", "a3", "b1", "b2"]
  private static let places = ["project:/p", "project:/q", "home:/h", "home:/g", "worktree:/p"]
  private static let fingerprints = ["", "", "mcp=1", "mcp=2", "mcp=1;model=a", "mcp=1;model=b"]

  /// Policies that make the rules meet.
  public static let policies: [JSONValue] = [
    [:],
    [
      "name": "eager",
      "reset": [
        "reasons": ["/new"], "unscopedTimer": true, "idleSeconds": 600, "dailyAtHour": 4,
        "exemptSources": ["cron"], "rotate": ["runs": 3, "inputTokens": 5_000, "ageSeconds": 900],
        "explicitResumeWins": true,
      ],
      "resume": ["unscopedFallsBackToAgent": true, "boundToHost": true],
      "fallback": ["maxAttempts": 4, "suspectLimit": 3], "lease": ["seconds": 300],
    ],
    [
      "name": "strict", "reset": ["reasons": ["/new"], "invalidateOn": ["mcp", "model"]],
      "resume": ["unscopedFallsBackToAgent": true],
      "fallback": ["maxAttempts": 1, "suspectLimit": 1],
    ],
    [
      "name": "wins", "reset": ["reasons": ["/new"], "explicitResumeWins": true],
      "resume": ["unscopedFallsBackToAgent": true], "fallback": ["maxAttempts": 2],
    ],
  ]

  /// A history that its seed repeats.
  public init(seed: UInt64) {
    self.seed = seed
    chance = SeededGenerator(seed: seed)
  }

  /// Gives one command, and lets the clock go on as it likes.
  public mutating func step(_ world: World) {
    passTime(world)
    let key = Self.keys.randomElement(using: &chance)!
    let isOpen = world.openRun(key) != nil
    switch roll(100) {
    case 0..<30 where !isOpen || roll(3) == 0: wake(key, world)
    case 0..<66 where isOpen: finish(key, world)
    case 66..<74 where isOpen: progress(key, world)
    case 66..<76: world.next(key, host: oneOf(["", "", "h1"]))
    case 76..<79: world.reset(key)
    case 79..<81: world.abandon(key)
    case 81..<84: stale(world)
    case 84..<87: world.probe(key, sessionId: oneId(), exists: roll(3) > 0)
    case 87..<89: world.host(oneOf(["h1", "h2"]))
    case 89..<91: world.repair(key, bind: oneOf([nil, "", oneId()]), revive: oneOf(["", oneId()]))
    case 91..<93: world.cancel(key)
    case 93..<95: isOpen ? flush(key, world) : wake(key, world)
    case 95: world.pause(oneOf(["ada", "bob"]))
    case 96..<99:
      world.unpause("ada")
      world.unpause("bob")
    default: world.check(key)
    }
    if let hold = world.holds[key], older.last != hold {
      older.append(hold)
      if older.count > 64 { older.removeFirst(32) }
    }
  }

  /// A number below a bound.
  mutating func roll(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &chance) }

  private mutating func oneOf<Element>(_ choices: [Element]) -> Element {
    choices.randomElement(using: &chance)!
  }

  private mutating func oneId() -> String { "x\(roll(6))" }

  private mutating func newId() -> String {
    minted += 1
    return "n\(minted)"
  }

  private mutating func passTime(_ world: World) {
    switch roll(20) {
    case 0: world.pass(hours: Int64(roll(30)))
    case 1..<4: world.pass(seconds: Int64(roll(900)))
    case 4: world.now.offsetMinutes = Int16(oneOf([-300, 0, 60, 330]))
    case 5: world.pass(seconds: -Int64(roll(120)))
    default: world.pass(seconds: Int64(roll(4)))
    }
  }

  private mutating func wake(_ key: String, _ world: World) {
    world.wake(
      key, agent: key.hasPrefix("a") ? "ada" : "bob",
      provider: roll(8) == 0 ? "codex" : "claude",
      source: Source.allCases.randomElement(
        using: &chance)!,
      reason: oneOf(["", "", "", "/new", "hello"]), scope: oneOf(["", "", "T1"]),
      workspace: oneOf([nil, nil] + Self.places.map(Optional.some)), forceFresh: roll(14) == 0,
      keep: oneOf([nil, nil, true, false]), resume: roll(5) == 0 ? oneId() : "",
      fingerprint: oneOf(Self.fingerprints), transcript: oneOf([nil, nil, nil, nil, true, false]),
      transcripts: roll(8) == 0 ? [(oneId(), roll(2) == 0)] : [], resumable: roll(12) > 0,
      lease: oneOf([nil, nil, 60]), host: oneOf(["", "", "h1", "h2"]))
  }

  private mutating func progress(_ key: String, _ world: World) {
    world.progress(key, sessionId: oneOf(["", oneId(), newId()]), entered: roll(2) == 0)
  }

  private mutating func flush(_ key: String, _ world: World) {
    let cursor = world.session(key).cursor
    world.flush(key, from: roll(5) == 0 ? cursor + 1 : cursor, to: cursor + UInt64(roll(5)) + 1)
  }

  private mutating func stale(_ world: World) {
    guard !older.isEmpty else { return }
    let hold = oneOf(older)
    switch roll(4) {
    case 0: world.progress(holding: hold, sessionId: oneId(), entered: true)
    case 1: world.flush(holding: hold, from: 0, to: 1)
    case 2: world.check(holding: hold)
    default: world.finish(holding: hold, sessionId: oneId(), exitCode: 0, turns: 2)
    }
  }
}
