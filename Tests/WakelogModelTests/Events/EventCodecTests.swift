import Testing
import WakelogTesting

@testable import WakelogModel

/// Records: what is written is what is read, whatever the fields.
struct EventCodecTests {
  static func event(_ kind: EventKind, _ chance: inout SeededGenerator) -> Event {
    var filler = RandomFiller(random: chance)
    var body = EventBody(empty: kind)
    body.visit(&filler)
    chance = filler.random
    return Event(
      sequence: SequenceNumber(chance.next()),
      at: Instant(
        nanoseconds: Int64(truncatingIfNeeded: chance.next()),
        offsetMinutes: Int16(truncatingIfNeeded: chance.next())),
      session: SessionSymbol(UInt32(truncatingIfNeeded: chance.next())),
      run: SequenceNumber(chance.next()),
      generation: Generation(UInt32(truncatingIfNeeded: chance.next())),
      previous: SequenceNumber(chance.next()),
      flags: EventFlags(rawValue: UInt8(truncatingIfNeeded: chance.next())), body: body)
  }

  @Test(arguments: EventKind.allCases)
  func `every kind is read as it was written`(_ kind: EventKind) {
    var chance = SeededGenerator(seed: 23)
    for _ in 0..<500 {
      let event = Self.event(kind, &chance)
      let read = event.withRecord { record in
        #expect(record.byteCount <= Event.maximumRecordBytes)
        return Event(record: record, sequence: event.sequence)
      }
      #expect(read == event, "seed 23")
    }
  }

  @Test(arguments: EventKind.allCases)
  func `an event of zeros is a header, and zeros behind the last field are left out`(
    _ kind: EventKind
  ) {
    var event = Event(
      sequence: SequenceNumber(1), at: Instant(nanoseconds: 0), session: .none, run: .none,
      generation: Generation(0), previous: .none, body: EventBody(empty: kind))
    #expect(event.withRecord { $0.byteCount } == Event.headerBytes)
    var first = FirstFieldFiller()
    event.body.visit(&first)
    let count = event.withRecord { $0.byteCount }
    #expect(count > Event.headerBytes && count <= Event.headerBytes + 16)
  }

  @Test(arguments: EventKind.allCases)
  func `a record cut anywhere is an event with zeros behind the cut`(_ kind: EventKind) {
    var chance = SeededGenerator(seed: 29)
    let event = Self.event(kind, &chance)
    event.withRecord { record in
      var padded = [UInt8](repeating: 0, count: Event.maximumRecordBytes)
      for count in 0..<record.byteCount {
        let cut = Event(record: record.extracting(first: count), sequence: event.sequence)
        let same = Event(record: padded.span.bytes, sequence: event.sequence)
        #expect(cut == same)
        padded[count] = record.unsafeLoad(fromByteOffset: count, as: UInt8.self)
      }
    }
  }

  @Test(arguments: 30...255)
  func `an unknown kind is carried by its number`(_ number: Int) {
    let bytes = [UInt8(number)] + [UInt8](repeating: 7, count: 80)
    let event = Event(record: bytes.span.bytes, sequence: SequenceNumber(1))
    #expect(event.body.kindNumber == UInt8(number))
    #expect(event.body.kind == nil)
  }

  @Test(arguments: [Int32.min, -.max, -1, 0, 1, .max])
  func `a number that may be missing keeps its value, the least one as the next`(_ number: Int32) {
    var finish = AttemptFinished()
    finish.exitCode = number
    var event = Event(
      sequence: SequenceNumber(1), at: Instant(nanoseconds: 0), session: .none, run: .none,
      generation: Generation(0), previous: .none, body: .attemptFinished(finish))
    event.withRecord { event = Event(record: $0, sequence: SequenceNumber(1)) }
    guard case .attemptFinished(let read) = event.body else { return }
    #expect(read.exitCode == max(number, -.max))
  }
}

/// Fills the first field alone.
private struct FirstFieldFiller: FieldVisitor {
  private var isDone = false

  init() {}

  private mutating func isFirst() -> Bool {
    defer { isDone = true }
    return !isDone
  }
  mutating func symbol<Space>(_ name: StaticString, _ value: inout Symbol<Space>) {
    if isFirst() { value = Symbol(.max) }
  }
  mutating func code<Code: FieldCode>(_ name: StaticString, _ value: inout Code?) {
    if isFirst() { value = Array(Code.allCases)[0] }
  }
  mutating func flags<Flags: FieldFlags>(_ value: inout Flags) {
    if isFirst() { value = Flags(rawValue: 1) }
  }
  mutating func number(_ name: StaticString, _ value: inout UInt32) {
    if isFirst() { value = .max }
  }
  mutating func sequence(_ name: StaticString, _ value: inout SequenceNumber) {
    if isFirst() { value = SequenceNumber(.max) }
  }
  mutating func wide(_ name: StaticString, _ value: inout UInt64) { if isFirst() { value = .max } }
  mutating func time(_ name: StaticString, _ value: inout Int64) { if isFirst() { value = .max } }
  mutating func optional(_ name: StaticString, _ value: inout Int32?) {
    if isFirst() { value = .max }
  }
  mutating func secret(_ value: inout FenceDigest) {
    if isFirst() { value = FenceDigest(low: .max, high: .max) }
  }
}
