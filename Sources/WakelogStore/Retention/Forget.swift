extension WriteTransaction {
  /// Puts the sealed digests in the place of names, for good; the chain still verifies. A name
  /// that is known again still leads to its number, for whoever has it and looks it up.
  ///
  /// Returns how many names went. The bytes linger in the file until `overwriteRemoved` has run
  /// after the commit.
  @discardableResult
  public func forget(
    _ symbols: [(namespace: UInt8, number: UInt32, isKnownAgain: Bool)]
  ) throws -> Int {
    var count = 0
    for symbol in symbols {
      let isDone = try writer.forget(
        symbol.namespace, symbol.number, isKnownAgain: symbol.isKnownAgain)
      if isDone { count += 1 }
    }
    let start = try snapshot.chainStart()
    var base =
      try snapshot.base()
      ?? Base(
        position: start.position, seal: start.seal,
        stateHash: [UInt8](repeating: 0, count: LogFormat.sealSize), forgotten: 0)
    base.forgotten += UInt64(count)
    try writer.putBase(base)
    try writer.requestOverwriting()
    return count
  }

  /// Removes the evidence of an event because its session was forgotten. False if there is none,
  /// or the log does not have the event.
  @discardableResult
  public func forgetEvidence(_ sequence: UInt64) throws -> Bool {
    try removeEvidence(sequence, .forgotten)
  }

  /// Removes every reply of which a closure says so, and returns how many.
  @discardableResult
  public func dropReplies(where isToGo: ([UInt8]) throws -> Bool) throws -> Int {
    var found: [(digest: [UInt8], age: UInt64, size: Int)] = []
    var cursor = try snapshot.cursor(.replies)
    while try cursor.next() {
      let row = unsafe try snapshot.reply(cursor.key, cursor.value)
      let bytes = unsafe Array(row.bytes)
      guard try isToGo(bytes) else { continue }
      found.append((unsafe Array(cursor.key), row.age, unsafe cursor.value.count))
    }
    for reply in found {
      // In place first, so that nothing of it stays in what a page has free.
      try writer.put(.replies, reply.digest, [UInt8](repeating: 0, count: reply.size))
      try writer.delete(.replies, reply.digest)
      try writer.delete(.replyAges, bigEndianBytes(reply.age) + reply.digest)
    }
    if !found.isEmpty { try writer.requestOverwriting() }
    return found.count
  }
}
