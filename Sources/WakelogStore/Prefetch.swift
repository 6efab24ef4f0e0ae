import CXXHash

/// Asks for memory that is read soon. Reads nothing, so that any address will do.
package enum Prefetch {
  /// Asks for the cache lines of some bytes.
  @inline(__always)
  package static func bytes(_ count: Int, at address: UnsafeRawPointer?) {
    guard let address = unsafe address else { return }
    for offset in stride(from: 0, to: count, by: 64) {
      unsafe wakelog_prefetch(address + offset)
    }
    unsafe wakelog_prefetch(address + (count - 1))
  }
}
