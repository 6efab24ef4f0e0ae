import CAllocations
import Testing
import WakelogTesting

@testable import WakelogModel

/// Reducers are total: whatever a log holds, they end and trap nowhere.
struct GarbageTests {
  static func randomEvent(_ chance: inout SeededGenerator, _ sequence: UInt64) -> Event {
    var bytes = (0..<Event.maximumRecordBytes).map { _ in
      // Mostly small bytes, so that numbers meet rows that exist.
      UInt8.random(in: 0...10, using: &chance) < 8 ? 0 : UInt8.random(in: 0...255, using: &chance)
    }
    bytes[0] = UInt8.random(in: 0...31, using: &chance)
    for field in stride(from: 4, to: 60, by: 4) where Bool.random(using: &chance) {
      bytes[field] = UInt8.random(in: 0...6, using: &chance)
      for rest in 1..<4 {
        bytes[field + rest] = Int.random(in: 0...9, using: &chance) == 0 ? 255 : 0
      }
    }
    return Event(record: bytes.span.bytes, sequence: SequenceNumber(sequence))
  }

  /// Numbers of rows that are far beyond what exists stand for damage; the few in between would
  /// make tables as large as the gap, which is right and takes memory, so they are left out here.
  static func isTolerable(_ event: Event) -> Bool {
    var probe = SymbolProbe()
    var body = event.body
    body.visit(&probe)
    return probe.isTolerable && SymbolProbe.isTolerable(event.session.number)
  }

  @Test(arguments: 1...8)
  func `events at random trap nowhere`(_ seed: Int) {
    var chance = SeededGenerator(seed: UInt64(seed))
    var state = State()
    var laws = LawChecker()
    var replayed = State()
    var sequence: UInt64 = 1
    for _ in 0..<20_000 {
      let event = Self.randomEvent(&chance, sequence)
      guard Self.isTolerable(event) else { continue }
      sequence += 1
      state.reduce(event)
      replayed.reduce(event)
      laws.observe(event)
    }
    laws.finish()
    #expect(state.firstDifference(from: replayed) == nil, "seed \(seed)")
    // Nor does deciding on what garbage adds up to.
    let world = World()
    world.state = state
    var history = RandomHistory(seed: UInt64(seed))
    for _ in 0..<300 { history.step(world) }
  }

  @Test func `an empty record is an event all the same`() {
    let none: [UInt8] = []
    let event = Event(record: none.span.bytes, sequence: SequenceNumber(1))
    #expect(event.body == .unrecognised(0))
  }

  @Test func `an event of an unknown kind is counted and changes nothing else`() {
    let world = World()
    world.bind("x")
    var state = world.state
    var event = world.log[world.log.count - 1]
    event.sequence = state.position.next
    event.body = .unrecognised(200)
    state.reduce(event)
    #expect(state.totals.unrecognised == 1)
    #expect(state.position == event.sequence)
    let before = world.facts(of: world.state)
    #expect(world.facts(of: state) == before)
  }

  @Test func `reducing allocates nothing but rows`() throws {
    let world = try HistoryTests.world(0)
    var history = RandomHistory(seed: 19)
    for _ in 0..<4_000 { history.step(world) }
    var state = State()
    for event in world.log { state.reduce(event) }
    var made: [UInt8: [UInt64]] = [:]
    for event in world.log {
      let before = allocations_made()
      state.reduce(event)
      let after = allocations_made()
      made[event.body.kindNumber, default: []].append(after - before)
    }
    // Other tests allocate beside this one, and tables grow now and then: the middle one of each
    // kind says whether reducing it does.
    for (kind, counts) in made {
      #expect(counts.sorted()[counts.count / 2] == 0, "kind \(kind)")
    }
  }
}

/// Looks at the row numbers that a payload names.
private struct SymbolProbe: FieldVisitor {
  var isTolerable = true

  static func isTolerable(_ number: UInt32) -> Bool { number < 1_000 || number > 1 << 25 }

  mutating func symbol<Space>(_ name: StaticString, _ value: inout Symbol<Space>) {
    if !Self.isTolerable(value.number) { isTolerable = false }
  }
  mutating func code<Code: FieldCode>(_ name: StaticString, _ value: inout Code?) {}
  mutating func flags<Flags: FieldFlags>(_ value: inout Flags) {}
  mutating func number(_ name: StaticString, _ value: inout UInt32) {}
  mutating func sequence(_ name: StaticString, _ value: inout SequenceNumber) {}
  mutating func wide(_ name: StaticString, _ value: inout UInt64) {}
  mutating func time(_ name: StaticString, _ value: inout Int64) {}
  mutating func optional(_ name: StaticString, _ value: inout Int32?) {}
  mutating func secret(_ value: inout FenceDigest) {}
}
