import CZstandard
import Glibc

/// Writes a segment's file: packs bytes, and makes the whole appear at once or not at all.
@safe final class SegmentFileWriter {
  private let draft: String
  private let path: String
  private let descriptor: Int32
  private let context: OpaquePointer
  private var packed = [UInt8](repeating: 0, count: 1 << 17)
  private var pending: [UInt8] = []
  private var isFinished = false
  /// How many bytes are on disk so far.
  private(set) var size = 0

  /// Good for text, and quick enough to keep up with a log.
  private static let level: Int32 = 3
  static let draftSuffix = ".draft"

  /// Begins a file beside its path.
  init(_ path: String) throws(StoreError) {
    self.path = path
    draft = path + Self.draftSuffix
    _ = unsafe unlink(draft)
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
    descriptor = unsafe Glibc.open(draft, flags, 0o600)
    guard descriptor >= 0 else { throw StoreError(lmdb: errno, "open").at(draft) }
    guard let context = unsafe ZSTD_createCCtx() else { preconditionFailure("out of memory") }
    unsafe self.context = context
    unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Self.level)
    try put(ArchiveFormat.magic + bigEndianBytes(ArchiveFormat.version))
  }

  deinit {
    unsafe ZSTD_freeCCtx(context)
    FileSystem.close(descriptor)
    if !isFinished { _ = unsafe unlink(draft) }
  }

  /// Packs bytes.
  func write(_ bytes: [UInt8]) throws(StoreError) {
    pending += bytes
    if pending.count >= 1 << 16 { try pack(ZSTD_e_continue) }
  }

  /// Ends the file, and gives it its name once it is on disk.
  func finish() throws(StoreError) {
    try pack(ZSTD_e_end)
    guard fsync(descriptor) == 0 else { throw StoreError(lmdb: errno, "fsync").at(draft) }
    guard unsafe rename(draft, path) == 0 else { throw StoreError(lmdb: errno, "rename").at(path) }
    isFinished = true
    try FileSystem.sync(path.directory)
  }

  private func pack(_ end: ZSTD_EndDirective) throws(StoreError) {
    var place = 0
    while true {
      var filled = 0
      let left = unsafe packed.withUnsafeMutableBytes { output in
        unsafe pending.withUnsafeBytes { input in
          var target = unsafe ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
          var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: place)
          let code = unsafe ZSTD_compressStream2(context, &target, &source, end)
          (place, filled) = unsafe (source.pos, target.pos)
          return code
        }
      }
      guard ZSTD_isError(left) == 0 else {
        throw StoreError(.inputOutput, "The segment could not be packed. Try again.", path: path)
      }
      try put(packed[..<filled])
      let isDone = end == ZSTD_e_end ? left == 0 : place == pending.count
      if isDone { break }
    }
    pending.removeAll(keepingCapacity: true)
  }

  private func put(_ bytes: some Collection<UInt8>) throws(StoreError) {
    let bytes = Array(bytes)
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw StoreError(lmdb: errno, "write").at(draft) }
      done += count
    }
    size += bytes.count
  }
}

/// Reads a segment's file: unpacks it piece by piece, and hashes what it hands over.
@safe final class SegmentFileReader {
  let path: String
  private let descriptor: Int32
  private let context: OpaquePointer
  private let hasher = SealHasher()
  private var input: [UInt8] = []
  private var place = 0
  private var output: [UInt8] = []
  private var taken = 0
  private var isAtEnd = false
  private var isWithinFrame = true

  /// The largest window, as a power of two: 8 MiB, of which the writer uses less.
  private static let windowLog: Int32 = 23
  private static let pieceSize = 1 << 16

