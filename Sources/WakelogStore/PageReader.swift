/// Reads pages of `data.mdb` by `pread`, several in one call where the caller knows that it wants
/// them: damaged files and failing disks then give errors where a map would end the process.
@safe final class PageReader {
  private static let window = 64

  let descriptor: Int32
  let pageSize: Int
  private let buffer: UnsafeMutableRawBufferPointer
  private var first: UInt64 = 0
  private var count = 0

  init(_ descriptor: Int32, pageSize: Int) {
    self.descriptor = descriptor
    self.pageSize = pageSize
    unsafe buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Self.window * pageSize, alignment: 4096)
  }

  deinit { unsafe buffer.deallocate() }

  /// The bytes of a page, valid until the next call. Pages up to `ahead` are soon wanted too.
  func page(_ number: UInt64, ahead: UInt64) throws(StoreError) -> Bytes {
    if number < first || number >= first + UInt64(count) {
      let wanted = Int(min(max(ahead, number) - number, UInt64(Self.window - 1))) + 1
      let part = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[..<(wanted * pageSize)])
      guard number < UInt64(Int.max / pageSize) else { throw .page(number, "it cannot exist") }
      let read = unsafe try FileSystem.read(
        descriptor, into: part, at: Int(number) * pageSize)
      first = number
      count = read / pageSize
      guard count > 0 else { throw .page(number, "the file ends before it") }
    }
    let offset = Int(number - first) * pageSize
    return unsafe Bytes(rebasing: buffer[offset..<(offset + pageSize)])
  }
}
