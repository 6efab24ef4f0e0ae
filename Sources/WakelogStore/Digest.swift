/// Digests and chance for whoever stands on the store: BLAKE2b and the system's random source, by
/// libsodium.
public enum Digest {
  /// BLAKE2b-128 of bytes: 16 bytes.
  public static func short(_ bytes: [UInt8]) -> [UInt8] {
    Hashing.prepare()
    return unsafe bytes.withUnsafeBytes { unsafe Hashing.digest($0) }
  }

  /// SHA-256 of bytes in Base64, as a Content Security Policy names a script or a style sheet.
  public static func sha256(_ bytes: [UInt8]) -> String {
    Hashing.prepare()
    return unsafe bytes.withUnsafeBytes { unsafe Hashing.sha256($0) }
  }

  /// Random bytes that nobody can guess.
  public static func randomBytes(_ count: Int) -> [UInt8] {
    Hashing.prepare()
    return Hashing.randomBytes(count)
  }

  /// BLAKE2b-256 over a stream of bytes. One owner at a time.
  public final class Stream {
    private let hasher = SealHasher()

    /// Begins a stream.
    public init() { hasher.begin() }

    /// Takes in bytes.
    public func update(_ bytes: UnsafeRawBufferPointer) { unsafe hasher.update(bytes) }

    /// Ends the stream: 32 bytes.
    public func finish() -> [UInt8] { hasher.finish() }
  }
}
