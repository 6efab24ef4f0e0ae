internal import Wakelog

/// Structs of the header: each begins with the size that the caller knows it by.
///
/// A caller of an older header gives fewer bytes than a struct has now, one of a newer header more;
/// what the other side does not know is left alone. Structs have not grown so far: once one does,
/// the size that it has now stays the least that is taken.
enum SizedStruct {
  /// Reads a caller's struct.
  static func read<Struct: BitwiseCopyable>(
    _ given: UnsafePointer<Struct>?, _ field: String
  ) throws(WakelogError) -> Struct {
    guard let given = unsafe given else { throw .null(field) }
    _ = unsafe try size(given, field)
    return unsafe given.pointee
  }

  /// Makes a caller's struct all zero but for its size.
  static func clear<Struct: BitwiseCopyable>(
    _ given: UnsafeMutablePointer<Struct>?, _ field: String
  ) throws(WakelogError) {
    guard let given = unsafe given else { throw .null(field) }
    let size = unsafe try size(given, field)
    unsafe UnsafeMutableRawBufferPointer(start: given, count: MemoryLayout<Struct>.size)
      .initializeMemory(as: UInt8.self, repeating: 0)
    unsafe UnsafeMutableRawPointer(given).storeBytes(of: size, as: Int.self)
  }

  /// What the caller takes the struct's size to be.
  private static func size<Struct>(
    _ given: UnsafePointer<Struct>, _ field: String
  ) throws(WakelogError) -> Int {
    let size = unsafe UnsafeRawPointer(given).load(as: Int.self)
    guard size < MemoryLayout<Struct>.size else { return size }
    throw WakelogError(
      .invalidParameter,
      "`\(field).size` is \(size), and the struct has \(MemoryLayout<Struct>.size); "
        + "set it to the struct's sizeof",
      field: "\(field).size")
  }
}
