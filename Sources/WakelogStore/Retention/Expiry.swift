extension WriteTransaction {
  /// Removes evidence of events up to one because it is old, some at a time, and remembers how far
  /// that came. Returns false when none is left up to there.
  ///
  /// The bytes linger in the file until `overwriteRemoved` has run after the commit.
  public func expireEvidence(through end: UInt64, atMost limit: Int) throws -> Bool {
    var last = try snapshot.expired()
    guard last < end else { return false }
    var rows: [UInt64] = []
    var cursor = try snapshot.cursor(.evidence)
    let start = bigEndianBytes(last + 1)
    var isThere = try cursor.seek(start)
    while isThere, rows.count < limit {
      guard unsafe cursor.key.count == LogFormat.sequenceSize else {
        throw StoreError.corrupt("The evidence's key has the wrong size. Run verify.", .evidence)
      }
      let sequence = unsafe cursor.key.bigEndian(UInt64.self)
      guard sequence <= end else { break }
      rows.append(sequence)
      isThere = try cursor.next()
    }
    for sequence in rows { _ = try removeEvidence(sequence, .expired) }
    last = rows.count < limit ? end : rows[rows.count - 1]
    try writer.putMeta(LogFormat.expiredKey, bigEndianBytes(last))
    return last < end
  }
}

extension LogTransaction where Self: ~Copyable {
  /// The last event whose evidence was removed because it was old, or has none.
  public var evidenceExpiredThrough: UInt64 {
    get throws { try snapshot.expired() }
  }
}

extension Snapshot {
  fileprivate func expired() throws(StoreError) -> UInt64 {
    let rows = unsafe MetaRows(transaction)
    guard let row = try rows.row(LogFormat.expiredKey, identity.format) else { return 0 }
    guard row.count == LogFormat.sequenceSize else {
      throw .corrupt("The row `expired` has the wrong size. Restore a copy.", .meta)
    }
    return unsafe row.withUnsafeBytes { unsafe $0.bigEndian(UInt64.self) }
  }
}

extension LogFormat {
  /// How far evidence was removed by age.
  static let expiredKey = Array("expired".utf8)
}
