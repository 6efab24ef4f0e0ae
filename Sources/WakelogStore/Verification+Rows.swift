import CLMDB

/// The checks outside the chain of seals.
extension Verifier {
  /// Symbols are numbered without gaps, each name leads to its number, and all are sealed or
  /// known to be unsealed.
  func checkSymbols() throws(StoreError) {
    var symbols = try snapshot.cursor(.symbols)
    var counts: [UInt8: UInt32] = [:]
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
      guard unsafe try snapshot.number(symbols.value, namespace) == number else {
        throw .corrupt("Symbol \(number) and its name disagree.", .names)
      }
    }
    guard try snapshot.entries(.symbols) == snapshot.entries(.names) else {
      throw .corrupt("There are names without a symbol.", .names)
    }
    try checkSealed(counts)
  }

  private func checkSealed(_ counts: [UInt8: UInt32]) throws(StoreError) {
    var unsealed: [UInt8: UInt32] = [:]
    for (namespace, first) in try snapshot.unsealedSymbols() { unsealed[namespace] = first }
    for namespace in Set(counts.keys).union(sealedSymbols.keys).union(unsealed.keys).sorted() {
      let sealed = sealedSymbols[namespace, default: 0]
      let count = counts[namespace, default: 0]
      guard unsealed[namespace].map({ $0 == sealed + 1 && $0 <= count }) ?? (sealed == count)
      else { throw .corrupt("Symbols of namespace \(namespace) have no seal.", .symbols) }
    }
  }

  func checkReplies() throws(StoreError) {
    var replies = try snapshot.cursor(.replies)
    while try replies.next() {
      let row = unsafe try ReplyRow(replies.value)
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
    var rows = try snapshot.cursor(.checkpoint)
    while try rows.next() {
      if unsafe rows.key.equals(LogFormat.headerKey) {
        guard unsafe checked(rows.value, seed: .max) != nil else {
          throw .corrupt("The checkpoint's header is damaged. Clear it.", .checkpoint)
        }
      } else if unsafe rows.key.first == LogFormat.rungPrefix {
        _ = try RungRow(rows)
      } else {
        _ = try CheckpointRow(rows)
      }
    }
  }
}

extension Snapshot {
  func entries(_ table: Table) throws(StoreError) -> UInt64 {
    UInt64(unsafe try LMDB.statistics(transaction, table).ms_entries)
  }
}
