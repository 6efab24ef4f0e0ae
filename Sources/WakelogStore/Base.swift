/// Where the chain of a log begins whose older events were taken away.
struct Base: Sendable, Equatable {
  /// The last event that is gone.
  var position: UInt64 = 0
  /// The seal of its commit.
  var seal: [UInt8]
  /// The hash of the state that the events up to there added up to.
  var stateHash: [UInt8]
  /// How many events were ever forgotten.
  var forgotten: UInt64 = 0

  var bytes: [UInt8] { bigEndianBytes(position) + seal + stateHash + bigEndianBytes(forgotten) }

  init(position: UInt64, seal: [UInt8], stateHash: [UInt8], forgotten: UInt64) {
    self.position = position
    self.seal = seal
    self.stateHash = stateHash
    self.forgotten = forgotten
  }

  /// Reads the row; nil if it has another size.
  init?(_ bytes: [UInt8]) {
    guard bytes.count == 16 + 2 * LogFormat.sealSize else { return nil }
    let (seal, hash) = (8..<8 + LogFormat.sealSize, 40..<40 + LogFormat.sealSize)
    self.init(
      position: unsafe bytes.withUnsafeBytes { unsafe $0.bigEndian(UInt64.self) },
      seal: Array(bytes[seal]), stateHash: Array(bytes[hash]),
      forgotten: unsafe bytes.withUnsafeBytes { unsafe $0.bigEndian(UInt64.self, at: 72) })
  }
}

extension Snapshot {
  /// Where the chain begins; nil at the first event.
  func base() throws(StoreError) -> Base? {
    let rows = unsafe MetaRows(transaction)
    guard let row = try rows.row(LogFormat.baseKey, identity.format) else { return nil }
    guard let base = Base(row) else {
      throw .corrupt("The row `base` has the wrong size. Restore a copy.", .meta)
    }
    return base
  }

  /// The seal that the first commit follows, and the event before it.
  func chainStart() throws(StoreError) -> (position: UInt64, seal: [UInt8]) {
    guard let base = try base() else { return (0, identity.genesis) }
    return (base.position, base.seal)
  }
}

extension LogTransaction where Self: ~Copyable {
  /// The sequence of the first event that the log has, or would have: 1 unless older events were
  /// taken away.
  public var firstSequence: UInt64 {
    get throws { try snapshot.chainStart().position + 1 }
  }
}

extension Writer {
  /// Says where the chain begins from now on.
  func putBase(_ base: Base) throws(StoreError) { try putMeta(LogFormat.baseKey, base.bytes) }
}
