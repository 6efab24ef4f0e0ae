public import WakelogModel

/// A long history of one log, drawn from a seed: commands that hosts send, and commands that no
/// host should, decided one after the other on a state.
///
/// Keys share agents, agents share providers, and a small world answers: ids die, CLIs echo what
/// they were asked for, start cold without a word, hang, and quote error texts in their prose;
/// hosts restart, replies are lost and calls repeated, clocks run ahead and back. The same seed
/// gives the same history in any process, as long as the rules decide the same.
public struct History: Sendable {
  /// The seed, to be printed when a test fails.
  public let seed: UInt64
  /// The state after the last command.
  public private(set) var state = State()
  /// Every event so far, in order.
  public private(set) var events: [Event] = []
  /// What the decisions ask for strings and rules.
  public let context: HistoryContext
  /// How many keys there are.
  public let keys: UInt32

  var random: SeededGenerator
  var world = HistoryWorld()
  private var now: Int64 = 1_767_225_600_000_000_000
  /// The seconds by which the clock is ahead.
  private var skew: Int64 = 0

  /// One command, and what it came to.
  public struct Step: Sendable {
    /// The command.
    public var command: Command
    /// When it came.
    public var at: Instant
    /// What it came to.
    public var decision: Decision
  }

  /// A history that has not begun.
  public init(seed: UInt64, keys: UInt32 = 6) {
    self.seed = seed
    self.keys = keys
    random = SeededGenerator(seed: seed)
    context = HistoryContext()
    context.policy = Int(seed % UInt64(HistoryContext.policies.count))
  }

  /// Draws the next command; changes nothing but the dice.
  public mutating func draw() -> (command: Command, at: Instant) {
    (drawCommand(), drawTime())
  }

  /// Carries a command out, and lets the world see what came of it.
  @discardableResult
  public mutating func execute(_ command: Command, at: Instant) -> Step {
    let decision = state.execute(command, at: at, context: context)
    return take(Step(command: command, at: at, decision: decision))
  }

  /// Draws a command and carries it out.
  @discardableResult
  public mutating func step() -> Step {
    let (command, at) = draw()
    return execute(command, at: at)
  }

  /// Ends every run and drops every wake that waits, as an operator who cleans up.
  public mutating func settle() {
    let at = Instant(nanoseconds: now, offsetMinutes: 0)
    execute(.endImportedRuns, at: at)
    for key in 1...keys where state.sessions[key].exists {
      execute(.cancel(session: SessionSymbol(key), by: .none), at: at)
    }
  }

  private mutating func take(_ step: Step) -> Step {
    events.append(contentsOf: step.decision.events)
    world.note(step, state)
    if state.totals.policy.exists { context.policy = Int(state.totals.policy.number) - 1 }
    return step
  }

  /// A time after the last one, by a clock that is wrong at times for a while: by seconds, hours or
  /// years, ahead or back.
  private mutating func drawTime() -> Instant {
    let spans: [Int64] = [1, 1, 5, 5, 30, 60, 60, 600, 3_600, 40_000]
    now += Int64.random(in: 1...pick(spans), using: &random) * 1_000_000_000
    let offset: Int16 = pick([0, 60, -480])
    if happens(30) {
      let way = pick([
        30, 3_540, 3_660, 93_600, 315_360_000, Int64.random(in: 0...90_000, using: &random),
      ])
      skew = happens(500) ? way : -way
    } else if happens(300) {
      skew = 0
    }
    return Instant(nanoseconds: now + skew * 1_000_000_000, offsetMinutes: offset)
  }

  /// Chooses with a chance in a thousand.
  mutating func happens(_ chance: Int) -> Bool {
    Int.random(in: 0..<1_000, using: &random) < chance
  }

  /// One of several.
  mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: 0..<values.count, using: &random)]
  }
}
