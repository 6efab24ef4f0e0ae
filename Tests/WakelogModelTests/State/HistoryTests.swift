import Testing
import WakelogTesting

@testable import WakelogModel

#if canImport(Glibc)
  import Glibc
#endif

/// Hundreds of drawn histories, each held against everything that must be true of any.
///
/// `WAKELOG_HISTORIES` sets how many seeds are tried.
struct HistoryTests {
  static let histories = getenv("WAKELOG_HISTORIES").flatMap { Int(String(cString: $0)) } ?? 72

  /// A seed with its history's length: many short ones, few long ones.
  static func length(_ seed: Int) -> Int { seed % 12 == 0 ? 400 : seed % 3 == 0 ? 150 : 60 }

  @Test(arguments: 0..<histories)
  func `Laws and invariants hold after every command`(seed: Int) {
    var history = History(seed: UInt64(seed))
    var checker = LawChecker(suspectLimit: 3)
    for number in 1...Self.length(seed) {
      let step = history.step()
      for event in step.decision.events { checker.observe(event) }
      let broken = history.state.brokenInvariants()
      guard broken.isEmpty, checker.violations.isEmpty else {
        Issue.record(
          """
          seed \(seed), command \(number): \(brief(step.command))
          \(broken) \(brief(checker.violations))
          \(step.decision.events.map { "\($0.sequence.value): \(brief($0.body))" })
          """)
        return
      }
    }
    checker.finish()
    #expect(checker.violations.isEmpty, "seed \(seed)")
  }

  @Test(arguments: 0..<histories / 2)
  func `The state is what its events add up to`(seed: Int) {
    var history = History(seed: UInt64(seed) &+ 10_000)
    let isShort = Self.length(seed) == 60
    var live = State()
    for number in 1...Self.length(seed) {
      let step = history.step()
      for event in step.decision.events { live.reduce(event) }
      #expect(live.firstDifference(from: history.state) == nil, "seed \(seed), \(step.command)")
      guard isShort || number % 97 == 0 else { continue }
      var replayed = State()
      for event in history.events { replayed.reduce(event) }
      #expect(replayed.firstDifference(from: history.state) == nil, "seed \(seed)")
    }
  }

  @Test(arguments: 0..<histories / 2)
  func `What was executed is what is decided, and can be taken back`(seed: Int) {
    var history = History(seed: UInt64(seed) &+ 20_000)
    for number in 1...Self.length(seed) {
      let (command, at) = history.draw()
      let before = history.state
      let decided = before.decide(command, at: at, context: history.context)
      var tried = before
      tried.beginJournal()
      let executed = tried.execute(command, at: at, context: history.context)
      #expect(decided.events == executed.events, "seed \(seed), command \(number): \(command)")
      #expect(decided.answer == executed.answer, "seed \(seed), command \(number): \(command)")
      let kept = tried
      tried.undoChanges()
      #expect(
        tried.firstDifference(from: before) == nil, "seed \(seed), command \(number): \(command)")
      // What was taken back leaves no trace in what is done later.
      let again = tried.execute(command, at: at, context: history.context)
      #expect(again.events == executed.events, "seed \(seed), command \(number): \(command)")
      #expect(tried.firstDifference(from: kept) == nil, "seed \(seed), command \(number)")
      history.execute(command, at: at)
      #expect(history.state.firstDifference(from: kept) == nil, "seed \(seed)")
    }
  }

  @Test(arguments: 0..<histories / 4)
  func `Changes that were kept are not taken back`(seed: Int) {
    var history = History(seed: UInt64(seed) &+ 30_000)
    for _ in 1...100 { history.step() }
    let (command, at) = history.draw()
    var state = history.state
    state.beginJournal()
    _ = state.execute(command, at: at, context: history.context)
    let changed = state
    state.keepChanges()
    state.undoChanges()
    #expect(state.firstDifference(from: changed) == nil, "seed \(seed): \(command)")
  }

  /// While one batch is flushed the next is decided on it: the first may be kept alone, and both
  /// may have to go.
  @Test(arguments: 0..<histories / 4)
  func `Batches are kept oldest first, and what is left is taken back together`(seed: Int) {
    var history = History(seed: UInt64(seed) &+ 50_000)
    for _ in 1...60 { history.step() }
    var state = history.state
    for round in 0..<20 {
      let before = state
      state.beginJournal()
      for _ in 0..<3 { Self.execute(&history, &state) }
      let first = state
      state.beginJournal()
      for _ in 0..<3 { Self.execute(&history, &state) }
      if round % 3 == 0 {
        state.undoChanges()
        #expect(state.firstDifference(from: before) == nil, "seed \(seed), round \(round)")
      } else {
        state.keepOldestChanges()
        if round % 3 == 1 {
          state.beginJournal()
          for _ in 0..<3 { Self.execute(&history, &state) }
        }
        state.undoChanges()
        #expect(state.firstDifference(from: first) == nil, "seed \(seed), round \(round)")
      }
    }
  }

  private static func execute(_ history: inout History, _ state: inout State) {
    let (command, at) = history.draw()
    _ = state.execute(command, at: at, context: history.context)
  }

  @Test(arguments: 0..<histories / 2)
  func `A finish that comes again decides nothing new`(seed: Int) {
    var history = History(seed: UInt64(seed) &+ 40_000)
    for number in 1...Self.length(seed) {
      let (command, at) = history.draw()
      let step = history.execute(command, at: at)
      guard case .finish = command, case .success = step.decision.answer else { continue }
      let again = history.state.decide(command, at: at, context: history.context)
      #expect(again.events.isEmpty, "seed \(seed), command \(number): \(command)")
      #expect(again.answer == .success(.duplicateFinish), "seed \(seed), command \(number)")
    }
  }

  @Test(arguments: 0..<histories / 2)
  func `Nothing stays behind when all runs have ended and nothing waits`(seed: Int) {
    var history = History(seed: UInt64(seed) &+ 50_000)
    for _ in 1...Self.length(seed) { history.step() }
    history.settle()
    var left = 0
    history.state.runs.forEach { _, _ in left += 1 }
    history.state.pendings.forEach { _, _ in left += 1 }
    history.state.reasons.forEach { _, _ in left += 1 }
    #expect(left == 0, "seed \(seed)")
    history.state.identities.forEach { number, row in
      #expect(!row.heldBy.exists, "seed \(seed): identity \(number) is held by nobody's run")
    }
    #expect(history.state.brokenInvariants() == [], "seed \(seed)")
  }
}

/// A value in words, without the names of its types.
func brief(_ value: Any) -> String {
  var text = "\(value)"
  for word in ["WakelogModel.", "SequenceNumber", "Symbol<", "Space.", "Optional"] {
    text = text.split(separator: word, omittingEmptySubsequences: false).joined()
  }
  return text
}
