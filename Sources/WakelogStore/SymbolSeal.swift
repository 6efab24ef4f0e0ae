/// How a symbol stands in a seal: by a digest that tells nothing without the symbol's key.
package enum SymbolSeal {
  static let keySize = 16

  /// The key of one symbol, made of the log's secret; whoever has it learns no other key.
  static func key(_ secret: [UInt8], _ namespace: UInt8, _ number: UInt32) -> [UInt8] {
    let name = symbolKey(namespace, number)
    return unsafe name.withUnsafeBytes { unsafe Hashing.keyed(secret, $0, size: keySize) }
  }

  static func digest(_ key: [UInt8], _ name: Bytes) -> [UInt8] {
    unsafe Hashing.keyed(key, name, size: LogFormat.sealSize)
  }

  /// The digest of a symbol whose key and bytes were shown; nil if that is no key.
  package static func digest(key: [UInt8], of name: [UInt8]) -> [UInt8]? {
    guard key.count == keySize else { return nil }
    Hashing.prepare()
    return unsafe name.withUnsafeBytes { unsafe digest(key, $0) }
  }
}
