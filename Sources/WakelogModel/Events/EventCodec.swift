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
    // A copy with zeros behind it: then every field is there, and none asks where the record ends.
    var padded = InlineArray<160, UInt8>(repeating: 0)
    let count = min(record.byteCount, Event.maximumRecordBytes)
    self = unsafe withUnsafeMutableBytes(of: &padded) { target in
      let start = target.baseAddress!
      if count > 0 {
        unsafe record.withUnsafeBytes {
          unsafe start.copyMemory(from: $0.baseAddress!, byteCount: count)
        }
      }
      var reader = unsafe FieldReader(start)
      return Event(&reader, sequence)
    }
  }

  /// The numbers of a record's session and of the provider session that an attempt asks for or a
  /// binding takes; 0 where there is none.
  @inline(__always)
  static func named(in record: UnsafeRawBufferPointer) -> (session: UInt32, identity: UInt32) {
    guard record.count >= headerBytes else { return (0, 0) }
    let session = unsafe record.loadUnaligned(fromByteOffset: 4, as: UInt32.self)
    let offset =
      switch unsafe record[0] {
      case EventKind.attemptStarted.rawValue: headerBytes + 13
      case EventKind.attemptFinished.rawValue: headerBytes + 19
      case EventKind.sessionBound.rawValue: headerBytes
      default: 0
      }
    guard offset > 0, offset + 4 <= record.count else { return (UInt32(littleEndian: session), 0) }
    let identity = unsafe record.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
    return (UInt32(littleEndian: session), UInt32(littleEndian: identity))
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
