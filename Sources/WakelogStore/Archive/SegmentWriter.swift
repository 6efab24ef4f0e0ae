/// Writes one segment, item by item. What was begun and not finished leaves nothing behind.
final class SegmentWriter {
  private let file: SegmentFileWriter
  private let hasher = SealHasher()
  private var last: [UInt8]
  let segment: Archive.Segment

  /// How large the file is so far, in bytes.
  var size: Int { file.size }

  /// Begins the segment of a header in a directory.
  init(_ header: SegmentHeader, in directory: String) throws(StoreError) {
    segment = Archive.Segment(first: header.first, last: header.last, in: directory)
    file = try SegmentFileWriter(segment.path)
    last = header.previous
    hasher.begin()
    var bytes = header.identifier + header.secret
    Varint.append(UInt64(header.origin.count), to: &bytes)
    bytes += header.origin + bigEndianBytes(header.first) + bigEndianBytes(header.last)
    try write(bytes + header.previous)
  }

  /// Appends an item.
  func add(_ item: ArchiveItem) throws(StoreError) {
    switch item {
    case .event(let event): try add(event)
    case .symbols(let ranges):
      var bytes = [ArchiveFormat.symbols]
      Varint.append(UInt64(ranges.count), to: &bytes)
      for range in ranges {
        bytes.append(range.namespace)
        Varint.append(UInt64(range.first), to: &bytes)
        Varint.append(UInt64(range.count), to: &bytes)
      }
      try write(bytes)
    case .symbol(let symbol):
      guard let name = symbol.name else { return try write([0] + symbol.digest) }
      var bytes: [UInt8] = []
      Varint.append(UInt64(name.count) + 1, to: &bytes)
      try write(bytes + name)
    case .seal(let hash, let events):
      var bytes = [ArchiveFormat.seal] + hash
      Varint.append(events, to: &bytes)
      try write(bytes)
      last = hash
    }
  }

  private func add(_ event: ArchivedEvent) throws(StoreError) {
    var bytes: [UInt8] = []
    switch event.evidence {
    case .none: bytes = [ArchiveFormat.event]
    case .bytes: bytes = [ArchiveFormat.eventWithEvidence]
    case .removed(let flag): bytes = [ArchiveFormat.eventWithoutItsEvidence, flag]
    }
    Varint.append(UInt64(event.frame.count), to: &bytes)
    bytes += event.frame
    if case .bytes(let evidence) = event.evidence {
      Varint.append(UInt64(evidence.count), to: &bytes)
      bytes += evidence
    }
    try write(bytes)
  }

  /// Ends the segment; it is on disk, under its name, when this returns.
  func finish() throws(StoreError) {
    try write([ArchiveFormat.end] + last)
    try file.write(hasher.finish())
    try file.finish()
  }

  private func write(_ bytes: [UInt8]) throws(StoreError) {
    hasher.update(bytes)
    try file.write(bytes)
  }
}
