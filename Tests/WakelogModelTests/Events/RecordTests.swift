import Testing
import WakelogTesting

@testable import WakelogModel

/// What stands in records comes out of them, whatever it is.
struct RecordTests {
  static func drawn(_ kind: EventKind, _ random: inout SeededGenerator) -> Event {
    var event = Event.sample(kind)
    event.session = SessionSymbol(UInt32(truncatingIfNeeded: random.next()))
    event.run = SequenceNumber(random.next())
    event.previous = SequenceNumber(random.next())
    event.generation = Generation(UInt32(truncatingIfNeeded: random.next()))
    event.at = Instant(
      nanoseconds: Int64(truncatingIfNeeded: random.next()),
      offsetMinutes: Int16(truncatingIfNeeded: random.next()))
    event.flags = Bool.random(using: &random) ? .imported : []
    var filler = RandomFiller(random: SeededGenerator(seed: random.next()))
    event.body.visit(&filler)
    return event
  }

  func read(_ bytes: [UInt8], _ sequence: SequenceNumber = SequenceNumber(41)) -> Event {
    bytes.withUnsafeBytes { Event(record: $0.bytes, sequence: sequence) }
  }

  @Test(arguments: EventKind.allCases)
  func `Any event reads back as it was written`(kind: EventKind) {
    var random = SeededGenerator(seed: UInt64(kind.rawValue))
    for _ in 0..<300 {
      let event = Self.drawn(kind, &random)
      #expect(read(event.recordBytes) == event, "seed \(random.seed)")
    }
  }

  @Test(arguments: EventKind.allCases)
  func `The longest record of a kind fits`(kind: EventKind) {
    var event = Event.sample(kind)
    var filler = LongestFiller()
    event.body.visit(&filler)
    #expect(Event.headerBytes + filler.bytes <= Event.maximumRecordBytes)
    #expect(event.recordBytes.count == Event.headerBytes + filler.bytes)
  }

  @Test(arguments: EventKind.allCases)
  func `Zeros at the end are left out, and read as zero`(kind: EventKind) {
    var random = SeededGenerator(seed: 100 + UInt64(kind.rawValue))
    for _ in 0..<50 {
      let event = Self.drawn(kind, &random)
      let bytes = event.recordBytes
      #expect(bytes.count == Event.headerBytes || bytes.last != 0, "seed \(random.seed)")
      let padded = bytes + Array(repeating: 0, count: Event.maximumRecordBytes - bytes.count)
      #expect(read(padded) == event, "seed \(random.seed)")
    }
    var empty = Event.sample(kind)
    empty.body = EventBody(empty: kind)
    #expect(empty.recordBytes.count == Event.headerBytes)
  }

  // Replay asks for rows by these numbers before it reads the event.
  @Test(arguments: EventKind.allCases)
  func `A record names its session and id before it is read`(kind: EventKind) {
    var random = SeededGenerator(seed: 200 + UInt64(kind.rawValue))
    for _ in 0..<50 {
      let event = Self.drawn(kind, &random)
      let identity: IdentitySymbol
      switch event.body {
      case .attemptStarted(let started): identity = started.identity
      case .attemptFinished(let finished): identity = finished.reported
      case .sessionBound(let bound): identity = bound.identity
      default: identity = .none
      }
      event.withRecord { record in
        let named = record.withUnsafeBytes { Event.named(in: $0) }
        #expect(named.session == event.session.number, "seed \(random.seed)")
        let isCut = record.byteCount < Event.maximumRecordBytes && named.identity == 0
        #expect(named.identity == identity.number || isCut, "seed \(random.seed)")
      }
    }
  }

  // A field added at the end was not written by older versions.
  @Test(arguments: EventKind.allCases)
  func `A record cut short reads as one whose last fields are zero`(kind: EventKind) {
    let bytes = Event.sample(kind).recordBytes
    for count in Event.headerBytes...bytes.count {
      let cut = Array(bytes[..<count])
      let event = read(cut)
      #expect(event.body.kind == kind)
      #expect(read(event.recordBytes) == event, "\(count) bytes")
      let padded = cut + Array(repeating: 0, count: bytes.count - count)
      #expect(read(padded) == event, "\(count) bytes")
    }
  }

  // The least number came back as the greatest.
  @Test func `The least number reads as the one above it`() {
    var finish = AttemptFinished()
    finish.exitCode = .min
    finish.turns = .max
    var event = Event.sample(.attemptFinished)
    event.body = .attemptFinished(finish)
    finish.exitCode = -.max
    #expect(read(event.recordBytes).body == .attemptFinished(finish))
  }

  @Test func `Any bytes give an event`() {
    var random = SeededGenerator(seed: 0xB17E)
    for _ in 0..<20_000 {
      let count = Int.random(in: 0...200, using: &random)
      let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      let event = read(bytes)
      if event.body.kind != nil { #expect(read(event.recordBytes) == event) }
    }
  }

  @Test func `Unknown kinds are counted and carried`() {
    let known = Set(EventKind.allCases.map(\.rawValue))
    let kinds = (UInt8.min...UInt8.max).filter { !known.contains($0) }
    var state = State()
    for kind in kinds {
      var event = Event.sample(.noteAdded)
      event.body = .unrecognised(kind)
      #expect(read(event.recordBytes) == event)
      state.reduce(event)
    }
    #expect(state.totals.unrecognised == UInt64(kinds.count))
    #expect(state.position == SequenceNumber(41))
  }
}

/// Fills every byte of every field, and counts them.
struct LongestFiller: FieldVisitor {
  var bytes = 0

  mutating func symbol<Space>(_ name: StaticString, _ value: inout Symbol<Space>) {
    value = Symbol(.max)
    bytes += 4
  }
  mutating func code<Code: FieldCode>(_ name: StaticString, _ value: inout Code?) {
    value = Array(Code.allCases).last
    bytes += 1
  }
  mutating func flags<Flags: FieldFlags>(_ value: inout Flags) {
    value = Flags(rawValue: 0xFF)
    bytes += 1
  }
  mutating func number(_ name: StaticString, _ value: inout UInt32) {
    value = .max
    bytes += 4
  }
  mutating func sequence(_ name: StaticString, _ value: inout SequenceNumber) {
    value = SequenceNumber(.max)
    bytes += 8
  }
  mutating func wide(_ name: StaticString, _ value: inout UInt64) {
    value = .max
    bytes += 8
  }
  mutating func time(_ name: StaticString, _ value: inout Int64) {
    value = -1
    bytes += 8
  }
  mutating func optional(_ name: StaticString, _ value: inout Int32?) {
    value = .min
    bytes += 4
  }
  mutating func trace(_ name: StaticString, _ value: inout TraceParent) {
    value = TraceParent(high: .max, low: .max, parent: .max, version: 254, flags: .max)
    bytes += 26
  }
  mutating func secret(_ value: inout FenceDigest) {
    value = FenceDigest(low: .max, high: .max)
    bytes += 16
  }
}
