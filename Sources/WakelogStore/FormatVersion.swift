/// The formats that this release reads, and what differs between their rows. Format 2 gives every
/// row that is trusted a checksum over its key and value; format 1 had them on some.
///
/// Where the seals stand is the one difference beside these; see `SealCursor`.
enum FormatVersion: UInt32, Sendable {
  case first = 1
  case second

  /// Whether a table may have rows.
  func has(_ table: Table) -> Bool { self == .first || table != .seals }

  /// What a row of `meta` says, `format` aside, which is alike in all formats; nil if it is damaged.
  func meta(_ row: Bytes, _ key: [UInt8]) -> Bytes? {
    switch self {
    case .first: unsafe row
    case .second: unsafe checked(row, seed: Hashing.seed(key))
    }
  }

  /// The name in a row of `symbols`; nil if it is damaged.
  func name(_ row: Bytes, _ namespace: UInt8, _ number: UInt32) -> Bytes? {
    switch self {
    case .first: unsafe row
    case .second: unsafe checked(row, seed: symbolSeed(namespace, number))
    }
  }

  /// The number in a row of `names`; nil if it is damaged.
  func number(_ row: Bytes, _ key: Bytes) -> UInt32? {
    switch self {
    case .first:
      return row.count == 4 ? unsafe row.bigEndian(UInt32.self) : nil
    case .second:
      guard let body = unsafe checked(row, seed: Hashing.seed(key)), body.count == 4 else {
        return nil
      }
      return unsafe body.bigEndian(UInt32.self)
    }
  }

  /// What the checksum of a reply is seeded with.
  func replySeed(_ digest: Bytes) -> UInt64 {
    switch self {
    case .first: 0
    case .second: unsafe Hashing.seed(digest)
    }
  }

  /// The number of rows that a header of the checkpoint, or of a kept state, goes with, and the rest
  /// of it. Nil for the number in format 1, which does not say; nil if it is cut short.
  func header(_ body: Bytes) -> (rows: UInt64?, bytes: Bytes)? {
    switch self {
    case .first: return unsafe (nil, body)
    case .second:
      guard body.count >= 8 else { return nil }
      return unsafe (body.bigEndian(UInt64.self), body.from(8))
    }
  }

  /// The digest of an event's evidence, as its frame has it.
  func digest(ofEvidence bytes: Bytes, _ sequence: UInt64, _ secret: [UInt8]) -> [UInt8] {
    switch self {
    case .first: unsafe Hashing.digest(bytes)
    case .second: unsafe EvidenceSeal.digest(EvidenceSeal.key(secret, sequence), bytes)
    }
  }

  /// How evidence was removed, for a row that stands in its place; nil if it is none or damaged.
  func removal(_ row: Bytes, _ sequence: UInt64) -> Removal? {
    guard row.count > 0, let removal = Removal(rawValue: unsafe row[0]) else { return nil }
    switch self {
    case .first: return removal == .redacted && row.count == 1 ? removal : nil
    case .second: return unsafe row.equals(removal.row(sequence)) ? removal : nil
    }
  }
}

/// How evidence went away. The raw value is the flag of its row.
enum Removal: UInt8, Sendable {
  case redacted = 1
  case expired, forgotten

  /// The flag of evidence that is there.
  static let none: UInt8 = 0

  /// What stands in the place of the evidence: the flag, and a checksum of it.
  func row(_ sequence: UInt64) -> [UInt8] {
    [rawValue] + checksummed([rawValue], seed: sequence).prefix(LogFormat.checksumSize)
  }
}

/// What the checksum of a symbol is seeded with.
func symbolSeed(_ namespace: UInt8, _ number: UInt32) -> UInt64 {
  UInt64(namespace) << 32 | UInt64(number)
}
