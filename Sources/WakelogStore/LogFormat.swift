/// The storage format, byte by byte.
///
/// A log is a directory of mode 0700 with two files, `data.mdb` and `lock.mdb`, as LMDB 0.9 lays
/// them out: pages of the machine's page size (4,096 bytes on x86-64), two header pages, then
/// copy-on-write B+trees. `lock.mdb` carries no data. All numbers below are big-endian unless
/// they say otherwise; `u8`, `u32`, `u64` are unsigned; a *varint* is unsigned LEB128.
///
/// The nine named tables:
///
/// | table        | key                                | value                                      |
/// |--------------|------------------------------------|--------------------------------------------|
/// | `meta`       | `format`                           | `WAKELOG\0`, version u32                   |
/// |              | `identifier`                       | 16 random bytes                            |
/// |              | `secret`                           | 32 random bytes, for digests of symbols    |
/// |              | `unsealed`, namespace u8           | number u32 of the first unsealed symbol    |
/// | `events`     | sequence u64, from 1 without gaps  | frame                                      |
/// | `symbols`    | namespace u8, number u32           | the name's bytes                           |
/// | `names`      | namespace u8, name                 | number u32                                 |
/// | `evidence`   | sequence u64                       | flag u8 (0 plain, 1 redacted), bytes       |
/// | `seals`      | last sequence u64 of a commit      | seal                                       |
/// | `replies`    | digest, 16 bytes                   | checksum, age u64, bytes                   |
/// | `replyAges`  | age u64, digest of 16 bytes        | empty                                      |
/// | `checkpoint` | table u8, row u32                  | checksum, bytes                            |
/// |              | u8 0, alone: the header            | checksum, bytes                            |
/// |              | u8 255, position u64: a rung       | checksum, bytes                            |
/// |              | the same, table u8, piece u32      | checksum, bytes                            |
///
/// A **frame** is
///
/// ```
/// 0  4  checksum: low half of XXH3-64 over all that follows, seeded with the sequence, little-endian
/// 4  1  flags: bit 0 set if the event has evidence, the others zero
/// 5 16  BLAKE2b-128 of the evidence, only if bit 0 is set
/// …  n  the record, uninterpreted
/// ```
///
/// so an event without evidence costs 23 bytes above its record: 5 of frame, 8 of key, 10 of
/// LMDB's node. The record starts at whatever address that gives: **read it unaligned**.
///
/// A **name** of up to 509 bytes is its own key. A longer one is cut to 494 bytes followed by the
/// BLAKE2b-128 of all its bytes, which makes a key of 511 bytes, LMDB's limit; no short name makes
/// a key that long, so the two kinds never meet, and a scan by prefix still works.
///
/// A **seal** ends every commit that appended events:
///
/// ```
/// 0 32  BLAKE2b-256 over the parts below
/// 32 …  varint: how many events the commit has; then for each namespace with new symbols,
///       ascending: namespace u8, varint first number, varint count
/// ```
///
/// The hash runs over the 32 bytes of the previous seal, the first sequence u64, the number of
/// events u64, and two BLAKE2b-256: one over each event's sequence u64, the length u32 of its
/// frame and the frame; one over, for each namespace with new symbols, namespace u8, first u32,
/// count u32 and each symbol's digest. The seal before the first is BLAKE2b-256 of `WAKELOG\0`,
/// the version u32 and the identifier. Symbols that were committed without an event are covered by
/// the next seal; until then `meta` remembers where they start.
///
/// A **symbol's digest** is BLAKE2b-256 of its bytes with a key of its own, BLAKE2b-128 of
/// namespace u8 and number u32 keyed with the log's secret. So a part of the log can be handed
/// over, with its seals, that shows some symbols and withholds others: a symbol is shown with its
/// key, and of the others nothing can be guessed, however short they are. And a commit can be
/// passed over with the two hashes of what it holds.
///
/// Evidence is in the chain only by its digest, so redacting it leaves the chain verifiable.
/// A redacted row's old pages stay in the file until LMDB reuses them; `copy(to:compact:)`
/// leaves them behind.
///
/// Replies and the checkpoint are conveniences outside the chain. Their checksum is the low half
/// of XXH3-64, little-endian; the seed is 0 for replies and `table << 32 | row` for the
/// checkpoint (all bits set for its header). A **rung** is a state that is kept as it was at a
/// position; the seed is the position, for a piece `position ^ table << 56 ^ piece << 24`.
enum LogFormat {
  static let version: UInt32 = 1
  static let magic: [UInt8] = Array("WAKELOG\0".utf8)

  static let formatKey = Array("format".utf8)
  static let identifierKey = Array("identifier".utf8)
  static let secretKey = Array("secret".utf8)
  static let unsealedKey = Array("unsealed".utf8)
  static let headerKey: [UInt8] = [0]
  static let rungPrefix: UInt8 = 255

  static let identifierSize = 16
  static let secretSize = 32
  static let digestSize = 16
  static let sealSize = 32
  static let checksumSize = 4
  static let framePrefix = 5

  static let maximumRecord = 1 << 16
  static let maximumSymbol = 1 << 16
  static let maximumEvidence = 1 << 28
  static let maximumRow = 1 << 28

  static let maximumKey = 511
  static let shortName = maximumKey - 2
  static let longNamePrefix = maximumKey - 1 - digestSize

  static let hasEvidence: UInt8 = 1
  static let plainEvidence: UInt8 = 0
  static let redactedEvidence: UInt8 = 1
}

/// The tables, in the order in which they are opened: LMDB numbers handles from 2 in that order.
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
