// A record, byte by byte (little-endian, read unaligned):
//
//   0  kind         1 byte     12  time, ns      8 bytes
//   1  version      1 byte     20  previous      8 bytes
//   2  flags        1 byte     28  run           8 bytes
//   3  (0)          1 byte     36  offset, min   2 bytes
//   4  session      4 bytes    38  fields of the kind, in the order of its `visit`
//   8  generation   4 bytes
//
// Zero bytes at the end are left out, down to the header: fields added later read as zero from
// older records, and rare fields at the end cost nothing. No record is longer than 160 bytes.

/// The version of the records written.
let recordVersion: UInt8 = 1

extension Event {
  /// The longest record, in bytes.
  public static let maximumRecordBytes = 160
  static let headerBytes = 38

  /// Calls a closure with the event's record.
  public func withRecord<Result>(_ body: (RawSpan) throws -> Result) rethrows -> Result {
    var writer = FieldWriter()
    writer.byte(self.body.kindNumber)
    writer.byte(recordVersion)
    writer.byte(flags.rawValue)
    writer.byte(0)
    writer.word(session.number)
    writer.word(generation.value)
    writer.long(UInt64(bitPattern: at.nanoseconds))
    writer.long(previous.value)
    writer.long(run.value)
    writer.half(UInt16(bitPattern: at.offsetMinutes))
    var fields = self.body
    fields.visit(&writer)
    let count = writer.trimmedCount(least: Self.headerBytes)
    return try body(unsafe writer.bytes.span.bytes.extracting(first: count))
  }

  /// Reads a record.
  ///
  /// Total: bytes that no version wrote give an event all the same, of unknown kind or with
  /// fields of zero; what is damaged is known by the checksum, not here.
  @inline(__always)
  public init(record: RawSpan, sequence: SequenceNumber) {
    self = unsafe record.withUnsafeBytes { bytes in
      var reader = unsafe FieldReader(bytes)
      return Event(&reader, sequence)
    }
  }

  @inline(__always)
  private init(_ reader: inout FieldReader, _ sequence: SequenceNumber) {
    let kindNumber = reader.byte()
    _ = reader.byte()
    flags = EventFlags(rawValue: reader.byte())
    _ = reader.byte()
    session = SessionSymbol(reader.word())
    generation = Generation(reader.word())
    let nanoseconds = Int64(bitPattern: reader.long())
    previous = SequenceNumber(reader.long())
    run = SequenceNumber(reader.long())
    at = Instant(nanoseconds: nanoseconds, offsetMinutes: Int16(bitPattern: reader.half()))
    self.sequence = sequence
    guard let kind = EventKind(rawValue: kindNumber) else {
      body = .unrecognised(kindNumber)
      return
    }
    body = EventBody(kind, &reader)
  }
}

/// Writes fields into a buffer of the longest record.
struct FieldWriter: FieldVisitor {
  var bytes = InlineArray<160, UInt8>(repeating: 0)
  var count = 0

  @inline(__always) mutating func byte(_ value: UInt8) { store(value) }
  @inline(__always) mutating func half(_ value: UInt16) { store(value.littleEndian) }
  @inline(__always) mutating func word(_ value: UInt32) { store(value.littleEndian) }
  @inline(__always) mutating func long(_ value: UInt64) { store(value.littleEndian) }

