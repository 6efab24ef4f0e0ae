import CLMDB

extension Log {
  /// How a log is archived; the defaults are those of production.
  public struct ArchiveOptions: Sendable {
    /// After how many events a segment ends with the commit under way.
    public var segmentEvents: UInt64 = 250_000
    /// After how many bytes on disk it does.
    public var segmentBytes = 64 << 20
    /// How many rows are read in one transaction, which keeps pages from being used again.
    public var sliceRows = 16_384

    /// The defaults.
    public init() {}
  }

  /// Writes the events up to a commit's end into an archive, behind those that it has.
  ///
  /// Each segment is durable before the next is begun, so a call that was broken off goes on where
  /// it stopped. Reads in slices, and keeps no page of the log from being used again for long.
  /// Throws `notALog` for an archive of another log, and `corrupt` where the archive ends before
  /// the log begins.
  public func archive(
    through end: UInt64, into directory: String, options: ArchiveOptions = ArchiveOptions(),
    progress: (_ done: UInt64, _ total: UInt64) throws -> Void = { _, _ in }
  ) throws -> [Archive.Segment] {
    try naming(path) {
      try Archive.create(directory)
      var archive = try Archive(directory)
      var previous = try continuation(of: archive)
      var written: [Archive.Segment] = []
      var next = max(archive.last + 1, try read { try $0.firstSequence })
      while next <= end {
        let last = try endOfSegment(from: next, through: end, options)
        let header = SegmentHeader(
          identifier: identity.identifier, secret: identity.secret, origin: identity.origin,
          first: next, last: last, previous: previous)
        let writer = try SegmentWriter(header, in: directory)
        try forEachItem(from: next, through: last, sliceRows: options.sliceRows) { item in
          try writer.add(item)
          if case .seal(let hash, _) = item { previous = hash }
          return true
        }
        try writer.finish()
        archive.add(writer.segment)
        written.append(writer.segment)
        next = last + 1
        try progress(last, end)
      }
      return written
    }
  }

  /// The seal that the next segment follows.
  private func continuation(of archive: Archive) throws -> [UInt8] {
    try read { transaction in
      let start = try transaction.snapshot.chainStart()
      guard let last = archive.segments.last else {
        guard start.position == 0 else {
          throw StoreError(
            .notFound,
            "The log begins behind event \(start.position), and this archive is empty. Give the "
              + "archive that has the events before.", path: archive.path)
        }
        return start.seal
      }
      let check = try Archive.verify(segment: last.path)
      if let bad = check.firstBad {
        throw StoreError(.corrupt, bad.because, path: bad.path, sequence: bad.sequence)
      }
      try requireFollows(SegmentReader(last.path).header, last.last, check.seal)
      return check.seal
    }
  }

  /// Throws unless the end of an archive is a place in this log, and whole.
  package func requireContinues(_ archive: Archive) throws {
    guard let last = archive.segments.last else { return }
    let check = try Archive.verify(segment: last.path)
    if let bad = check.firstBad {
      throw StoreError(.corrupt, bad.because, path: bad.path, sequence: bad.sequence)
    }
    try requireFollows(SegmentReader(last.path).header, last.last, check.seal)
  }

  /// Throws unless this log goes on where an archive ends.
  func requireFollows(_ header: SegmentHeader, _ last: UInt64, _ seal: [UInt8]) throws {
    guard header.identifier == identity.identifier, header.secret == identity.secret,
      header.origin == identity.origin
    else {
      throw StoreError(.notALog, "The archive is of another log. Give another directory.")
    }
    try read { transaction in
      let start = try transaction.snapshot.chainStart()
      guard last >= start.position else {
        throw StoreError.corrupt(
          "The archive ends at event \(last), and the log begins behind \(start.position). "
            + "Bring the segments between back.", .events, last + 1)
      }
      let found: [UInt8]?
      if last == start.position {
        found = start.seal
      } else {
        found = try transaction.commit(notAfter: last).flatMap { $0.last == last ? $0.seal : nil }
      }
      guard found == seal else {
        throw StoreError.corrupt(
          "The archive's last seal is not the log's: they went different ways.", .events, last)
      }
    }
  }