  init(_ path: String) throws(StoreError) {
    self.path = path
    descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { throw StoreError(lmdb: errno, "open").at(path) }
    guard let context = unsafe ZSTD_createDCtx() else { preconditionFailure("out of memory") }
    unsafe self.context = context
    unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.windowLog)
    hasher.begin()
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw StoreError(.notALog, "This is no file. Check the path.", path: path)
    }
    let head = try readRaw(12)
    guard head.count == 12, Array(head[..<8]) == ArchiveFormat.magic else {
      throw StoreError(.notALog, "This is no segment of an archive. Check the path.", path: path)
    }
    guard Array(head[8...]) == bigEndianBytes(ArchiveFormat.version) else {
      throw StoreError(
        .newerFormat, "A later release wrote this segment. Read it with that.", path: path)
    }
  }

  deinit {
    unsafe ZSTD_freeDCtx(context)
    FileSystem.close(descriptor)
  }

  /// The next bytes, just so many; throws `corrupt` where the file ends before.
  func read(_ count: Int) throws(StoreError) -> [UInt8] {
    var bytes: [UInt8] = []
    // No more is set aside than what has come: a length that is damaged costs nothing.
    while bytes.count < count {
      if taken == output.count { try refill() }
      let piece = output[taken..<min(output.count, taken + count - bytes.count)]
      bytes += piece
      taken += piece.count
    }
    hasher.update(bytes)
    return bytes
  }

  func byte() throws(StoreError) -> UInt8 { try read(1)[0] }

  func number() throws(StoreError) -> UInt64 {
    try read(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  func varint() throws(StoreError) -> UInt64 {
    var bytes: [UInt8] = []
    repeat { bytes.append(try byte()) } while bytes[bytes.count - 1] >= 0x80 && bytes.count < 10
    var offset = 0
    let number = unsafe bytes.withUnsafeBytes { unsafe Varint.read($0, at: &offset) }
    guard let number else { throw damaged("A number in it does not end.") }
    return number
  }

  /// A length and as many bytes.
  func block(atMost limit: Int) throws(StoreError) -> [UInt8] {
    let length = try varint()
    guard length <= UInt64(limit) else { throw damaged("A length in it is beyond all limits.") }
    return try read(Int(length))
  }

  /// The hash of all that was read so far; nothing may be read after it but that hash.
  func digest() -> [UInt8] { hasher.finish() }

  /// Throws unless the file ends here.
  func requireEnd() throws(StoreError) {
    guard taken == output.count, try !unpackMore() else {
      throw damaged("Something follows its end.")
    }
  }

  func damaged(_ message: String, _ sequence: UInt64? = nil) -> StoreError {
    StoreError(
      .corrupt, message + " Bring the segment back from a copy.", path: path, sequence: sequence)
  }

  private func refill() throws(StoreError) {
    guard try unpackMore() else { throw damaged("It is cut off.") }
  }

  /// Unpacks the next piece; false at the end.
  private func unpackMore() throws(StoreError) -> Bool {
    output.removeAll(keepingCapacity: true)
    taken = 0
    while output.isEmpty {
      if place == input.count, !isAtEnd {
        input = try readRaw(Self.pieceSize)
        place = 0
        isAtEnd = input.isEmpty
      }
      var code = 0
      let before = place
      output = unsafe [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { bytes, filled in
        var target = unsafe ZSTD_outBuffer(dst: bytes.baseAddress, size: bytes.count, pos: 0)
        code = unsafe input.withUnsafeBytes { input in
          var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: place)
          defer { place = unsafe source.pos }
          return unsafe ZSTD_decompressStream(context, &target, &source)
        }
        filled = unsafe target.pos
      }
      guard ZSTD_isError(code) == 0 else { throw damaged("It cannot be unpacked.") }
      if isAtEnd, output.isEmpty { return false }
      if !isWithinFrame, place > before { throw damaged("Something follows its end.") }
      if code == 0 { isWithinFrame = false }
    }
    return true
  }

  private func readRaw(_ count: Int) throws(StoreError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    while true {
      let got = unsafe bytes.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress, count)
      }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw StoreError(lmdb: errno, "read").at(path) }
      return Array(bytes.prefix(got))
    }
  }
}

extension String {
  /// The directory of a path.
  var directory: String {
    guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == startIndex ? "/" : String(self[..<slash])
  }
}
