extension WriteTransaction {
  /// Sets replies whose age is more than an hour above `age` to it, the youngest first, and returns
  /// how many. Those of age `.max` are kept for ever and stay as they are.
  ///
  /// An age counts seconds.
  @discardableResult
  public func ageReplies(to age: UInt64, atMost most: Int) throws -> Int {
    let (limit, isTooFar) = age.addingReportingOverflow(3_600)
    guard !isTooFar else { return 0 }
    var changed = 0
    while changed < most, let digest = try youngestReply(above: limit) {
      guard let bytes = try reply(digest) else {
        throw StoreError.corrupt("An age has no reply. Run verify.", .replyAges)
      }
      try putReply(digest, age: age, bytes)
      changed += 1
    }
    return changed
  }

  /// The digest of the youngest reply that may be dropped one day.
  private func youngestReply(above limit: UInt64) throws -> [UInt8]? {
    var cursor = try snapshot.cursor(.replyAges)
    let kept = bigEndianBytes(UInt64.max)
    let isThere = try cursor.seek(kept)
    guard try isThere ? cursor.previous() : cursor.last() else { return nil }
    guard unsafe cursor.key.count == 8 + LogFormat.digestSize else {
      throw StoreError.corrupt("A reply's age has the wrong size. Run verify.", .replyAges)
    }
    return unsafe cursor.key.bigEndian(UInt64.self) > limit
      ? Array(cursor.key.suffix(LogFormat.digestSize)) : nil
  }
}
