/// UTF-8 in the making.
///
/// An array has more to check with every piece appended than most pieces of JSON are long; here a
/// piece costs one comparison and a copy.
public struct TextBuffer: Sendable {
  /// The text, and room after it.
  private var storage: [UInt8]
  /// How many bytes of text there are.
  public private(set) var count = 0

  /// An empty buffer with room for some bytes, which grows.
  public init(capacity: Int = 256) {
    storage = [UInt8](repeating: 0, count: max(capacity, 16))
  }

  /// The text; what was appended, and no more.
  public consuming func bytes() -> [UInt8] {
    storage.removeLast(storage.count - count)
    return storage
  }

  /// Appends a byte.
  public mutating func append(_ byte: UInt8) {
    unsafe append(atMost: 1) { end in
      unsafe end.pointee = byte
      return 1
    }
  }

  /// Appends text that was written out in a program.
  public mutating func append(literal: StaticString) {
    unsafe append(UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }

  /// Appends a text as it is.
  public mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { unsafe append($0) }
  }

  /// Appends bytes.
  public mutating func append(_ bytes: [UInt8]) {
    unsafe bytes.withUnsafeBufferPointer { unsafe append($0) }
  }

  /// Appends bytes.
  public mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress else { return }
    unsafe append(atMost: bytes.count) { end in
      unsafe end.update(from: source, count: bytes.count)
      return bytes.count
    }
  }

  /// Appends what a closure writes at an address: so many bytes as it says, up to a limit.
  @inline(__always)
  mutating func append(atMost limit: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
    let start = count
    if start + limit > storage.count { grow(by: limit) }
    let written = unsafe storage.withUnsafeMutableBufferPointer { storage in
      unsafe storage.baseAddress.map { unsafe body($0 + start) } ?? 0
    }
    count = start + written
  }

  @inline(never)
  private mutating func grow(by count: Int) {
    storage.append(contentsOf: repeatElement(0, count: max(storage.count, count)))
  }
}

/// Decimal digits, written where there is room for them.
enum Digits {
  /// Writes a number in at least so many digits, and gives how many there are.
  @inline(__always)
  static func write(
    _ number: UInt64, atLeast width: Int = 1, to place: UnsafeMutablePointer<UInt8>
  ) -> Int {
    var count = 1
    var bound: UInt64 = 10
    while count < 20, count < width || number >= bound {
      count += 1
      bound = bound.multipliedReportingOverflow(by: 10).overflow ? .max : bound * 10
    }
    var rest = number
    for index in stride(from: count - 1, through: 0, by: -1) {
      unsafe place[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    return count
  }
}
