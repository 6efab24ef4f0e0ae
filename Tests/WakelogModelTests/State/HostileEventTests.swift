import Testing
import WakelogTesting

@testable import WakelogModel

/// Events that no decision ever made: what a damaged, foreign or malicious log may hold.
///
/// Reducers, decisions and the checker must come to an end and trap on none.
struct HostileEventTests {
  @Test(arguments: 0..<HistoryTests.histories * 2)
  func `Senseless events neither trap nor make lists without end`(seed: Int) {
    var garbage = Garbage(seed: UInt64(seed))
    var state = State()
    var checker = LawChecker()
    for number in 1...250 {
      let event = garbage.event(after: state.position)
      state.reduce(event)
      checker.observe(event)
      // Looked at after each event, so that the next one cannot hang on it.
      let endless = state.endlessLists()
      guard endless.isEmpty else {
        Issue.record("seed \(seed), event \(number): \(brief(event)) \(endless)")
        return
      }
    }
    checker.finish()
  }

  @Test(arguments: 0..<HistoryTests.histories)
  func `Commands on a state that makes no sense come to an end`(seed: Int) {
    var garbage = Garbage(seed: UInt64(seed) &+ 1_000)
    var history = History(seed: UInt64(seed))
    var checker = LawChecker()
    var state = State()
    for _ in 0..<120 {
      for _ in 0..<3 {
        let event = garbage.event(after: state.position)
        state.reduce(event)
        checker.observe(event)
        guard state.endlessLists().isEmpty else {
          Issue.record("seed \(seed)")
          return
        }
      }
      // The history goes its own way; what it asks for is asked of the other state too.
      let (command, at) = history.draw()
      history.execute(command, at: at)
      let decision = state.execute(command, at: at, context: history.context)
      for event in decision.events { checker.observe(event) }
    }
    #expect(checker.events > 0, "seed \(seed)")
  }

  @Test(arguments: 0..<HistoryTests.histories)
  func `Senseless events can be taken back`(seed: Int) {
    var garbage = Garbage(seed: UInt64(seed) &+ 2_000)
    var state = State()
    for _ in 0..<100 { state.reduce(garbage.event(after: state.position)) }
    let before = state
    state.beginJournal()
    for _ in 0..<40 { state.reduce(garbage.event(after: state.position)) }
    state.undoChanges()
    #expect(state.firstDifference(from: before) == nil, "seed \(seed)")
  }
}

/// Draws events of every kind; links and numbers are small enough to meet, and at times absurd.
struct Garbage {
  var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func event(after position: SequenceNumber) -> Event {
    let kind = EventKind.allCases.randomElement(using: &random)!
    var body = EventBody(empty: kind)
    var filler = GarbageFiller(random: SeededGenerator(seed: random.next()))
    body.visit(&filler)
    if filler.number(below: 60) == 0 { body = .unrecognised(200) }
    var sequence = position.next
    if filler.number(below: 50) == 0 { sequence = SequenceNumber(filler.number(below: 4)) }
    return Event(
      sequence: sequence, at: Instant(nanoseconds: filler.long(), offsetMinutes: 60),
      session: filler.symbol(), run: SequenceNumber(UInt64(filler.number(below: 30))),
      generation: Generation(UInt32(filler.number(below: 40) == 0 ? 1 << 31 : 2)),
      previous: SequenceNumber(filler.number(below: 30)),
      flags: filler.number(below: 2) == 0 ? .imported : [], body: body)
  }
}

/// Fills fields with what does harm.
struct GarbageFiller: FieldVisitor {
  var random: SeededGenerator

  mutating func number(below bound: UInt64) -> UInt64 { random.next() % bound }

  mutating func symbol<Space>() -> Symbol<Space> {
    switch number(below: 40) {
    case 0: Symbol(.max)
    case 1: Symbol(1 << 30)
    default: Symbol(UInt32(number(below: 5)))
    }
  }

  mutating func long() -> Int64 {
    switch number(below: 12) {
    case 0: .max
    case 1: .min
    default: Int64(number(below: 1_000)) * 1_000_000_000
    }
  }

  mutating func symbol<Space>(_ name: StaticString, _ value: inout Symbol<Space>) {
    value = symbol()
  }
  mutating func code<Code: FieldCode>(_ name: StaticString, _ value: inout Code?) {
    value = number(below: 8) == 0 ? nil : Code.allCases.randomElement(using: &random)
  }
  mutating func flags<Flags: FieldFlags>(_ value: inout Flags) {
    value = Flags(rawValue: UInt8(truncatingIfNeeded: random.next()))
  }
  mutating func number(_ name: StaticString, _ value: inout UInt32) {
    value = number(below: 4) == 0 ? .max : UInt32(number(below: 5))
  }
  mutating func sequence(_ name: StaticString, _ value: inout SequenceNumber) {
    value = SequenceNumber(number(below: 10) == 0 ? .max : number(below: 30))
  }
  mutating func wide(_ name: StaticString, _ value: inout UInt64) {
    value = number(below: 4) == 0 ? .max : number(below: 5)
  }
  mutating func time(_ name: StaticString, _ value: inout Int64) { value = long() }
  mutating func optional(_ name: StaticString, _ value: inout Int32?) {
    value = number(below: 2) == 0 ? nil : Int32(truncatingIfNeeded: random.next())
  }
  mutating func trace(_ name: StaticString, _ value: inout TraceParent) {
    value = TraceParent(high: random.next(), low: 0, parent: random.next(), version: 0, flags: 0)
  }
  mutating func secret(_ value: inout FenceDigest) { value = FenceDigest(low: 1, high: 1) }
}
