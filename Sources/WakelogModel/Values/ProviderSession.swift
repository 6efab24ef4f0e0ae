/// A session id with the provider that issued it: an id means nothing without.
public struct ProviderSession: Hashable, Sendable {
  /// The id as the provider wrote it.
  public var id: String
  /// The provider's name.
  public var provider: String

  /// Pairs an id with its provider, whose name has at most 65,535 bytes.
  public init(id: String, provider: String) {
    self.id = id
    self.provider = provider
  }

  /// As the log keeps it: the id, the provider, and the provider's length in two bytes, so that
  /// all providers of an id are found by its prefix.
  public var bytes: [UInt8] {
    let name = Array(provider.utf8)
    let count = UInt16(truncatingIfNeeded: name.count)
    return Array(id.utf8) + name + [UInt8(count >> 8), UInt8(count & 0xFF)]
  }

  /// What stands for an id whose name was forgotten.
  package init(forgotten name: [UInt8]) {
    self.init(id: String(decoding: name, as: UTF8.self), provider: "forgotten")
  }

  /// Reads what `bytes` wrote; nil for anything else.
  public init?(bytes: [UInt8]) {
    guard bytes.count >= 2 else { return nil }
    let count = Int(bytes[bytes.count - 2]) << 8 | Int(bytes[bytes.count - 1])
    let end = bytes.count - 2
    guard count <= end else { return nil }
    id = String(decoding: bytes[..<(end - count)], as: UTF8.self)
    provider = String(decoding: bytes[(end - count)..<end], as: UTF8.self)
  }
}
