/// What a look at an archive found.
public struct ArchiveCheck: Sendable, Equatable {
  /// Whether nothing is wrong.
  public var ok: Bool { firstBad == nil }
  /// How many segments were read.
  public var segments = 0
  /// How many events were checked.
  public var events: UInt64 = 0
  /// How many commits were checked.
  public var commits = 0
  /// How many names are there as their digests alone.
  public var withheld = 0
  /// The first event.
  public var first: UInt64 = 0
  /// The last event.
  public var last: UInt64 = 0
  /// The last seal that was found good.
  public var seal: [UInt8] = []
  /// The first finding; the checks stop there.
  public var firstBad: Finding?

  /// Of an archive that could not be looked into: one finding, and nothing else.
  public init(_ error: StoreError) {
    firstBad = Finding(path: error.path, sequence: error.sequence, because: error.message)
  }

  init() {}

  /// The first place where the archive contradicts itself, or the log.
  public struct Finding: Sendable, Equatable {
    /// The file.
    public var path: String?
    /// The event concerned, where known.
    public var sequence: UInt64?
    /// What is wrong, in a sentence.
    public var because: String
  }
}

extension Archive {
  /// Checks a segment alone.
  public static func verify(segment path: String) throws -> ArchiveCheck {
    var check = ArchiveCheck()
    try check.take { check in try check.read(SegmentReader(path)) }
    return check
  }

  /// Checks every segment, and that each follows the one before; with a log, also that the log
  /// goes on where the archive ends.
  public func verify(
    with log: Log? = nil, progress: (UInt64, UInt64) -> Void = { _, _ in }
  ) throws -> ArchiveCheck {
    var check = ArchiveCheck()
    var before: SegmentHeader?
    for segment in segments {
      try check.take { check in
        let reader = try SegmentReader(segment.path)
        try reader.requireName(segment)
        if let before { try reader.require(follows: before, check.seal) }
        before = reader.header
        try check.read(reader)
      }
      guard check.ok else { return check }
      progress(check.last, last)
    }
    if let log, let before {
      try check.take { check in try log.requireFollows(before, check.last, check.seal) }
    }
    return check
  }
}

extension ArchiveCheck {
  /// Runs a check, and takes down what is corrupt.
  fileprivate mutating func take(
    _ body: (inout ArchiveCheck) throws -> Void
  ) throws {
    do {
      try body(&self)
    } catch let error as StoreError where error.code == .corrupt {
      firstBad = Finding(path: error.path, sequence: error.sequence, because: error.message)
    }
  }

  fileprivate mutating func read(_ reader: SegmentReader) throws(StoreError) {
    if first == 0 { first = reader.header.first }
    while let item = try reader.next() {
      switch item {
      case .event: events += 1
      case .symbol(let symbol): if symbol.name == nil { withheld += 1 }
      case .seal(let hash, _):
        commits += 1
        seal = hash
        last = reader.last
      case .symbols: break
      }
    }
    segments += 1
  }
}

extension SegmentReader {
  /// Throws unless the file is named as its header says.
  func requireName(_ segment: Archive.Segment) throws(StoreError) {
    guard header.first == segment.first, header.last == segment.last else {
      throw StoreError(
        .corrupt, "The segment is of other events than its name says.", path: segment.path,
        sequence: segment.first)
    }
  }

  /// Throws unless this segment goes on where another ended.
  func require(follows before: SegmentHeader, _ seal: [UInt8]) throws(StoreError) {
    guard header.identifier == before.identifier, header.secret == before.secret,
      header.origin == before.origin
    else {
      throw StoreError(
        .corrupt, "The segment is of another log.", path: path, sequence: header.first)
    }
    guard header.previous == seal else {
      throw StoreError(
        .corrupt, "The segment does not follow the one before.", path: path,
        sequence: header.first)
    }
  }
}

/// The segments of an archive, opened one after the other, each checked to follow the one before.
package final class ArchiveChain {
  private var before: (header: SegmentHeader, seal: [UInt8])?

  /// Begins before the first segment.
  package init() {}

  /// Opens the next segment.
  package func open(_ segment: Archive.Segment) throws(StoreError) -> SegmentReader {
    let reader = try SegmentReader(segment.path)
    try reader.requireName(segment)
    if let before { try reader.require(follows: before.header, before.seal) }
    return reader
  }

  /// Says that a segment was read to its end.
  package func end(_ reader: SegmentReader) { before = (reader.header, reader.seal) }
}