  /// The last event of the commit with which a segment that begins at an event ends.
  private func endOfSegment(
    from first: UInt64, through end: UInt64, _ options: ArchiveOptions
  ) throws -> UInt64 {
    let (wanted, isBeyond) = first.addingReportingOverflow(max(options.segmentEvents, 1) - 1)
    if isBeyond || wanted >= end { return end }
    return try read { transaction in
      if let commit = try transaction.commit(notAfter: wanted), commit.last >= first {
        return commit.last
      }
      // The commit is larger than a segment: it is not divided.
      return min(end, try transaction.snapshot.endOfCommit(of: wanted))
    }
  }

  /// Walks the commits from the first event of one to the last event of another, in slices: each
  /// in a transaction of its own, so that long walks keep no page from being used again. Ends when
  /// `body` returns false.
  package func forEachItem(
    from first: UInt64, through end: UInt64, sliceRows: Int = 16_384,
    _ body: (ArchiveItem) throws -> Bool
  ) throws {
    var next = first
    while next <= end {
      let goesOn = try read { transaction in
        try transaction.snapshot.forEachItem(from: &next, through: end, rows: sliceRows, body)
      }
      guard goesOn else { return }
    }
  }
}

extension Snapshot {
  /// The last event of the commit that an event belongs to.
  fileprivate func endOfCommit(of sequence: UInt64) throws(StoreError) -> UInt64 {
    var cursor = try cursor(.events)
    let key = Seal.key(sequence)
    var isThere = try cursor.seek(key)
    while isThere {
      if let end = unsafe Seal.sequence(cursor.key) { return end }
      isThere = try cursor.next()
    }
    throw .corrupt("Events follow that no seal covers. Run verify.", .events, sequence)
  }

  /// Hands over rows from an event on, about as many as asked; moves `next` to where to go on.
  ///
  /// A slice never ends between an event and its seal. False when the closure said so.
  fileprivate func forEachItem(
    from next: inout UInt64, through end: UInt64, rows: Int, _ body: (ArchiveItem) throws -> Bool
  ) throws -> Bool {
    var cursor = try cursor(.events)
    var count = 0
    let start = bigEndianBytes(next)
    var isThere = try cursor.seek(start)
    while isThere {
      if let last = unsafe Seal.sequence(cursor.key) {
        guard last == next - 1 else {
          throw StoreError.corrupt("The seal is not behind its last event.", .events, last)
        }
        let seal = unsafe try Seal(row: cursor.value, last)
        guard try handOver(seal, body) else { return false }
        if last >= end { return true }
      } else {
        guard count < rows else { return true }
        guard unsafe cursor.key.count == LogFormat.sequenceSize,
          unsafe cursor.key.bigEndian(UInt64.self) == next, next <= end
        else { throw StoreError.corrupt("The event is missing. Run verify.", .events, next) }
        let event = ArchivedEvent(
          sequence: next, frame: unsafe Array(cursor.value),
          evidence: try archived(unsafe Frame(cursor.value, sequence: next), next))
        guard try body(.event(event)) else { return false }
        next += 1
        count += 1
      }
      isThere = try cursor.next()
    }
    guard next > end else {
      throw StoreError.corrupt("The event is missing. Run verify.", .events, next)
    }
    return true
  }

  private func archived(
    _ frame: Frame, _ sequence: UInt64
  ) throws(StoreError) -> ArchivedEvidence {
    switch try evidence(frame, sequence) {
    case .none: .none
    case .redacted: .removed(Removal.redacted.rawValue)
    case .expired: .removed(Removal.expired.rawValue)
    case .forgotten: .removed(Removal.forgotten.rawValue)
    case .bytes(let bytes): .bytes(bytes)
    }
  }

  private func handOver(_ seal: Seal, _ body: (ArchiveItem) throws -> Bool) throws -> Bool {
    if !seal.symbols.isEmpty {
      let ranges = seal.symbols.map {
        SymbolRange(namespace: $0.namespace, first: $0.first, count: $0.count)
      }
      guard try body(.symbols(ranges)) else { return false }
      for range in seal.symbols {
        for number in range.first...(range.first + (range.count - 1)) {
          let symbol = try archivedSymbol(range.namespace, number)
          guard try body(.symbol(symbol)) else { return false }
        }
      }
    }
    return try body(.seal(hash: seal.hash, events: seal.events))
  }
}
