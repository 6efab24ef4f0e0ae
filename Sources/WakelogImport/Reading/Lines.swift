import Glibc

/// The lines of a file, read piece by piece.
final class Lines {
  /// The longest line that is kept; a longer one is counted and dropped.
  static let longest = 16 << 20

  private let source: any Bytes
  private var buffer: [UInt8] = []
  private var start = 0
  private var isAtEnd = false
  /// The bytes before the next line.
  private(set) var offset: Int64 = 0

  init(_ source: any Bytes) { self.source = source }

  /// Why they end before their time; nil when they do not.
  var fault: String? { source.fault }

  /// A line without its end.
  enum Line {
    case bytes([UInt8], at: Int64)
    /// Longer than `longest`.
    case tooLong(at: Int64)
  }

  /// The next line; nil at the end. The last one need not end in a line feed.
  func next() -> Line? {
    let begin = offset
    var searched = start
    var isDropping = false
    while true {
      if let end = lineFeed(from: searched) {
        defer { start = end + 1 }
        offset += Int64(end + 1 - start)
        return isDropping ? .tooLong(at: begin) : .bytes(Array(buffer[start..<end]), at: begin)
      }
      if buffer.count - start > Self.longest {
        offset += Int64(buffer.count - start)
        buffer.removeAll(keepingCapacity: true)
        start = 0
        isDropping = true
      }
      searched = buffer.count - start
      guard fill() else {
        let rest = Array(buffer[start...])
        start = buffer.count
        offset += Int64(rest.count)
        if isDropping { return .tooLong(at: begin) }
        return rest.isEmpty ? nil : .bytes(rest, at: begin)
      }
    }
  }

  /// Where the next line feed is in what was read.
  private func lineFeed(from start: Int) -> Int? {
    unsafe buffer.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, start < bytes.count,
        let found = unsafe memchr(base + start, 0x0A, bytes.count - start)
      else { return nil }
      return unsafe UnsafeRawPointer(found) - base
    }
  }

  /// All bytes, up to a limit; nil when there are more.
  func all(atMost limit: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    while bytes.count <= limit {
      guard let piece = nextPiece() else { return bytes }
      bytes += piece
    }
    return nil
  }

  /// The next bytes, as they come; nil at the end.
  func nextPiece() -> [UInt8]? {
    if start == buffer.count {
      buffer.removeAll(keepingCapacity: true)
      start = 0
      guard fill() else { return nil }
    }
    defer { start = buffer.count }
    return Array(buffer[start...])
  }

  /// Reads more behind what is left; false at the end. Afterwards what is left begins at 0.
  private func fill() -> Bool {
    if start > 0 {
      buffer.removeFirst(start)
      start = 0
    }
    guard !isAtEnd else { return false }
    let piece = source.next(atMost: 1 << 16)
    buffer += piece
    isAtEnd = piece.isEmpty
    return !isAtEnd
  }
}
