/// How evidence stands in an event: by a digest that tells nothing without the evidence's key.
package enum EvidenceSeal {
  private static let purpose = Array("evidence".utf8)

  /// The key of one event's evidence, made of the log's secret; whoever has it learns no other key.
  static func key(_ secret: [UInt8], _ sequence: UInt64) -> [UInt8] {
    let name = purpose + bigEndianBytes(sequence)
    return unsafe name.withUnsafeBytes {
      unsafe Hashing.keyed(secret, $0, size: LogFormat.digestSize)
    }
  }

  static func digest(_ key: [UInt8], _ bytes: Bytes) -> [UInt8] {
    unsafe Hashing.keyed(key, bytes, size: LogFormat.digestSize)
  }

  /// The digest of evidence whose key was shown; nil if that is no key.
  package static func digest(key: [UInt8], of bytes: [UInt8]) -> [UInt8]? {
    guard key.count == LogFormat.digestSize else { return nil }
    Hashing.prepare()
    return unsafe bytes.withUnsafeBytes { unsafe digest(key, $0) }
  }
}

extension Log {
  /// The key of an event's evidence: what ties the bytes to the digest in the event. Nil in a log of
  /// format 1, whose digests have no key.
  package func evidenceKey(_ sequence: UInt64) -> [UInt8]? {
    identity.format == .first ? nil : EvidenceSeal.key(identity.secret, sequence)
  }
}
