import CLMDB

/// The checks outside the chain of seals. Each takes a slice, and returns whether it came to the end.
extension Verifier {
  /// Symbols are numbered without gaps, and each name leads to its number. Those that were checked
  /// stay so, so each call goes on with the next of each namespace.
  mutating func checkSymbols(
    _ snapshot: Snapshot, _ slice: Slice? = nil
  ) throws(StoreError) -> Bool {
    var rows = try snapshot.cursor(.symbols)
    for namespace in UInt8.min...UInt8.max {
      let known = symbols[namespace, default: 0]
      let next = [namespace] + (known == 0 ? [] : bigEndianBytes(known + 1))
      var isThere = try rows.seek(next)
      while isThere, unsafe rows.key.first == namespace {
        try checkSymbol(rows, snapshot)
        if slice?.isOver == true { return false }
        isThere = try rows.next()
      }
    }
    return true
  }

  private mutating func checkSymbol(
    _ rows: borrowing Cursor, _ snapshot: Snapshot
  ) throws(StoreError) {
    guard unsafe rows.key.count == 5 else {
      throw .corrupt("A symbol's key has the wrong size.", .symbols)
    }
    let namespace = unsafe rows.key[0]
    let number = unsafe rows.key.bigEndian(UInt32.self, at: 1)
    guard number == symbols[namespace, default: 0] + 1 else {
      throw .corrupt("Symbol \(number) of namespace \(namespace) leaves a gap.", .symbols)
    }
    if try snapshot.tombstone(namespace, number) == nil {
      guard let name = unsafe try snapshot.name(namespace, number),
        unsafe try snapshot.number(name, namespace) == number
      else { throw .disagreement(number) }
    }
    symbols[namespace] = number
  }

  /// Each name belongs to a symbol that has it, or had it and was forgotten.
  mutating func checkNames(_ snapshot: Snapshot, _ slice: Slice?) throws(StoreError) -> Bool {
    try walk(.names, snapshot, slice) { (rows) throws(StoreError) in
      try snapshot.checkRow(.names, rows)
    }
  }

  /// Hands over the rows of a table behind those of earlier slices; whether it came to the end.
  private mutating func walk(
    _ table: Table, _ snapshot: Snapshot, _ slice: Slice?,
    _ body: (borrowing Cursor) throws(StoreError) -> Void
  ) throws(StoreError) -> Bool {
    var rows = try snapshot.cursor(table)
    var isThere = try lastKey.isEmpty ? rows.first() : rows.seek(lastKey)
    if isThere, unsafe rows.key.equals(lastKey) { isThere = try rows.next() }
    while isThere {
      try body(rows)
      if slice?.isOver == true {
        lastKey = unsafe Array(rows.key)
        return false
      }
      isThere = try rows.next()
    }
    lastKey = []
    return true
  }

  /// All symbols are sealed or, in format 1, known to be unsealed. Both have been checked to the end.
  func checkSealed(_ snapshot: Snapshot) throws(StoreError) {
    let unsealed = try snapshot.identity.format == .first ? snapshot.unsealedSymbols() : [:]
    for namespace in Set(symbols.keys).union(sealedSymbols.keys).union(unsealed.keys).sorted() {
      let sealed = sealedSymbols[namespace, default: 0]
      let count = symbols[namespace, default: 0]
      if isTrimmed, sealed == 0 { continue }
      guard unsealed[namespace].map({ $0 == sealed + 1 && $0 <= count }) ?? (sealed == count)
      else { throw .corrupt("Symbols of namespace \(namespace) have no seal.", .symbols) }
    }
  }

  /// The state where a trimmed log begins is what its digest says.
  func checkBase(_ snapshot: Snapshot) throws(StoreError) {
    guard let base = try snapshot.base(), base.position > 0 else { return }
    let digest = Digest.Stream()
    var piece: UInt32 = 0
    while let bytes = unsafe try snapshot.basePiece(at: base.position, piece) {
      unsafe digest.take(piece: bytes.bytes)
      piece += 1
    }
    guard digest.finish() == base.stateHash else { throw .damagedBase(base.position) }
  }

  /// Each reply is sound and stands in the index of ages.
  mutating func checkReplies(
    _ snapshot: Snapshot, _ slice: Slice? = nil
  ) throws(StoreError) -> Bool {
    try walk(.replies, snapshot, slice) { (replies) throws(StoreError) in
      let row = unsafe try snapshot.reply(replies.key, replies.value)
      let age = unsafe bigEndianBytes(row.age) + replies.key
      guard unsafe try snapshot.get(.replyAges, age) != nil else {
        throw .corrupt("A reply is missing from the index of ages.", .replyAges)
      }
    }
  }

  /// Each row of the checkpoint and of the kept states is sound.
  mutating func checkCheckpoint(
    _ snapshot: Snapshot, _ slice: Slice? = nil
  ) throws(StoreError) -> Bool {
    _ = unsafe try snapshot.header(LogFormat.headerKey, seed: .max)
    return try walk(.checkpoint, snapshot, slice) { (rows) throws(StoreError) in
      if unsafe rows.key.first == LogFormat.rungPrefix {
        _ = try RungRow(rows)
      } else if unsafe !rows.key.equals(LogFormat.headerKey) {
        _ = try CheckpointRow(rows)
      }
    }
  }

  /// No row is missing of the tables that have another that counts them. Asks one state of the log,
  /// for rows come and go.
  func checkCounts(_ snapshot: Snapshot) throws(StoreError) {
    guard try snapshot.entries(.replies) == snapshot.entries(.replyAges) else {
      throw .corrupt("There are ages without a reply.", .replyAges)
    }
    guard let header = unsafe try snapshot.header(LogFormat.headerKey, seed: .max),
      let stated = unsafe header.rows
    else { return }
    guard try snapshot.countCheckpointRows() == stated else {
      throw .corrupt("Rows of the checkpoint are lost. Clear it.", .checkpoint)
    }
  }
}

extension Digest.Stream {
  /// Takes in a piece of a base's state with its length, so that no two lists of pieces are alike.
  public func take(piece: RawSpan) {
    let length = UInt64(piece.byteCount).littleEndian
    unsafe withUnsafeBytes(of: length) { unsafe update($0) }
    unsafe piece.withUnsafeBytes { unsafe update($0) }
  }
}

extension StoreError {
  /// The state where a log begins cannot be trusted.
  static func damagedBase(_ position: UInt64) -> StoreError {
    .corrupt(
      "The state where the log begins, behind event \(position), is damaged. Restore a "
        + "copy, rebuild the log ('wakelog import wakelog ARCHIVE --with DIR --log NEW'), or run "
        + "salvage.", .meta)
  }
}

extension Snapshot {
  /// The namespaces of a log of format 1 with symbols that no seal covers, and the first such number
  /// of each.
  fileprivate func unsealedSymbols() throws(StoreError) -> [UInt8: UInt32] {
    let prefix = LogFormat.unsealedKey
    var found: [UInt8: UInt32] = [:]
    var cursor = try cursor(.meta)
    var isThere = try cursor.seek(prefix)
    while isThere, unsafe cursor.key.starts(with: prefix) {
      guard unsafe cursor.key.count == prefix.count + 1, unsafe cursor.value.count == 4 else {
        throw .corrupt("The row about unsealed symbols is malformed.", .meta)
      }
      found[unsafe cursor.key[prefix.count]] = unsafe cursor.value.bigEndian(UInt32.self)
      isThere = try cursor.next()
    }
    return found
  }

  func entries(_ table: Table) throws(StoreError) -> UInt64 {
    UInt64(unsafe try LMDB.statistics(transaction, table).ms_entries)
  }
}
