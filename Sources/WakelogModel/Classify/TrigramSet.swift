/// The three-byte sequences of a text, kept as bits of their hashes.
///
/// May say yes wrongly, never no: a pattern one of whose sequences is missing cannot occur.
struct TrigramSet {
  private var bits: [UInt64] = []

  /// A set that rules everything out.
  init() {}

  /// The set of a text.
  init(_ bytes: [UInt8]) {
    guard bytes.count > 2 else { return }
    bits = [UInt64](repeating: 0, count: 1_024)
    for index in 0..<bytes.count - 2 {
      let hash = Self.hash(bytes[index], bytes[index + 1], bytes[index + 2])
      bits[hash >> 6] |= 1 << UInt64(hash & 63)
    }
  }

  /// Whether every one of the hashes is in the set.
  func mayContain(_ hashes: [Int]) -> Bool {
    if bits.isEmpty { return hashes.isEmpty }
    return hashes.allSatisfy { bits[$0 >> 6] & (1 << UInt64($0 & 63)) != 0 }
  }

  /// The hashes of a literal's sequences.
  static func hashes(of literal: [UInt8]) -> [Int] {
    guard literal.count > 2 else { return [] }
    return (0..<literal.count - 2).map { hash(literal[$0], literal[$0 + 1], literal[$0 + 2]) }
  }

  private static func hash(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Int {
    (Int(first) ^ Int(second) << 5 ^ Int(third) << 10) & 0xffff
  }
}
