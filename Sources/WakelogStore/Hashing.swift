import CSodium
import CXXHash
import Glibc

/// The three hashes of the format, and random bytes.
enum Hashing {
  /// Prepares libsodium; cheap when done already.
  static func prepare() {
    precondition(sodium_init() >= 0, "libsodium found no source of randomness")
  }

  /// The low half of XXH3-64: tells rot, not tampering.
  @inline(__always)
  static func checksum(_ bytes: Bytes, seed: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: unsafe XXH3_64bits_withSeed(bytes.baseAddress, bytes.count, seed))
  }

  /// What a checksum is seeded with that is to cover a key.
  static func seed(_ key: Bytes) -> UInt64 {
    unsafe XXH3_64bits_withSeed(key.baseAddress, key.count, 0)
  }

  static func seed(_ key: [UInt8]) -> UInt64 {
    unsafe key.withUnsafeBytes { unsafe seed($0) }
  }

  /// BLAKE2b-128, for long names and for what is no secret.
  static func digest(_ bytes: Bytes) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: LogFormat.digestSize) { buffer, count in
      let address = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      let code = unsafe crypto_generichash(
        buffer.baseAddress!, LogFormat.digestSize, address, UInt64(bytes.count), nil, 0)
      precondition(code == 0, "BLAKE2b has no operating errors")
      count = LogFormat.digestSize
    }
  }

  /// BLAKE2b of a size of up to 64 bytes, keyed with 16 to 64 bytes.
  static func keyed(_ key: [UInt8], _ bytes: Bytes, size: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      let address = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      let code = unsafe crypto_generichash(
        buffer.baseAddress!, size, address, UInt64(bytes.count), key, key.count)
      precondition(code == 0, "BLAKE2b has no operating errors")
      count = size
    }
  }

  /// SHA-256 in Base64.
  static func sha256(_ bytes: Bytes) -> String {
    var digest = [UInt8](repeating: 0, count: crypto_hash_sha256_bytes())
    let address = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    _ = unsafe crypto_hash_sha256(&digest, address, UInt64(bytes.count))
    let variant = sodium_base64_VARIANT_ORIGINAL
    let size = sodium_base64_encoded_len(digest.count, variant)
    let text = unsafe [CChar](unsafeUninitializedCapacity: size) { buffer, count in
      _ = unsafe sodium_bin2base64(buffer.baseAddress!, size, digest, digest.count, variant)
      count = size - 1
    }
    return String(decoding: text.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  static func randomBytes(_ count: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      unsafe randombytes_buf(buffer.baseAddress!, count)
      filled = count
    }
  }
}

/// BLAKE2b-256 over a stream of bytes. Not thread-safe; one owner at a time.
@safe final class SealHasher {
  private let memory: UnsafeMutableRawPointer
  private var state: OpaquePointer { unsafe OpaquePointer(memory) }

  init() {
    Hashing.prepare()
    unsafe memory = UnsafeMutableRawPointer.allocate(
      byteCount: crypto_generichash_statebytes(), alignment: 64)
  }

  deinit { unsafe memory.deallocate() }

  func begin() {
    let code = unsafe crypto_generichash_init(state, nil, 0, LogFormat.sealSize)
    precondition(code == 0, "BLAKE2b has no operating errors")
  }

  func update(_ bytes: Bytes) {
    let address = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    _ = unsafe crypto_generichash_update(state, address, UInt64(bytes.count))
  }

  func update(_ bytes: [UInt8]) {
    unsafe bytes.withUnsafeBytes { unsafe update($0) }
  }

  func finish() -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: LogFormat.sealSize) { buffer, count in
      _ = unsafe crypto_generichash_final(state, buffer.baseAddress!, LogFormat.sealSize)
      count = LogFormat.sealSize
    }
  }

  /// A commit's seal, of the seal before and of what the commit holds.
  func seal(
    previous: [UInt8], first: UInt64, count: UInt64, events: [UInt8], symbols: [UInt8]
  ) -> [UInt8] {
    begin()
    update(previous + bigEndianBytes(first) + bigEndianBytes(count))
    update(events)
    update(symbols)
    return finish()
  }

  /// The seal before the first: binds the chain to this log and format, and to the log that it was
  /// converted from.
  func genesis(_ format: FormatVersion, identifier: [UInt8], origin: [UInt8]) -> [UInt8] {
    begin()
    update(LogFormat.magic)
    update(bigEndianBytes(format.rawValue))
    update(identifier)
    update(origin)
    return finish()
  }
}