  @inline(__always)
  private mutating func store<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value) {
    precondition(count + MemoryLayout<Value>.size <= Event.maximumRecordBytes)
    var target = bytes.mutableSpan
    let at = count
    unsafe target.withUnsafeMutableBytes { bytes in
      unsafe bytes.storeBytes(of: value, toByteOffset: at, as: Value.self)
    }
    count += MemoryLayout<Value>.size
  }

  func trimmedCount(least: Int) -> Int {
    var end = count
    while end > least, bytes[end - 1] == 0 { end -= 1 }
    return end
  }

  @inline(__always)
  mutating func symbol<Space>(_ name: StaticString, _ value: inout Symbol<Space>) {
    word(value.number)
  }
  @inline(__always)
  mutating func code<Code: FieldCode>(_ name: StaticString, _ value: inout Code?) {
    byte(value?.rawValue ?? 0)
  }
  @inline(__always)
  mutating func flags<Flags: FieldFlags>(_ value: inout Flags) { byte(value.rawValue) }
  @inline(__always)
  mutating func number(_ name: StaticString, _ value: inout UInt32) { word(value) }
  @inline(__always)
  mutating func sequence(_ name: StaticString, _ value: inout SequenceNumber) {
    long(value.value)
  }
  @inline(__always)
  mutating func wide(_ name: StaticString, _ value: inout UInt64) { long(value) }
  @inline(__always)
  mutating func time(_ name: StaticString, _ value: inout Int64) {
    long(UInt64(bitPattern: value))
  }
  @inline(__always)
  mutating func optional(_ name: StaticString, _ value: inout Int32?) {
    guard let given = value else { return word(0) }
    let zigzag = UInt32(bitPattern: (given << 1) ^ (given >> 31))
    // The least number has no place; the one above it says as much.
    word(zigzag == .max ? .max - 1 : zigzag + 1)
  }
  @inline(__always)
  mutating func secret(_ value: inout FenceDigest) {
    long(value.low)
    long(value.high)
  }
}

/// Reads fields from a record, behind whose end zeros follow without end.
@safe struct FieldReader: FieldVisitor {
  private let start: UnsafeRawPointer?
  private let count: Int
  private var offset = 0

  /// Reads bytes that stay where they are for as long as this reads.
  @inline(__always)
  init(_ record: UnsafeRawBufferPointer) {
    unsafe start = record.baseAddress
    count = record.count
  }

  @inline(__always)
  private mutating func load<Value: FixedWidthInteger & BitwiseCopyable>(
    _ type: Value.Type
  ) -> Value {
    let at = offset
    offset += MemoryLayout<Value>.size
    guard offset <= count, let start = unsafe start else { return partial(type, at) }
    return unsafe Value(littleEndian: start.loadUnaligned(fromByteOffset: at, as: type))
  }

  /// A field that the record ends within or before.
  @inline(never)
  private func partial<Value: FixedWidthInteger>(_ type: Value.Type, _ at: Int) -> Value {
    var value = Value.zero
    guard let start = unsafe start, at < count else { return value }
    for (shift, index) in (at..<count).enumerated() {
      let byte = unsafe start.load(fromByteOffset: index, as: UInt8.self)
      value |= Value(truncatingIfNeeded: byte) << Value(truncatingIfNeeded: shift * 8)
    }
    return value
  }

  @inline(__always) mutating func byte() -> UInt8 { load(UInt8.self) }
  @inline(__always) mutating func half() -> UInt16 { load(UInt16.self) }
  @inline(__always) mutating func word() -> UInt32 { load(UInt32.self) }
  @inline(__always) mutating func long() -> UInt64 { load(UInt64.self) }

  @inline(__always)
  mutating func symbol<Space>(_ name: StaticString, _ value: inout Symbol<Space>) {
    value = Symbol(word())
  }
  @inline(__always)
  mutating func code<Code: FieldCode>(_ name: StaticString, _ value: inout Code?) {
    value = Code(rawValue: byte())
  }
  @inline(__always)
  mutating func flags<Flags: FieldFlags>(_ value: inout Flags) {
    value = Flags(rawValue: byte())
  }
  @inline(__always)
  mutating func number(_ name: StaticString, _ value: inout UInt32) { value = word() }
  @inline(__always)
  mutating func sequence(_ name: StaticString, _ value: inout SequenceNumber) {
    value = SequenceNumber(long())
  }
  @inline(__always)
  mutating func wide(_ name: StaticString, _ value: inout UInt64) { value = long() }
  @inline(__always)
  mutating func time(_ name: StaticString, _ value: inout Int64) {
    value = Int64(bitPattern: long())
  }
  @inline(__always)
  mutating func optional(_ name: StaticString, _ value: inout Int32?) {
    let stored = word()
    guard stored != 0 else { return value = nil }
    let zigzag = stored - 1
    value = Int32(bitPattern: (zigzag >> 1) ^ (0 &- (zigzag & 1)))
  }
  @inline(__always)
  mutating func secret(_ value: inout FenceDigest) {
    let low = long()
    value = FenceDigest(low: low, high: long())
  }
}
