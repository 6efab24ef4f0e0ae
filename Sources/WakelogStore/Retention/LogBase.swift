/// Where a log begins whose older events went to the archive.
public struct LogBase: Sendable, Equatable {
  /// The last event that went; a commit ended with it.
  public var position: UInt64
  /// The seal of that commit.
  public var seal: [UInt8]
  /// The digest of the state there, as it is kept.
  public var state: [UInt8]

  /// Names a place.
  public init(position: UInt64, seal: [UInt8], state: [UInt8]) {
    self.position = position
    self.seal = seal
    self.state = state
  }
}

extension LogTransaction where Self: ~Copyable {
  /// Where the log begins; nil when it has all its events.
  public var base: LogBase? {
    get throws {
      guard let base = try snapshot.base(), base.position > 0 else { return nil }
      return LogBase(position: base.position, seal: base.seal, state: base.stateHash)
    }
  }

  /// The last commit that ends at an event or before: its last event and its seal. Nil when there
  /// is none behind the place where the log begins.
  public func commit(notAfter sequence: UInt64) throws -> (last: UInt64, seal: [UInt8])? {
    try snapshot.commit(notAfter: sequence)
  }

  /// Walks the pieces of the state at a position, in order.
  public func forEachBasePiece(
    at position: UInt64, _ body: (UInt32, RawSpan) throws -> Void
  ) throws {
    var piece: UInt32 = 0
    while let bytes = unsafe try snapshot.basePiece(at: position, piece) {
      try unsafe body(piece, bytes.bytes)
      piece += 1
    }
  }

  /// Whether rows of events that went are still in the file.
  public var hasRowsBelowBase: Bool {
    get throws {
      guard let base = try snapshot.base() else { return false }
      for table in [Table.events, .evidence] {
        var cursor = try snapshot.cursor(table)
        if try cursor.first(), unsafe cursor.key.count >= LogFormat.sequenceSize,
          unsafe cursor.key.bigEndian(UInt64.self) <= base.position
        {
          return true
        }
      }
      return false
    }
  }
}

extension WriteTransaction {
  /// Keeps a piece of the state at a position, for `setBase`.
  public func putBasePiece(at position: UInt64, _ piece: UInt32, _ bytes: [UInt8]) throws {
    try writer.putMeta(basePieceKey(position, piece), bytes)
  }

  /// Lets the log begin behind a position. The state there must be kept in pieces already. From
  /// here on nobody reads the rows up to there; `dropBelowBase` takes them away.
  /// Throws `busy` when another process took those pieces away, or moved the base meanwhile.
  public func setBase(_ base: LogBase, pieces: UInt32) throws {
    let present = try snapshot.base()
    for piece in 0..<pieces {
      guard unsafe try snapshot.get(.meta, basePieceKey(base.position, piece)) != nil else {
        throw StoreError(.busy, "Another process trims this log. Try again when it is done.")
      }
    }
    guard base.position > present?.position ?? 0 else {
      throw StoreError(.busy, "Another process trimmed this log meanwhile. Try again.")
    }
    let forgotten = present?.forgotten ?? 0
    try writer.putBase(
      Base(
        position: base.position, seal: base.seal, stateHash: base.state, forgotten: forgotten))
  }

  /// Takes away rows that nobody reads any more, some at a time; false when none are left.
  ///
  /// Events with their seals and evidence, states kept from before the base, and pieces of states
  /// that are not the base's, as a trim that was broken off leaves.
  public func dropBelowBase(atMost limit: Int) throws -> Bool {
    guard let base = try snapshot.base() else { return try dropPieces(but: nil, limit) >= limit }
    var room = limit
    for table in [Table.events, .evidence] where room > 0 {
      room -= try drop(table, through: base.position, room)
    }
    if room > 0 { room -= try dropRungs(below: base.position, room) }
    if room > 0 { room -= try dropPieces(but: base.position, room) }
    return room <= 0
  }

  private func drop(_ table: Table, through position: UInt64, _ limit: Int) throws -> Int {
    var count = 0
    var cursor = try snapshot.cursor(table)
    while count < limit, try cursor.first() {
      guard unsafe cursor.key.count >= LogFormat.sequenceSize,
        unsafe cursor.key.bigEndian(UInt64.self) <= position
      else { break }
      try cursor.delete()
      count += 1
    }
    return count
  }

  /// Pieces of a kept state take sixteen pages each, so a few are as many as many rows.
  private func dropRungs(below position: UInt64, _ limit: Int) throws -> Int {
    unsafe try dropLarge(.checkpoint, [LogFormat.rungPrefix], limit) {
      unsafe $0.bigEndian(UInt64.self, at: 1) >= position
    }
  }

  private func dropPieces(but position: UInt64?, _ limit: Int) throws -> Int {
    unsafe try dropLarge(.meta, LogFormat.basePieceKey, limit) {
      unsafe $0.bigEndian(UInt64.self, at: LogFormat.basePieceKey.count) == position
    }
  }

  private func dropLarge(
    _ table: Table, _ prefix: [UInt8], _ limit: Int, stays: (Bytes) -> Bool
  ) throws -> Int {
    var count = 0
    var start = prefix
    let size = prefix.count + LogFormat.sequenceSize
    while count < max(1, limit / 64) {
      var cursor = try snapshot.cursor(table)
      guard try cursor.seek(start),
        unsafe cursor.key.starts(with: prefix), unsafe cursor.key.count >= size
      else { break }
      if unsafe stays(cursor.key) {
        let position = unsafe cursor.key.bigEndian(UInt64.self, at: prefix.count)
        guard position < .max else { break }
        start = prefix + bigEndianBytes(position + 1)
        continue
      }
      try cursor.delete()
      count += 1
    }
    return count == 0 ? 0 : max(count * 64, 1)
  }
}

extension Snapshot {
  /// A piece of the state at a position; nil behind the last. Throws `corrupt` if it is damaged.
  func basePiece(at position: UInt64, _ piece: UInt32) throws(StoreError) -> Bytes? {
    let key = basePieceKey(position, piece)
    guard let row = unsafe try get(.meta, key) else { return nil }
    guard let bytes = unsafe identity.format.meta(row, key) else {
      throw .damagedBase(position)
    }
    return unsafe bytes
  }

  func commit(notAfter sequence: UInt64) throws(StoreError) -> (last: UInt64, seal: [UInt8])? {
    let start = try chainStart()
    guard sequence > start.position else { return nil }
    var cursor = try cursor(.events)
    let key = Seal.key(sequence)
    var isThere = try cursor.seek(key)
    if isThere, unsafe cursor.key.equals(key) {
      return (sequence, unsafe try Seal(row: cursor.value, sequence).hash)
    }
    isThere = try isThere ? cursor.previous() : cursor.last()
    while isThere {
      let found = unsafe cursor.key.bigEndian(UInt64.self)
      guard found > start.position else { return nil }
      if unsafe Seal.sequence(cursor.key) == found {
        return (found, unsafe try Seal(row: cursor.value, found).hash)
      }
      isThere = try cursor.previous()
    }
    return nil
  }
}

func basePieceKey(_ position: UInt64, _ piece: UInt32) -> [UInt8] {
  LogFormat.basePieceKey + bigEndianBytes(position) + bigEndianBytes(piece)
}

extension LogFormat {
  /// Before the position and the number of a piece.
  static let basePieceKey = Array("state".utf8)
}
