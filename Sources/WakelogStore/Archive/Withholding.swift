extension Log {
  /// Writes those segments of an archive anew that hold names or evidence which are to be
  /// forgotten, and leaves their digests. Each is replaced at once, when it is durable; broken
  /// off, some are done and the rest are as they were.
  package func withhold(
    from archive: Archive, symbols: [(namespace: UInt8, number: UInt32)], evidence: [UInt64]
  ) throws {
    let names = Set(symbols.map { UInt64($0.namespace) << 32 | UInt64($0.number) })
    let sequences = Set(evidence)
    for segment in archive.segments {
      let filter = Withholding(names: names, sequences: sequences)
      guard try filter.isNeeded(in: segment) else { continue }
      let reader = try SegmentReader(segment.path)
      guard reader.header.identifier == identity.identifier else {
        throw StoreError(
          .notALog, "The archive is of another log. Give another directory.", path: segment.path)
      }
      let writer = try SegmentWriter(reader.header, in: archive.path)
      while let item = try reader.next() { try writer.add(filter.filtered(item)) }
      try writer.finish()
    }
  }
}

/// What is left out of segments.
private struct Withholding {
  let names: Set<UInt64>
  let sequences: Set<UInt64>

  func isNeeded(in segment: Archive.Segment) throws(StoreError) -> Bool {
    let reader = try SegmentReader(segment.path)
    var isNeeded = false
    // To the end, though one place is enough: a damaged segment is not written anew.
    while let item = try reader.next() { isNeeded = isNeeded || filtered(item) != item }
    return isNeeded
  }

  func filtered(_ item: ArchiveItem) -> ArchiveItem {
    switch item {
    case .event(var event):
      guard case .bytes = event.evidence, sequences.contains(event.sequence) else { return item }
      event.evidence = .removed(Removal.forgotten.rawValue)
      return .event(event)
    case .symbol(var symbol):
      guard names.contains(UInt64(symbol.namespace) << 32 | UInt64(symbol.number)) else {
        return item
      }
      symbol.name = nil
      return .symbol(symbol)
    case .symbols, .seal: return item
    }
  }
}
