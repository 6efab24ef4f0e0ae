/// The sizes and marks of the storage format, which
/// `Sources/Wakelog/Wakelog.docc/StorageFormat.md` describes byte by byte.
enum LogFormat {
  /// The version that this release writes.
  static let version: UInt32 = 2
  /// The first release that reads it: what an earlier one can tell its user.
  static let needs = Array("0.2".utf8)
  static let magic: [UInt8] = Array("WAKELOG\0".utf8)

  static let formatKey = Array("format".utf8)
  static let needsKey = Array("needs".utf8)
  static let identifierKey = Array("identifier".utf8)
  static let secretKey = Array("secret".utf8)
  static let originKey = Array("origin".utf8)
  static let baseKey = Array("base".utf8)
  static let overwriteKey = Array("overwrite".utf8)
  /// Format 1 only: a prefix, before a namespace.
  static let unsealedKey = Array("unsealed".utf8)
  static let headerKey: [UInt8] = [0]
  static let rungPrefix: UInt8 = 255
  /// What follows the last sequence of a commit in the key of its seal.
  static let sealMark: UInt8 = 0

  static let identifierSize = 16
  static let secretSize = 32
  static let digestSize = 16
  static let sealSize = 32
  static let originSize = 4 + 8 + sealSize
  static let checksumSize = 4
  static let framePrefix = 5
  static let sequenceSize = 8
  static let sealKeySize = sequenceSize + 1

  static let maximumRecord = 1 << 16
  static let maximumSymbol = 1 << 16
  static let maximumEvidence = 1 << 28
  static let maximumRow = 1 << 28

  static let maximumKey = 511
  static let shortName = maximumKey - 2
  static let longNamePrefix = maximumKey - 1 - digestSize

  static let hasEvidence: UInt8 = 1
}

/// The tables, in the order in which they are opened: LMDB numbers handles from 2 in that order.
///
/// `seals` belongs to format 1. A log of format 2 has it empty, so that a release that knows only
/// format 1 finds all its tables, looks at the version and says that it is too old.
enum Table: UInt32, CaseIterable, Sendable {
  case meta = 2
  case events, symbols, names, evidence, seals, replies, replyAges, checkpoint

  var name: String {
    switch self {
    case .meta: "meta"
    case .events: "events"
    case .symbols: "symbols"
    case .names: "names"
    case .evidence: "evidence"
    case .seals: "seals"
    case .replies: "replies"
    case .replyAges: "replyAges"
    case .checkpoint: "checkpoint"
    }
  }
}
