/// The bytes of a number, most significant first, so that keys sort as numbers do.
func bigEndianBytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
  unsafe withUnsafeBytes(of: number.bigEndian) { unsafe Array($0) }
}

extension [UInt8] {
  /// Lends the bytes, with typed errors, which `withUnsafeBytes` of arrays does not pass on.
  func withBytes<R>(_ body: (Bytes) throws(StoreError) -> R) throws(StoreError) -> R {
    try unsafe span.bytes.withUnsafeBytes { (bytes) throws(StoreError) in
      try unsafe body(bytes)
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Reads a big-endian number; the caller has checked that it lies inside.
  @inline(__always)
  func bigEndian<Number: FixedWidthInteger>(_ type: Number.Type, at offset: Int = 0) -> Number {
    Number(bigEndian: unsafe loadUnaligned(fromByteOffset: offset, as: type))
  }

  /// Reads a little-endian number; the caller has checked that it lies inside.
  @inline(__always)
  func littleEndian<Number: FixedWidthInteger>(_ type: Number.Type, at offset: Int) -> Number {
    Number(littleEndian: unsafe loadUnaligned(fromByteOffset: offset, as: type))
  }

  /// The bytes from `offset` on; the caller has checked that it lies inside.
  @inline(__always)
  func from(_ offset: Int) -> UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: self[offset...])
  }

  func equals(_ other: [UInt8]) -> Bool { unsafe elementsEqual(other) }
}

/// Unsigned LEB128: seven bits a byte, low ones first.
enum Varint {
  static func append(_ number: UInt64, to bytes: inout [UInt8]) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// Reads a number at `offset` and moves behind it; `nil` if it does not end or overflows.
  static func read(_ bytes: Bytes, at offset: inout Int) -> UInt64? {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while offset < bytes.count, shift < 63 {
      let byte = unsafe bytes[offset]
      offset += 1
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return number }
      shift += 7
    }
    return nil
  }
}
