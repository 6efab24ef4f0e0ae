/// A commit as its seal has it.
package struct SealedCommit: Sendable {
  /// New symbols of one namespace.
  package typealias Symbols = (namespace: UInt8, numbers: ClosedRange<UInt32>)

  /// The seal before.
  package var previous: [UInt8]
  /// The first event.
  package var first: UInt64
  /// The last event.
  package var last: UInt64
  /// The symbols that it added, by namespace.
  package var symbols: [Symbols]
  /// The seal.
  package var seal: [UInt8]
}

/// A symbol with what ties it to its seal.
package struct SealedSymbol: Sendable {
  /// Its bytes.
  package var name: [UInt8]
  /// What is needed beside the bytes to get the digest.
  package var key: [UInt8]
  /// What was sealed.
  package var digest: [UInt8]
  /// Whether its name was forgotten; then the bytes say so, and there is no key.
  package var isForgotten = false
}

extension Log {
  /// The seal before the first: it names the log.
  package var genesis: [UInt8] { identity.genesis }

  /// A symbol with what ties it to its seal; nil if the number was never assigned.
  package func sealedSymbol(
    _ namespace: UInt8, _ number: UInt32, in snapshot: Snapshot
  ) throws -> SealedSymbol? {
    if let digest = try snapshot.tombstone(namespace, number) {
      let name = Array("forgotten:\(number)".utf8)
      return SealedSymbol(name: name, key: [], digest: digest, isForgotten: true)
    }
    guard let name = unsafe try snapshot.name(namespace, number) else { return nil }
    let key = SymbolSeal.key(identity.secret, namespace, number)
    return SealedSymbol(
      name: unsafe Array(name), key: key, digest: unsafe SymbolSeal.digest(key, name))
  }

  /// Walks the commits up to an event in order until `body` returns `false`. What they hold is not
  /// checked.
  ///
  /// Reads some at a time, and calls `body` in no transaction, so it may take its time. Throws `busy`
  /// when the log is trimmed meanwhile and the walk has not come that far.
  package func forEachCommit(
    through end: UInt64, _ body: (SealedCommit) throws -> Bool
  ) throws {
    var place: (position: UInt64, seal: [UInt8])?
    while true {
      let commits = try read { try $0.snapshot.commits(behind: place, through: end) }
      for commit in commits { guard try body(commit) else { return } }
      guard let last = commits.last else { return }
      place = (last.last, last.seal)
    }
  }
}

extension Snapshot {
  private static var batch: Int { 256 }

  /// The next commits behind a place, or from where the log begins; none at the end.
  fileprivate func commits(
    behind place: (position: UInt64, seal: [UInt8])?, through end: UInt64
  ) throws(StoreError) -> [SealedCommit] {
    let start = try chainStart()
    var (last, previous) = place ?? start
    guard last >= start.position else {
      throw StoreError(.busy, "The log was trimmed meanwhile. Try again.")
    }
    var seals = try SealCursor(self, behind: last)
    var found: [SealedCommit] = []
    while last < end, found.count < Self.batch, let seal = try seals.next() {
      found.append(
        SealedCommit(
          previous: previous, first: last + 1, last: seals.last,
          symbols: seal.symbols.map { ($0.namespace, $0.first...($0.first + $0.count - 1)) },
          seal: seal.hash))
      (last, previous) = (seals.last, seal.hash)
    }
    return found
  }
}

extension LogTransaction where Self: ~Copyable {
  /// The event's frame, record and all, as it is sealed.
  package func frame(_ sequence: UInt64) throws -> [UInt8] {
    guard let value = unsafe try snapshot.event(sequence) else {
      throw StoreError.corrupt("The event is missing. Run verify.", .events, sequence)
    }
    return unsafe Array(value)
  }
}

/// Hashes a commit as it was hashed when it was sealed: its events, then its symbols.
package final class CommitHasher {
  private let hasher = SealHasher()

  /// Begins with no event and no symbol.
  package init() { hasher.begin() }

  /// Takes in an event.
  package func add(frame: [UInt8], _ sequence: UInt64) {
    hasher.update(bigEndianBytes(sequence) + bigEndianBytes(UInt32(frame.count)))
    hasher.update(frame)
  }

  /// Takes in the start of a run of symbols, whose digests follow.
  package func add(_ symbols: SealedCommit.Symbols) {
    let count = symbols.numbers.upperBound - symbols.numbers.lowerBound + 1
    let range = Seal.Range(
      namespace: symbols.namespace, first: symbols.numbers.lowerBound, count: count)
    hasher.update(range.bytes)
  }

  /// Takes in the digest of a symbol.
  package func add(digest: [UInt8]) { hasher.update(digest) }

  /// The hash of what was taken in; begins anew.
  package func finish() -> [UInt8] {
    defer { hasher.begin() }
    return hasher.finish()
  }

  /// A seal, of the one before and the two hashes of a commit.
  package static func seal(
    previous: [UInt8], first: UInt64, last: UInt64, events: [UInt8], symbols: [UInt8]
  ) -> [UInt8] {
    SealHasher().seal(
      previous: previous, first: first, count: last - first + 1, events: events, symbols: symbols)
  }
}

/// An event's frame that came from elsewhere, checked and taken apart.
package struct ForeignFrame {
  /// The record.
  package var record: [UInt8]
  /// The digest of its evidence, if it has any; see `EvidenceSeal`.
  package var evidence: [UInt8]?

  /// Takes a frame apart; throws `corrupt` if its checksum says that it was changed.
  package init(_ bytes: [UInt8], _ sequence: UInt64) throws(StoreError) {
    self = try unsafe bytes.withBytes { (bytes) throws(StoreError) in
      let frame = unsafe try Frame(bytes, sequence: sequence)
      return unsafe ForeignFrame(
        record: Array(frame.record), evidence: frame.digest.map { unsafe Array($0) })
    }
  }

  private init(record: [UInt8], evidence: [UInt8]?) {
    self.record = record
    self.evidence = evidence
  }
}
