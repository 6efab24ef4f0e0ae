/// An archive: a directory of segments, each a run of whole commits that left a log.
///
/// A segment is a file `<first>-<last>.wakelog` of mode 0600, its numbers of twenty digits. It is
/// whole or not there: it is written beside, made durable, and renamed.
///
/// ```
///  0  8  "WAKESEG\0"
///  8  4  version u32, big-endian like all numbers here
/// 12  …  one Zstandard frame of the body
/// ```
///
/// The body, where a *varint* is unsigned LEB128:
///
/// ```
/// 16  the log's identifier
/// 32  the log's secret
///  …  varint, and as many bytes: what the log says of its origin
///  8  the first event's sequence
///  8  the last event's
/// 32  the seal before the first event
///  …  commits
///  1  0
/// 32  the seal of the last commit
/// 32  BLAKE2b-256 of all bytes of the body before these
/// ```
///
/// A commit is its events, then its new symbols, then its seal:
///
/// ```
/// 1, varint n, n bytes                      an event without evidence: its frame
/// 2, varint n, n bytes, varint m, m bytes   an event with its evidence
/// 3, u8 flag, varint n, n bytes             an event whose evidence was removed, and how
/// 4, varint ranges, of each: namespace u8, varint first, varint count;
///    then of each symbol: varint of its length + 1, and its bytes; or 0, and 32 bytes of its digest
/// 5, 32 bytes, varint events                the seal
/// ```
///
/// So a segment verifies alone, event by event and commit by commit, as the log does, and with its
/// neighbours by the seal that it begins with. A name that was forgotten is there as the digest
/// that was sealed: the segment verifies without it. A commit alone, to be applied elsewhere, is a
/// segment of one.
public struct Archive: Sendable {
  /// The directory.
  public let path: String
  /// The segments in order, by their names.
  public private(set) var segments: [Segment]

  /// One segment, by its name.
  public struct Segment: Sendable, Equatable {
    /// The first event.
    public var first: UInt64
    /// The last event.
    public var last: UInt64
    /// The file.
    public var path: String
  }

  /// The last event in the archive; 0 when it is empty.
  public var last: UInt64 { segments.last?.last ?? 0 }
  /// The first event in the archive; 0 when it is empty.
  public var first: UInt64 { segments.first?.first ?? 0 }

  /// Looks at a directory of segments. Throws `notFound` when there is none, `corrupt` where a
  /// segment does not follow the one before.
  public init(_ path: String) throws(StoreError) {
    self.path = path
    segments = []
    guard let status = FileSystem.status(path), status.isDirectory else {
      throw StoreError(.notFound, "There is no such archive directory. Check the path.", path: path)
    }
    for name in try FileSystem.entries(path) {
      guard let segment = Segment(name, in: path) else { continue }
      segments.append(segment)
    }
    segments.sort { ($0.first, $0.last) < ($1.first, $1.last) }
    for (before, segment) in zip(segments, segments.dropFirst())
    where segment.first != before.last + 1 {
      throw StoreError(
        .corrupt,
        "Events \(before.last + 1) and on are not in the archive, or there twice. "
          + "Bring the missing segment back.", path: segment.path, sequence: before.last + 1)
    }
  }

  /// Adds a segment that was written behind the last.
  mutating func add(_ segment: Segment) { segments.append(segment) }

  /// Makes the directory, only for its owner, if there is none.
  public static func create(_ path: String) throws(StoreError) {
    if FileSystem.status(path) == nil { try FileSystem.createDirectory(path) }
  }
}

extension Archive.Segment {
  static let suffix = ".wakelog"
  private static let digits = 20

  init(first: UInt64, last: UInt64, in directory: String) {
    self.first = first
    self.last = last
    path = "\(directory)/\(Self.padded(first))-\(Self.padded(last))\(Self.suffix)"
  }

  /// Reads a file's name; nil for what is no segment.
  fileprivate init?(_ name: String, in directory: String) {
    guard name.hasSuffix(Self.suffix) else { return nil }
    let numbers = name.dropLast(Self.suffix.count).split(
      separator: "-", omittingEmptySubsequences: false)
    guard numbers.count == 2, numbers.allSatisfy({ $0.utf8.count == Self.digits }),
      let first = UInt64(numbers[0]), let last = UInt64(numbers[1]), first > 0, first <= last
    else { return nil }
    self.first = first
    self.last = last
    path = "\(directory)/\(name)"
  }

  private static func padded(_ number: UInt64) -> String {
    let text = String(number)
    return String(repeating: "0", count: digits - text.utf8.count) + text
  }
}

/// The marks of a segment's format.
enum ArchiveFormat {
  static let magic = Array("WAKESEG\0".utf8)
  static let version: UInt32 = 1
  static let end: UInt8 = 0
  static let event: UInt8 = 1
  static let eventWithEvidence: UInt8 = 2
  static let eventWithoutItsEvidence: UInt8 = 3
  static let symbols: UInt8 = 4
  static let seal: UInt8 = 5
}
