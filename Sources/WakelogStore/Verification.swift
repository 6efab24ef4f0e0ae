/// What `verify` found.
public struct Verification: Sendable, Equatable {
  /// The first place where the log contradicts itself.
  public struct Finding: Sendable, Equatable {
    /// The event concerned, or the first of the commit concerned; `nil` if it is none.
    public var sequence: UInt64?
    /// The table concerned, or `nil` if it is the file.
    public var table: String?
    /// What is wrong, in a sentence.
    public var because: String
  }

  /// Whether nothing is wrong.
  public var ok: Bool { firstBad == nil }
  /// How many events were checked.
  public var events: UInt64 = 0
  /// How many seals were checked.
  public var seals: UInt64 = 0
  /// The last seal that was found good: 32 bytes that stand for all before them.
  public var seal: [UInt8] = []
  /// How many events had evidence that was redacted.
  public var redacted: UInt64 = 0
  /// The first finding; the checks stop there.
  public var firstBad: Finding?
}

extension Log {
  /// Checks everything: pages, checksums, the chain of seals, evidence, symbols, and the rest.
  ///
  /// `progress` receives, now and then, the last sequence that was checked and the last in the log.
  /// Damage is a finding, not an error; throws only if the log cannot be used at all.
  ///
  /// Reads in slices, so the log's pages are used again meanwhile, however slow `progress` is. Only
  /// the walk over the pages holds one state of the log, for about a second per gigabyte.
  public func verify(progress: (UInt64, UInt64) -> Void = { _, _ in }) throws -> Verification {
    var result = Verification()
    do {
      try environment.checkPages()
      let (start, end) = try read { (try Verifier($0.snapshot), try $0.lastSequence) }
      var verifier = start
      defer { result = verifier.result }
      var last = verifier.result.events
      try readInSlices(
        from: Verifier.Part.chain, between: { progress(last, max(last, end)) }
      ) {
        defer { last = verifier.result.events }
        return try verifier.check($1, $0.snapshot, $2)
      }
    } catch let error as StoreError where error.code == .corrupt {
      result.firstBad = Verification.Finding(
        sequence: error.sequence, table: error.table, because: error.message)
    }
    return result
  }
}

/// One pass of `verify`, over one snapshot or in slices over several. Throws `corrupt` at the first
/// finding.
struct Verifier {
  /// What is checked, in this order.
  enum Part { case chain, base, symbols, names, replies, checkpoint, end }

  var result = Verification()
  private let hasher = SealHasher()
  private var previous: [UInt8]
  private var last: UInt64
  private var withEvidence: UInt64 = 0
  private(set) var sealedSymbols: [UInt8: UInt32] = [:]
  /// Whether the chain begins behind events that were taken away.
  private(set) var isTrimmed: Bool
  /// How many symbols of each namespace were checked.
  var symbols: [UInt8: UInt32] = [:]
  /// The row of the present table with which the last slice ended.
  var lastKey: [UInt8] = []

  init(_ snapshot: Snapshot) throws(StoreError) {
    (last, previous) = try snapshot.chainStart()
    isTrimmed = last > 0
    result.seal = previous
    result.events = last
  }

  /// Checks a part, or as much of it as fits in a slice; returns with what the next one goes on.
  mutating func check(
    _ part: Part, _ snapshot: Snapshot, _ slice: Slice? = nil
  ) throws(StoreError) -> Part? {
    switch part {
    case .chain: return try checkChain(snapshot, slice) ? .base : .chain
    case .base:
      try checkBase(snapshot)
      return .symbols
    case .symbols: return try checkSymbols(snapshot, slice) ? .names : .symbols
    case .names: return try checkNames(snapshot, slice) ? .replies : .names
    case .replies: return try checkReplies(snapshot, slice) ? .checkpoint : .replies
    case .checkpoint: return try checkCheckpoint(snapshot, slice) ? .end : .checkpoint
    case .end:
      // What was written meanwhile.
      guard try checkChain(snapshot, slice), try checkSymbols(snapshot, slice) else { return .end }
      try checkSealed(snapshot)
      try checkCounts(snapshot)
      return nil
    }
  }

  /// Checks commit after commit, and hands over each that is good with its first event; whether it
  /// came to the end.
  mutating func checkChain(
    _ snapshot: Snapshot, _ slice: Slice? = nil,
    _ body: (Seal, UInt64) throws(StoreError) -> Void = { (_, _) throws(StoreError) in }
  ) throws(StoreError) -> Bool {
    try skipToBase(snapshot)
    let start = last
    withEvidence = 0
    let end = try snapshot.lastSequence()
    var seals = try SealCursor(snapshot, behind: last)
    var events = try snapshot.events(behind: last)
    var isOver = false
    while !isOver, let seal = try seals.next() {
      let first = last + 1
      try checkCommit(seal, through: seals.last, &events, snapshot)
      try body(seal, first)
      isOver = slice?.isOver == true && last < end
    }
    guard isOver || last >= end else {
      throw .corrupt("Events follow that no seal covers.", .events, last + 1)
    }
    try checkEvidence(behind: start, snapshot, isLast: !isOver)
    return !isOver
  }

