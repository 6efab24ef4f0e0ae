/// Reads one segment in order, and checks it on the way: frames, evidence, names, seals, and at
/// the end the whole.
///
/// Bounded in memory by the largest item, and total: whatever the bytes are, it hands over what
/// they say or throws `corrupt`, which names the file and the event.
package final class SegmentReader {
  package let header: SegmentHeader
  package var path: String { file.path }
  private let file: SegmentFileReader
  private let hasher = CommitHasher()
  /// The seal of the last commit read; before the first, the one that it follows.
  package private(set) var seal: [UInt8]
  /// The last event read.
  package private(set) var last: UInt64
  private var commitFirst: UInt64
  private var events: [UInt8]?
  private var ranges: [SymbolRange] = []
  private var offset: UInt32 = 0
  private var isAtEnd = false

  /// Opens a segment and reads its header. Throws `notALog` for another file.
  package init(_ path: String) throws(StoreError) {
    file = try SegmentFileReader(path)
    let identifier = try file.read(LogFormat.identifierSize)
    let secret = try file.read(LogFormat.secretSize)
    let origin = try file.block(atMost: LogFormat.originSize)
    header = SegmentHeader(
      identifier: identifier, secret: secret, origin: origin, first: try file.number(),
      last: try file.number(), previous: try file.read(LogFormat.sealSize))
    guard header.first > 0, header.first <= header.last, header.last < .max else {
      throw file.damaged("Its header makes no sense.")
    }
    seal = header.previous
    last = header.first - 1
    commitFirst = header.first
  }

  /// The next item; nil when the segment has ended, and is whole.
  package func next() throws(StoreError) -> ArchiveItem? {
    if let symbol = try nextSymbol() { return .symbol(symbol) }
    guard !isAtEnd else { return nil }
    let mark = try file.byte()
    switch mark {
    case ArchiveFormat.event, ArchiveFormat.eventWithEvidence,
      ArchiveFormat.eventWithoutItsEvidence:
      return .event(try readEvent(mark))
    case ArchiveFormat.symbols: return .symbols(try readRanges())
    case ArchiveFormat.seal: return try readSeal()
    case ArchiveFormat.end:
      try readEnd()
      return nil
    default: throw damaged("Its bytes are out of step.")
    }
  }

  private func damaged(_ message: String) -> StoreError { file.damaged(message, last + 1) }

  private func readEvent(_ mark: UInt8) throws(StoreError) -> ArchivedEvent {
    guard events == nil, last < header.last else {
      throw damaged("An event stands where none can.")
    }
    var evidence = ArchivedEvidence.none
    if mark == ArchiveFormat.eventWithoutItsEvidence {
      let flag = try file.byte()
      guard Removal(rawValue: flag) != nil else { throw damaged("Its bytes are out of step.") }
      evidence = .removed(flag)
    }
    let limit = LogFormat.framePrefix + LogFormat.digestSize + LogFormat.maximumRecord
    let bytes = try file.block(atMost: limit)
    if mark == ArchiveFormat.eventWithEvidence {
      evidence = .bytes(try file.block(atMost: LogFormat.maximumEvidence))
    }
    last += 1
    try check(bytes, evidence)
    hasher.add(frame: bytes, last)
    return ArchivedEvent(sequence: last, frame: bytes, evidence: evidence)
  }

  private func check(_ bytes: [UInt8], _ evidence: ArchivedEvidence) throws(StoreError) {
    let frame: ForeignFrame
    do {
      frame = try ForeignFrame(bytes, last)
    } catch {
      throw file.damaged("The event's frame does not match its checksum.", last)
    }
    switch (frame.evidence, evidence) {
    case (nil, .none), (_?, .removed): break
    case (let digest?, .bytes(let bytes)):
      let key = EvidenceSeal.key(header.secret, last)
      guard EvidenceSeal.digest(key: key, of: bytes) == digest else {
        throw file.damaged("The evidence does not match its digest.", last)
      }
    default: throw file.damaged("The event and its evidence disagree.", last)
    }
  }

  private func readRanges() throws(StoreError) -> [SymbolRange] {
    guard events == nil, last >= commitFirst else { throw damaged("Its bytes are out of step.") }
    events = hasher.finish()
    let count = try file.varint()
    guard count <= 256 else { throw damaged("Its bytes are out of step.") }
    for _ in 0..<count {
      let namespace = try file.byte()
      guard let first = UInt32(exactly: try file.varint()), first > 0,
        let length = UInt32(exactly: try file.varint()), length > 0,
        !first.addingReportingOverflow(length - 1).overflow
      else { throw damaged("A run of symbols makes no sense.") }
      ranges.append(SymbolRange(namespace: namespace, first: first, count: length))
    }
    let read = ranges
    beginRange()
    return read
  }

  private func beginRange() {
    offset = 0
    if let range = ranges.first { hasher.add(range.sealed) }
  }

  private func nextSymbol() throws(StoreError) -> ArchivedSymbol? {
    guard let range = ranges.first else { return nil }
    let number = range.first + offset
    let length = try file.varint()
    guard length <= UInt64(LogFormat.maximumSymbol) + 1 else {
      throw damaged("A length in it is beyond all limits.")
    }
    var symbol = ArchivedSymbol(namespace: range.namespace, number: number, name: nil, digest: [])
    if length == 0 {
      symbol.digest = try file.read(LogFormat.sealSize)
    } else {
      let name = try file.read(Int(length - 1))
      let key = SymbolSeal.key(header.secret, range.namespace, number)
      symbol.digest = SymbolSeal.digest(key: key, of: name) ?? []
      symbol.name = name
    }
    hasher.add(digest: symbol.digest)
    offset += 1
    if offset == range.count {
      ranges.removeFirst()
      beginRange()
    }
    return symbol
  }

  private func readSeal() throws(StoreError) -> ArchiveItem {
    let hash = try file.read(LogFormat.sealSize)
    let count = try file.varint()
    guard last >= commitFirst, count == last - commitFirst + 1 else {
      throw damaged("The seal is not that of its events.")
    }
    let events = self.events ?? hasher.finish()
    let found = CommitHasher.seal(
      previous: seal, first: commitFirst, last: last, events: events, symbols: hasher.finish())
    guard found == hash else {
      throw file.damaged("The commit does not match its seal.", commitFirst)
    }
    seal = hash
    self.events = nil
    commitFirst = last + 1
    return .seal(hash: hash, events: count)
  }

  private func readEnd() throws(StoreError) {
    guard last == header.last, commitFirst == last + 1, events == nil else {
      throw damaged("It ends before its last event.")
    }
    guard try file.read(LogFormat.sealSize) == seal else {
      throw file.damaged("Its last seal is another.", last)
    }
    let digest = file.digest()
    guard try file.read(LogFormat.sealSize) == digest else {
      throw file.damaged("It does not match its own hash.", last)
    }
    try file.requireEnd()
    isAtEnd = true
  }
}

extension SymbolRange {
  /// The run as its hash takes it.
  fileprivate var sealed: SealedCommit.Symbols { (namespace, first...(first + (count - 1))) }
}
