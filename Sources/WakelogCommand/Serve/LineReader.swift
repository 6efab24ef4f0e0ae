internal import Glibc
internal import WakelogHost

/// Cuts what a descriptor gives into lines, without ever holding more than one of bounded length.
struct LineReader {
  /// What a line turned out to be.
  enum Item {
    /// A line without its end.
    case line([UInt8])
    /// A line beyond the limit; what is left of it is skipped as it comes.
    case tooLong
  }

  /// The longest line in bytes, its end not counted.
  static let limit = 1 << 20

  /// The most that is read at a time.
  private static let largestChunk = 64 << 10

  private let descriptor: Int32
  private let isToRead: () -> Bool
  /// Small at first: most connections send a line now and then, and there may be thousands.
  private var chunk = [UInt8](repeating: 0, count: 4 << 10)
  private var unread = 0..<0
  private var partial: [UInt8] = []
  private var isSkipping = false
  private var hasEnded = false

  /// Reads from a descriptor until its end, or until `isToRead`, asked before every read, says no.
  init(_ descriptor: Int32, isToRead: @escaping () -> Bool = { true }) {
    self.descriptor = descriptor
    self.isToRead = isToRead
  }

  /// Whether a client that waits for its replies has sent nothing more.
  var isExhausted: Bool {
    unread.isEmpty && Descriptor.wait(for: [(descriptor, POLLIN)], milliseconds: 0)[0] == 0
  }

  /// The next line; nil at the end. A last line without an end counts, half a line at a stop does
  /// not.
  mutating func next() -> Item? {
    while true {
      if let item = cut() { return item }
      guard !hasEnded, fill() else {
        hasEnded = true
        defer { partial = [] }
        return partial.isEmpty || isSkipping ? nil : .line(partial)
      }
    }
  }

  /// Takes a line out of what was read, or moves all of it to `partial`.
  private mutating func cut() -> Item? {
    while !unread.isEmpty {
      let lineEnd = endOfLine()
      let piece = chunk[unread.lowerBound..<(lineEnd ?? unread.upperBound)]
      unread = (lineEnd.map { $0 + 1 } ?? unread.upperBound)..<unread.upperBound
      if isSkipping {
        isSkipping = lineEnd == nil
        continue
      }
      if partial.count + piece.count > Self.limit {
        isSkipping = lineEnd == nil
        partial = []
        return .tooLong
      }
      guard lineEnd != nil else {
        partial += piece
        continue
      }
      if partial.isEmpty { return .line(Array(piece)) }
      defer { partial = [] }
      return .line(partial + piece)
    }
    return nil
  }

  private func endOfLine() -> Int? {
    unsafe chunk.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return nil }
      let found = unsafe memchr(start + unread.lowerBound, 10, unread.count)
      return unsafe found.map { unsafe $0 - UnsafeMutableRawPointer(mutating: start) }
    }
  }

  private mutating func fill() -> Bool {
    guard isToRead() else {
      partial = []
      return false
    }
    let wasFilled = unread.upperBound == chunk.count
    if wasFilled, chunk.count < Self.largestChunk {
      chunk = [UInt8](repeating: 0, count: chunk.count * 4)
    }
    let count = Descriptor.read(descriptor, into: &chunk)
    if count < 0 { partial = [] }
    unread = 0..<max(count, 0)
    return count > 0
  }
}
