import CLMDB

/// The checks outside the chain of seals.
extension Verifier {
  /// Symbols are numbered without gaps, each name leads to its number, and all are sealed or, in
  /// format 1, known to be unsealed.
  func checkSymbols() throws(StoreError) {
    var symbols = try snapshot.cursor(.symbols)
    var counts: [UInt8: UInt32] = [:]
    var forgotten: UInt64 = 0
    while try symbols.next() {
      guard unsafe symbols.key.count == 5 else {
        throw .corrupt("A symbol's key has the wrong size.", .symbols)
      }
      let namespace = unsafe symbols.key[0]
      let number = unsafe symbols.key.bigEndian(UInt32.self, at: 1)
      guard number == counts[namespace, default: 0] + 1 else {
        throw .corrupt("Symbol \(number) of namespace \(namespace) leaves a gap.", .symbols)
      }
      counts[namespace] = number
      if try snapshot.tombstone(namespace, number) != nil {
        forgotten += 1
        continue
      }
      guard let name = unsafe try snapshot.name(namespace, number),
        unsafe try snapshot.number(name, namespace) == number
      else { throw .disagreement(number) }
    }
    let knownAgain = try snapshot.checkedMarks()
    guard try snapshot.entries(.symbols) == snapshot.entries(.names) + forgotten - knownAgain else {
      throw .corrupt("There are names without a symbol.", .names)
    }
    try checkSealed(counts)
  }

  private func checkSealed(_ counts: [UInt8: UInt32]) throws(StoreError) {
    let unsealed = try snapshot.identity.format == .first ? snapshot.unsealedSymbols() : [:]
    for namespace in Set(counts.keys).union(sealedSymbols.keys).union(unsealed.keys).sorted() {
      let sealed = sealedSymbols[namespace, default: 0]
      let count = counts[namespace, default: 0]
      if isTrimmed, sealed == 0 { continue }
      guard unsealed[namespace].map({ $0 == sealed + 1 && $0 <= count }) ?? (sealed == count)
      else { throw .corrupt("Symbols of namespace \(namespace) have no seal.", .symbols) }
    }
  }

  func checkReplies() throws(StoreError) {
    var replies = try snapshot.cursor(.replies)
    while try replies.next() {
      let row = unsafe try snapshot.reply(replies.key, replies.value)
      let age = unsafe bigEndianBytes(row.age) + replies.key
      guard unsafe try snapshot.get(.replyAges, age) != nil else {
        throw .corrupt("A reply is missing from the index of ages.", .replyAges)
      }
    }
    guard try snapshot.entries(.replies) == snapshot.entries(.replyAges) else {
      throw .corrupt("There are ages without a reply.", .replyAges)
    }
  }

  func checkCheckpoint() throws(StoreError) {
    let header = unsafe try snapshot.header(LogFormat.headerKey, seed: .max)
    var count: UInt64 = 0
    var rows = try snapshot.cursor(.checkpoint)
    while try rows.next() {
      if unsafe rows.key.equals(LogFormat.headerKey) { continue }
      if unsafe rows.key.first == LogFormat.rungPrefix {
        _ = try RungRow(rows)
      } else {
        _ = try CheckpointRow(rows)
        count += 1
      }
    }
    let stated = unsafe header?.rows ?? count
    guard count == stated else {
      throw .corrupt("Rows of the checkpoint are lost. Clear it.", .checkpoint)
    }
  }
}

extension Snapshot {
  /// The namespaces of a log of format 1 with symbols that no seal covers, and the first such number
  /// of each.
  fileprivate func unsealedSymbols() throws(StoreError) -> [UInt8: UInt32] {
    let prefix = LogFormat.unsealedKey
    var found: [UInt8: UInt32] = [:]
    var cursor = try cursor(.meta)
    var isThere = try unsafe prefix.withBytes { (key) throws(StoreError) in
      try unsafe cursor.seek(key)
    }
    while isThere, unsafe cursor.key.starts(with: prefix) {
      guard unsafe cursor.key.count == prefix.count + 1, unsafe cursor.value.count == 4 else {
        throw .corrupt("The row about unsealed symbols is malformed.", .meta)
      }
      found[unsafe cursor.key[prefix.count]] = unsafe cursor.value.bigEndian(UInt32.self)
      isThere = try cursor.next()
    }
    return found
  }

  /// How many events behind one have evidence, or had.
  func evidenceCount(behind start: UInt64) throws(StoreError) -> UInt64 {
    if start == 0 { return try entries(.evidence) }
    var count: UInt64 = 0
    var cursor = try cursor(.evidence)
    let key = bigEndianBytes(start + 1)
    var isThere = try unsafe key.withBytes { (key) throws(StoreError) in
      try unsafe cursor.seek(key)
    }
    while isThere {
      count += 1
      isThere = try cursor.next()
    }
    return count
  }

  /// How many forgotten names are known again by their digest; throws where one is damaged.
  fileprivate func checkedMarks() throws(StoreError) -> UInt64 {
    var count: UInt64 = 0
    var cursor = try cursor(.names)
    let start = [Tombstone.mark]
    var isThere = try unsafe start.withBytes { (key) throws(StoreError) in
      try unsafe cursor.seek(key)
    }
    while isThere {
      try checkRow(.names, cursor)
      count += 1
      isThere = try cursor.next()
    }
    return count
  }

  func entries(_ table: Table) throws(StoreError) -> UInt64 {
    UInt64(unsafe try LMDB.statistics(transaction, table).ms_entries)
  }
}
