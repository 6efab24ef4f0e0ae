/// Sees every field of a payload in its stored order.
///
/// One description of a payload serves all who need its fields: the codec, export and import,
/// and whoever maps symbols. The order of the calls is the storage format. New fields are added
/// at the end only: they read as zero from older records.
protocol FieldVisitor {
  /// Four bytes.
  mutating func symbol<Space>(_ name: StaticString, _ value: inout Symbol<Space>)
  /// One byte.
  mutating func code<Code: FieldCode>(_ name: StaticString, _ value: inout Code?)
  /// One byte of booleans.
  mutating func flags<Flags: FieldFlags>(_ value: inout Flags)
  /// Four bytes.
  mutating func number(_ name: StaticString, _ value: inout UInt32)
  /// Four bytes of a number that may be left out: kept plus one, 0 for none.
  mutating func plusOne(_ name: StaticString, _ value: inout UInt32)
  /// Eight bytes.
  mutating func sequence(_ name: StaticString, _ value: inout SequenceNumber)
  /// Eight bytes.
  mutating func wide(_ name: StaticString, _ value: inout UInt64)
  /// Eight bytes that mean nothing but whether they are the same.
  mutating func digest(_ name: StaticString, _ value: inout UInt64)
  /// Eight bytes of nanoseconds.
  mutating func time(_ name: StaticString, _ value: inout Int64)
  /// Four bytes: zigzag plus one, 0 for nil.
  mutating func optional(_ name: StaticString, _ value: inout Int32?)
  /// Twenty-six bytes: a trace's id, a span's, version and flags.
  mutating func trace(_ name: StaticString, _ value: inout TraceParent)
  /// Sixteen bytes that are never shown.
  mutating func secret(_ value: inout FenceDigest)
}

// What looks different to readers alone is kept as what it is.
extension FieldVisitor {
  @inline(__always)
  mutating func plusOne(_ name: StaticString, _ value: inout UInt32) { number(name, &value) }
  @inline(__always)
  mutating func digest(_ name: StaticString, _ value: inout UInt64) { wide(name, &value) }
}

/// A visitor that leaves alone what it has no method for.
protocol PartialVisitor: FieldVisitor {}

extension PartialVisitor {
  mutating func symbol<Space>(_ name: StaticString, _ value: inout Symbol<Space>) {}
  mutating func code<Code: FieldCode>(_ name: StaticString, _ value: inout Code?) {}
  mutating func flags<Flags: FieldFlags>(_ value: inout Flags) {}
  mutating func number(_ name: StaticString, _ value: inout UInt32) {}
  mutating func sequence(_ name: StaticString, _ value: inout SequenceNumber) {}
  mutating func wide(_ name: StaticString, _ value: inout UInt64) {}
  mutating func time(_ name: StaticString, _ value: inout Int64) {}
  mutating func optional(_ name: StaticString, _ value: inout Int32?) {}
  mutating func trace(_ name: StaticString, _ value: inout TraceParent) {}
  mutating func secret(_ value: inout FenceDigest) {}
}

/// Booleans in one byte, each with the name it has on the wire.
public protocol FieldFlags: OptionSet, Sendable, BitwiseCopyable where RawValue == UInt8 {
  /// Every member with its name.
  static var names: [(name: StaticString, flag: Self)] { get }
}

/// One kind of event's own fields.
protocol EventPayload: Hashable, Sendable, BitwiseCopyable {
  /// A payload of zeros.
  init()
  /// Shows every field to a visitor, which may change it.
  mutating func visit<Visitor: FieldVisitor>(_ visitor: inout Visitor)
}
