import CZstandard

/// What Zstandard frames unpack to, piece by piece.
///
/// A small file can unpack to terabytes, and can ask for a window of gigabytes: both are refused, and
/// what came before is kept.
@safe final class Unpacked: Bytes {
  /// The largest window, as a power of two: 128 MiB, what the tool of that name grants too.
  private static let windowLog: Int32 = 27
  /// Nothing is suspected below this size.
  private static let unsuspicious: Int64 = 64 << 20
  /// Logs are said to shrink to a tenth; what shrank to less than a thousandth is no log.
  private static let most: Int64 = 1_000

  private let packed: any Bytes
  private let context: OpaquePointer
  private var input: [UInt8] = []
  private var place = 0
  private var isAtEnd = false
  private var isWithinFrame = true
  private var taken: Int64 = 0
  private var given: Int64 = 0
  private(set) var fault: String?

  init(_ packed: any Bytes) {
    self.packed = packed
    guard let context = unsafe ZSTD_createDStream() else { preconditionFailure("out of memory") }
    unsafe self.context = context
    unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.windowLog)
  }

  deinit { unsafe ZSTD_freeDStream(context) }

  func next(atMost count: Int) -> [UInt8] {
    while fault == nil {
      refill()
      let piece = step(atMost: count)
      given += Int64(piece.count)
      if given > max(Self.unsuspicious, taken * Self.most) {
        fault = "unpacks to more than a thousand times its size; what follows is not read"
        return []
      }
      if !piece.isEmpty { return piece }
      guard isAtEnd, fault == nil else { continue }
      if isWithinFrame { fault = packed.fault ?? "is cut off" }
      return []
    }
    return []
  }

  private func refill() {
    guard place == input.count, !isAtEnd else { return }
    input = packed.next(atMost: 1 << 16)
    place = 0
    taken += Int64(input.count)
    isAtEnd = input.isEmpty
  }

  /// Unpacks what fits.
  private func step(atMost count: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { bytes, filled in
      var output = unsafe ZSTD_outBuffer(dst: bytes.baseAddress, size: count, pos: 0)
      let code = unsafe input.withUnsafeBytes { input in
        var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: place)
        defer { place = unsafe source.pos }
        return unsafe ZSTD_decompressStream(context, &output, &source)
      }
      filled = unsafe output.pos
      if ZSTD_isError(code) != 0 {
        fault = "cannot be unpacked: \(unsafe String(cString: ZSTD_getErrorName(code)))"
      } else if filled > 0 || !isAtEnd {
        // An empty rest leaves the answer to the last piece standing.
        isWithinFrame = code != 0
      }
    }
  }

  /// All that bytes unpack to.
  ///
  /// - Parameter limit: How many at the most.
  static func all(of packed: [UInt8], atMost limit: Int) throws(ImportError) -> [UInt8] {
    let unpacked = Unpacked(HeldBytes(packed))
    var bytes: [UInt8] = []
    while true {
      let piece = unpacked.next(atMost: min(1 << 16, limit + 1 - bytes.count))
      if let fault = unpacked.fault { throw ImportError(fault) }
      if piece.isEmpty { return bytes }
      bytes += piece
      guard bytes.count <= limit else { throw ImportError("unpacks to more than \(limit) bytes") }
    }
  }
}
