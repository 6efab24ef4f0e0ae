import Glibc

/// Where bytes come from, piece by piece.
protocol Bytes: AnyObject {
  /// The next bytes, at most so many; none at the end.
  func next(atMost count: Int) -> [UInt8]
  /// Why they end before their time; nil when they do not.
  var fault: String? { get }
}

/// The bytes of an open file, which is closed with them.
@safe final class FileBytes: Bytes {
  private let descriptor: Int32
  /// What the system says, when reading fails.
  private(set) var fault: String?

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  func next(atMost count: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { bytes, filled in
      while true {
        let count = unsafe read(descriptor, bytes.baseAddress, count)
        if count < 0, errno == EINTR { continue }
        if count < 0 { fault = "cannot be read on: \(systemError())" }
        filled = max(0, count)
        return
      }
    }
  }
}

/// Bytes that are in memory already.
final class HeldBytes: Bytes {
  private var rest: ArraySlice<UInt8>
  let fault: String? = nil

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  func next(atMost count: Int) -> [UInt8] {
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }
}
