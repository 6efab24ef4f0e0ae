extension LogTransaction where Self: ~Copyable {
  /// The reply kept under a digest of 16 bytes, or `nil`. Throws `corrupt` if its row is damaged, or
  /// those beside the place of a missing one are.
  public func reply(_ digest: [UInt8]) throws -> [UInt8]? {
    precondition(digest.count == LogFormat.digestSize, "a reply's digest has 16 bytes")
    guard let row = unsafe try snapshot.get(.replies, digest) else {
      try snapshot.checkAbsence(.replies, digest)
      return nil
    }
    return unsafe Array(try snapshot.reply(digest, row).bytes)
  }
}

extension WriteTransaction {
  /// Keeps a reply under a digest of 16 bytes, in place of an earlier one. `age` is the sequence
  /// that `dropReplies(olderThan:)` compares.
  public func putReply(_ digest: [UInt8], age: UInt64, _ bytes: [UInt8]) throws {
    precondition(digest.count == LogFormat.digestSize, "a reply's digest has 16 bytes")
    guard bytes.count <= LogFormat.maximumRow else {
      throw StoreError(.tooLarge, "A reply has up to 256 MiB.", table: Table.replies.name)
    }
    if let old = unsafe try snapshot.get(.replies, digest) {
      let age = unsafe try snapshot.reply(digest, old).age
      try writer.delete(.replyAges, bigEndianBytes(age) + digest)
    }
    let body = bigEndianBytes(age) + bytes
    let seed = unsafe digest.withUnsafeBytes { unsafe snapshot.identity.format.replySeed($0) }
    try writer.put(.replies, digest, checksummed(body, seed: seed))
    try writer.put(.replyAges, bigEndianBytes(age) + digest, [])
  }

  /// Removes replies whose age is below a sequence, the oldest first, and returns how many.
  @discardableResult
  public func dropReplies(olderThan limit: UInt64, atMost most: Int = .max) throws -> Int {
    var dropped = 0
    while dropped < most, let key = try oldestReply(below: limit) {
      let digest = Array(key.suffix(LogFormat.digestSize))
      // The index of ages has no checksum of its own: it says what the reply says, or is damaged.
      guard let row = unsafe try snapshot.get(.replies, digest),
        unsafe try bigEndianBytes(snapshot.reply(digest, row).age) + digest == key
      else {
        throw StoreError.corrupt("A reply is not of the age it is listed with.", .replyAges)
      }
      try writer.delete(.replies, digest)
      try writer.delete(.replyAges, key)
      dropped += 1
    }
    return dropped
  }

  private func oldestReply(below limit: UInt64) throws -> [UInt8]? {
    var cursor = try snapshot.cursor(.replyAges)
    guard try cursor.first() else { return nil }
    guard unsafe cursor.key.count == 8 + LogFormat.digestSize else {
      throw StoreError.corrupt("A reply's age has the wrong size. Run verify.", .replyAges)
    }
    return unsafe cursor.key.bigEndian(UInt64.self) < limit ? Array(cursor.key) : nil
  }
}

extension Snapshot {
  /// Checks a reply's row and takes it apart.
  func reply(_ digest: Bytes, _ row: Bytes) throws(StoreError) -> ReplyRow {
    unsafe try ReplyRow(row, seed: identity.format.replySeed(digest))
  }

  func reply(_ digest: [UInt8], _ row: Bytes) throws(StoreError) -> ReplyRow {
    try unsafe digest.withBytes { (digest) throws(StoreError) in unsafe try reply(digest, row) }
  }
}

/// A reply's row, taken apart.
@safe struct ReplyRow {
  let age: UInt64
  let bytes: Bytes

  init(_ row: Bytes, seed: UInt64) throws(StoreError) {
    guard let body = unsafe checked(row, seed: seed), body.count >= 8 else {
      throw .corrupt("A reply's checksum does not match. Run verify.", .replies)
    }
    age = unsafe body.bigEndian(UInt64.self)
    unsafe bytes = unsafe body.from(8)
  }
}

/// The bytes behind their checksum.
func checksummed(_ body: [UInt8], seed: UInt64) -> [UInt8] {
  let sum = unsafe body.withUnsafeBytes { unsafe Hashing.checksum($0, seed: seed) }
  return unsafe withUnsafeBytes(of: sum.littleEndian) { unsafe Array($0) } + body
}

/// What follows a checksum, or `nil` if it does not match.
func checked(_ row: Bytes, seed: UInt64) -> Bytes? {
  guard row.count >= LogFormat.checksumSize else { return nil }
  let body = unsafe row.from(LogFormat.checksumSize)
  let sum = unsafe row.littleEndian(UInt32.self, at: 0)
  return unsafe sum == Hashing.checksum(body, seed: seed) ? body : nil
}
