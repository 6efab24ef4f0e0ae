/// Writes fields into a buffer of the longest record.
struct FieldWriter: FieldVisitor {
  var bytes = InlineArray<160, UInt8>(repeating: 0)
  var count = 0
  /// The end of the last field that is not zero.
  private var end = 0

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
    end = value == 0 ? end : count
  }

  func trimmedCount(least: Int) -> Int {
    guard end > least else { return least }
    var end = end
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
  mutating func trace(_ name: StaticString, _ value: inout TraceParent) {
    long(value.high)
    long(value.low)
    long(value.parent)
    byte(value.version)
    byte(value.flags)
  }
  @inline(__always)
  mutating func secret(_ value: inout FenceDigest) {
    long(value.low)
    long(value.high)
  }
}

/// Reads fields from a record with zeros behind it, as long as the longest record.
@safe struct FieldReader: FieldVisitor {
  private let start: UnsafeRawPointer
  private var offset = 0

  /// Reads bytes that stay where they are for as long as this reads.
  @inline(__always)
  init(_ padded: UnsafeRawPointer) { unsafe start = padded }

  @inline(__always)
  private mutating func load<Value: FixedWidthInteger & BitwiseCopyable>(
    _ type: Value.Type
  ) -> Value {
    let at = offset
    offset += MemoryLayout<Value>.size
    // Known at compile time, for every kind: the writer has no more room than that either.
    assert(offset <= Event.maximumRecordBytes)
    return unsafe Value(littleEndian: start.loadUnaligned(fromByteOffset: at, as: type))
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
  mutating func trace(_ name: StaticString, _ value: inout TraceParent) {
    value.high = long()
    value.low = long()
    value.parent = long()
    value.version = byte()
    value.flags = byte()
  }
  @inline(__always)
  mutating func secret(_ value: inout FenceDigest) {
    let low = long()
    value = FenceDigest(low: low, high: long())
  }
}
