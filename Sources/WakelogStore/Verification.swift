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
  /// `progress` is told the last sequence checked and the last there is, about once per commit.
  /// Damage is a finding, not an error; throws only if the log cannot be used at all. It reads
  /// the whole file in one read transaction.
  public func verify(progress: (UInt64, UInt64) -> Void = { _, _ in }) throws -> Verification {
    var result = Verification()
    do {
      try environment.checkPages()
      try read { transaction in
        var verifier = try Verifier(transaction.snapshot)
        defer { result = verifier.result }
        try verifier.run(progress)
      }
    } catch let error as StoreError where error.code == .corrupt {
      result.firstBad = Verification.Finding(
        sequence: error.sequence, table: error.table, because: error.message)
    }
    return result
  }
}

/// One pass of `verify` over a snapshot. Throws `corrupt` at the first finding.
struct Verifier {
  var result = Verification()
  let snapshot: Snapshot
  private let hasher = SealHasher()
  private var previous: [UInt8]
  private var last: UInt64
  private let start: UInt64
  private var withEvidence: UInt64 = 0
  private(set) var sealedSymbols: [UInt8: UInt32] = [:]
  /// Whether the chain begins behind events that were taken away.
  let isTrimmed: Bool

  init(_ snapshot: Snapshot) throws(StoreError) {
    self.snapshot = snapshot
    (last, previous) = try snapshot.chainStart()
    start = last
    isTrimmed = last > 0
    result.seal = previous
    result.events = last
  }

  mutating func run(_ progress: (UInt64, UInt64) -> Void) throws(StoreError) {
    try checkChain(progress) { _, _ in }
    try checkSymbols()
    try checkReplies()
    try checkCheckpoint()
  }

  /// Checks commit after commit, and hands over each that is good with its first event.
  mutating func checkChain(
    _ progress: (UInt64, UInt64) -> Void, _ body: (Seal, UInt64) throws(StoreError) -> Void
  ) throws(StoreError) {
    let end = try snapshot.lastSequence()
    var seals = try SealCursor(snapshot)
    var events = try snapshot.cursor(.events)
    // Rows of events that were taken away may still stand before the first; the last of them is the
    // seal where the chain begins.
    if isTrimmed {
      let base = Seal.key(last)
      let isThere = try unsafe base.withBytes { (key) throws(StoreError) in
        try unsafe events.seek(key)
      }
      if unsafe !isThere || !events.key.equals(base) { events = try snapshot.cursor(.events) }
    }
    while let seal = try seals.next() {
      let first = last + 1
      try checkCommit(seal, through: seals.last, &events)
      try body(seal, first)
      progress(last, end)
    }
    if last < end {
      throw .corrupt("Events follow that no seal covers.", .events, last + 1)
    }
    try checkEvidenceCount()
  }

  private mutating func checkCommit(_ seal: Seal, through end: UInt64, _ events: inout Cursor)
    throws(StoreError)
  {
    let first = last + 1
    hasher.begin()
    while last < end { try checkEvent(last + 1, &events) }
    if snapshot.identity.format != .first {
      guard try events.next(), unsafe Seal.sequence(events.key) == end else {
        throw .corrupt("The seal is not behind its last event.", .events, end)
      }
    }
    let events = hasher.finish()
    hasher.begin()
    for range in seal.symbols { try checkRange(range, first) }
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

  private mutating func checkEvent(_ sequence: UInt64, _ events: inout Cursor)
    throws(StoreError)
  {
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

  private mutating func checkRange(_ range: Seal.Range, _ first: UInt64) throws(StoreError) {
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

  private func checkEvidenceCount() throws(StoreError) {
    guard try snapshot.evidenceCount(behind: start) == withEvidence else {
      throw .corrupt("There is evidence without an event.", .evidence)
    }
  }
}
