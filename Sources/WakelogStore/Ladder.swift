// Checkpoints that stay: whole states at some positions, for whoever looks back. Each is a rung;
// the newest checkpoint, which changes in place, is none.

extension LogTransaction where Self: ~Copyable {
  /// The position of the last rung that is not after a position; `nil` if there is none.
  public func rung(notAfter position: UInt64) throws -> UInt64? {
    var cursor = try snapshot.cursor(.checkpoint)
    let beyond = rungKey(position) + [0xFF]
    let isThere = try cursor.seek(beyond)
    guard try isThere ? cursor.previous() : cursor.last() else { return nil }
    guard unsafe cursor.key.count >= 9, unsafe cursor.key[0] == LogFormat.rungPrefix else {
      return nil
    }
    return unsafe cursor.key.bigEndian(UInt64.self, at: 1)
  }

  /// A rung's header, or `nil` if there is no such rung. Throws `corrupt` on a bad checksum.
  public func rungHeader(_ position: UInt64) throws -> [UInt8]? {
    try unsafe snapshot.header(rungKey(position), seed: position).map { unsafe Array($0.bytes) }
  }

  /// How many pieces a rung consists of; `nil` if there is no such rung, or its format does not say.
  public func rungPieces(_ position: UInt64) throws -> UInt64? {
    try unsafe snapshot.header(rungKey(position), seed: position)?.rows
  }

  /// Walks the pieces of one table of a rung, by ascending number. Throws `corrupt` on a bad
  /// checksum.
  public func forEachRungPiece(
    _ position: UInt64, table: UInt8, _ body: (UInt32, RawSpan) throws -> Void
  ) throws {
    var cursor = try snapshot.cursor(.checkpoint)
    let start = rungKey(position) + [table]
    var isThere = try cursor.seek(start)
    while isThere, unsafe cursor.key.starts(with: start) {
      let piece = try RungRow(cursor)
      try unsafe body(piece.number, piece.bytes.bytes)
      isThere = try cursor.next()
    }
  }
}

extension WriteTransaction {
  /// Stores a rung's header: whatever the reader needs to trust its pieces, which have to be there
  /// already, since their number is a part of it.
  public func putRungHeader(_ position: UInt64, _ bytes: [UInt8]) throws {
    try snapshot.putHeader(rungKey(position), position, bytes, writer)
  }

  /// Stores a piece of a table of a rung. It has up to 256 MiB; `rungPieceSize` fills its pages.
  public func putRungPiece(
    _ position: UInt64, table: UInt8, piece: UInt32, _ bytes: [UInt8]
  ) throws {
    guard bytes.count <= LogFormat.maximumRow else {
      throw StoreError(.tooLarge, "A piece has up to 256 MiB.", table: Table.checkpoint.name)
    }
    let key = rungKey(position) + [table] + bigEndianBytes(piece)
    let seed = position ^ UInt64(table) << 56 ^ UInt64(piece) << 24
    try writer.put(.checkpoint, key, checksummed(bytes, seed: seed))
  }
}

/// The bytes of a piece that, with its checksum and LMDB's page header, fills sixteen pages.
public let rungPieceSize = 16 * 4_096 - 16 - LogFormat.checksumSize

/// A row of a rung, checked: its header, or a piece.
@safe struct RungRow {
  let number: UInt32
  let bytes: Bytes

  init(_ cursor: borrowing Cursor) throws(StoreError) {
    let key = unsafe cursor.key
    guard key.count == 9 || key.count == 14 else {
      throw .corrupt("A key of a kept state has the wrong size. Clear the checkpoint.", .checkpoint)
    }
    let position = unsafe key.bigEndian(UInt64.self, at: 1)
    var seed = position
    if key.count == 14 {
      number = unsafe key.bigEndian(UInt32.self, at: 10)
      seed ^= unsafe UInt64(key[9]) << 56 ^ UInt64(number) << 24
    } else {
      number = 0
    }
    guard let body = unsafe checked(cursor.value, seed: seed) else {
      throw .corrupt("The state kept at event \(position) is damaged.", .checkpoint)
    }
    unsafe bytes = unsafe body
  }
}

extension Snapshot {
  /// How many pieces follow a rung's header.
  func countRungPieces(_ start: [UInt8]) throws(StoreError) -> UInt64 {
    var cursor = try cursor(.checkpoint)
    var pieces: UInt64 = 0
    var isThere = try cursor.seek(start)
    while isThere, unsafe cursor.key.starts(with: start) {
      if unsafe cursor.key.count > start.count { pieces += 1 }
      isThere = try cursor.next()
    }
    return pieces
  }
}

private func rungKey(_ position: UInt64) -> [UInt8] {
  [LogFormat.rungPrefix] + bigEndianBytes(position)
}
