extension LogTransaction where Self: ~Copyable {
  /// The checkpoint's header, or `nil` if there is no checkpoint.
  ///
  /// Throws `corrupt` on a bad checksum; clear the checkpoint then and build it anew.
  public var checkpointHeader: [UInt8]? {
    get throws {
      try unsafe snapshot.header(LogFormat.headerKey, seed: .max).map { unsafe Array($0.bytes) }
    }
  }

  /// How many rows the checkpoint consists of; `nil` if there is none, or its format does not say.
  public var checkpointRows: UInt64? {
    get throws { try unsafe snapshot.header(LogFormat.headerKey, seed: .max)?.rows }
  }

  /// Walks the rows of one table of the checkpoint, by ascending number.
  ///
  /// Throws `corrupt` on a bad checksum; clear the checkpoint then and build it anew.
  public func forEachCheckpointRow(
    table: UInt8, _ body: (UInt32, RawSpan) throws -> Void
  ) throws {
    var cursor = try snapshot.cursor(.checkpoint)
    let start = checkpointKey(table, 0)
    var isThere = try cursor.seek(start)
    while isThere, unsafe cursor.key[0] == table {
      let row = try CheckpointRow(cursor)
      try unsafe body(row.number, row.bytes.bytes)
      isThere = try cursor.next()
    }
  }
}

extension WriteTransaction {
  /// Stores a row of the checkpoint in place of an earlier one. It has up to 256 MiB.
  public func putCheckpointRow(table: UInt8, row: UInt32, _ bytes: [UInt8]) throws {
    try putCheckpoint(checkpointKey(table, row), checkpointSeed(table, row), bytes)
  }

  /// Stores the checkpoint's header: whatever the reader needs to trust the rows, which have to be
  /// there already, since their number is a part of it.
  public func putCheckpointHeader(_ bytes: [UInt8]) throws {
    try snapshot.putHeader(LogFormat.headerKey, .max, bytes, writer)
  }

  /// Removes the checkpoint, header and rows.
  public func clearCheckpoint() throws {
    unsafe try LMDB.empty(snapshot.transaction, .checkpoint)
  }

  private func putCheckpoint(_ key: [UInt8], _ seed: UInt64, _ bytes: [UInt8]) throws {
    guard bytes.count <= LogFormat.maximumRow else {
      throw StoreError(.tooLarge, "A row has up to 256 MiB.", table: Table.checkpoint.name)
    }
    try writer.put(.checkpoint, key, checksummed(bytes, seed: seed))
  }
}

extension Snapshot {
  /// A header of the checkpoint or of a kept state, checked and taken apart; nil if there is none.
  func header(
    _ key: [UInt8], seed: UInt64
  ) throws(StoreError) -> (rows: UInt64?, bytes: Bytes)? {
    guard let row = unsafe try get(.checkpoint, key) else { return nil }
    guard let body = unsafe checked(row, seed: seed),
      let header = unsafe identity.format.header(body)
    else { throw .corrupt("The header's checksum does not match.", .checkpoint) }
    return unsafe header
  }

  /// Stores a header with the number of the rows that it goes with.
  func putHeader(
    _ key: [UInt8], _ seed: UInt64, _ bytes: [UInt8], _ writer: Writer
  ) throws(StoreError) {
    let isRung = key.count > 1
    let rows = try isRung ? countRungPieces(key) : countCheckpointRows()
    try writer.put(.checkpoint, key, checksummed(bigEndianBytes(rows) + bytes, seed: seed))
  }

  /// How many rows the checkpoint has, header and kept states aside: those are counted.
  func countCheckpointRows() throws(StoreError) -> UInt64 {
    var others: UInt64 = unsafe try get(.checkpoint, LogFormat.headerKey) == nil ? 0 : 1
    var cursor = try cursor(.checkpoint)
    var isThere = try cursor.seek([LogFormat.rungPrefix])
    while isThere {
      others += 1
      isThere = try cursor.next()
    }
    return try entries(.checkpoint) - others
  }
}

/// A row of the checkpoint, checked.
@safe struct CheckpointRow {
  let number: UInt32
  let bytes: Bytes

  init(_ cursor: borrowing Cursor) throws(StoreError) {
    let key = unsafe cursor.key
    guard key.count == 5 else {
      throw .corrupt("A row's key has the wrong size. Clear the checkpoint.", .checkpoint)
    }
    number = unsafe key.bigEndian(UInt32.self, at: 1)
    let seed = unsafe checkpointSeed(key[0], number)
    guard let body = unsafe checked(cursor.value, seed: seed) else {
      throw .corrupt("Row \(number) is damaged. Clear the checkpoint.", .checkpoint)
    }
    unsafe bytes = unsafe body
  }
}

private func checkpointKey(_ table: UInt8, _ row: UInt32) -> [UInt8] {
  [table] + bigEndianBytes(row)
}

private func checkpointSeed(_ table: UInt8, _ row: UInt32) -> UInt64 {
  UInt64(table) << 32 | UInt64(row)
}