  /// Goes on where the log begins if it was trimmed beyond what was checked.
  private mutating func skipToBase(_ snapshot: Snapshot) throws(StoreError) {
    let start = try snapshot.chainStart()
    guard start.position > last else { return }
    (last, previous) = start
    isTrimmed = true
    sealedSymbols = [:]
    result.seal = previous
    result.events = last
  }

  private mutating func checkCommit(
    _ seal: Seal, through end: UInt64, _ events: inout Cursor, _ snapshot: Snapshot
  ) throws(StoreError) {
    let first = last + 1
    hasher.begin()
    while last < end { try checkEvent(last + 1, &events, snapshot) }
    if snapshot.identity.format != .first {
      guard try events.next(), unsafe Seal.sequence(events.key) == end else {
        throw .corrupt("The seal is not behind its last event.", .events, end)
      }
    }
    let events = hasher.finish()
    hasher.begin()
    for range in seal.symbols { try checkRange(range, first, snapshot) }
    let hash = hasher.seal(
      previous: previous, first: first, count: seal.events, events: events,
      symbols: hasher.finish())
    guard hash == seal.hash else {
      throw .corrupt("The commit does not match its seal.", .events, first)
    }
    previous = seal.hash
    result.seal = seal.hash
    result.seals += 1
  }

  private mutating func checkEvent(
    _ sequence: UInt64, _ events: inout Cursor, _ snapshot: Snapshot
  ) throws(StoreError) {
    guard try events.next(), unsafe events.key.count == 8,
      unsafe events.key.bigEndian(UInt64.self) == sequence
    else { throw .corrupt("The event is missing.", .events, sequence) }
    let value = unsafe events.value
    let frame = unsafe try Frame(value, sequence: sequence)
    if frame.hasEvidence {
      withEvidence += 1
      switch try snapshot.evidence(frame, sequence) {
      case .redacted: result.redacted += 1
      case .none, .expired, .forgotten, .bytes: break
      }
    }
    hasher.update(bigEndianBytes(sequence))
    hasher.update(bigEndianBytes(UInt32(value.count)))
    unsafe hasher.update(value)
    last = sequence
    result.events = sequence
  }

  private mutating func checkRange(
    _ range: Seal.Range, _ first: UInt64, _ snapshot: Snapshot
  ) throws(StoreError) {
    // Symbols of events that were taken away stay, and their seals do not.
    let isFirst = sealedSymbols[range.namespace] == nil && isTrimmed
    guard isFirst || range.first == sealedSymbols[range.namespace, default: 0] + 1 else {
      throw .corrupt("The seal's symbols do not follow those before.", .events, first)
    }
    do {
      try snapshot.hash(range, into: hasher)
    } catch {
      var error = error
      error.sequence = first
      throw error
    }
    sealedSymbols[range.namespace] = range.first + range.count - 1
  }

  /// As many events behind one have evidence, or had, as say so.
  private func checkEvidence(
    behind start: UInt64, _ snapshot: Snapshot, isLast: Bool
  ) throws(StoreError) {
    var count: UInt64 = 0
    var rows = try snapshot.cursor(.evidence)
    let key = start == 0 ? [0] : bigEndianBytes(start + 1)
    var isThere = try rows.seek(key)
    while isThere {
      guard unsafe rows.key.count == LogFormat.sequenceSize else {
        throw .corrupt("A key of evidence has the wrong size.", .evidence)
      }
      guard unsafe rows.key.bigEndian(UInt64.self) <= last || isLast else { break }
      count += 1
      isThere = try rows.next()
    }
    guard count == withEvidence else {
      throw .corrupt("There is evidence without an event.", .evidence)
    }
  }
}

extension Snapshot {
  /// A cursor on the last row of a commit, whose first event is next; at the start of the table if
  /// that row is gone, as are then all before it.
  fileprivate func events(behind last: UInt64) throws(StoreError) -> Cursor {
    guard last > 0 else { return try cursor(.events) }
    var events = try cursor(.events)
    let key = identity.format == .first ? bigEndianBytes(last) : Seal.key(last)
    let isThere = try events.seek(key)
    if isThere, unsafe events.key.equals(key) { return events }
    return try cursor(.events)
  }
}
