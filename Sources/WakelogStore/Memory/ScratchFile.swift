internal import CWakelogSystem
internal import Glibc

/// A file without a name, for pages that leave memory: gone with the process, however it ends.
///
/// It is made with the first page that leaves, for this process alone, and handed out in slots of a
/// block of pages each. Errors are no more than a reason for pages to stay where they are.
package final class ScratchFile: Sendable {
  /// The calls that can be refused.
  package enum Step: Sendable { case create, grow, write, flush, map }

  private struct Slots {
    var descriptor: Int32 = -1
    /// How many the file has room for, and how many of them were ever taken.
    var count = 0
    var taken = 0
    var free: [Int] = []
  }

  /// By how many slots the file grows. They are holes: only what is written takes room.
  private static let slotsAtOnce = 64

  /// How large a page is.
  package let pageBytes = sysconf(Int32(_SC_PAGESIZE))
  /// Lets a test make a step fail: returns an errno, or 0 to let it through.
  private let fault: (@Sendable (Step) -> Int32)?
  private let folder: String
  private let slots = Lock(Slots())

  /// A file in a folder, once it is needed.
  package init(folder: String, fault: (@Sendable (Step) -> Int32)? = nil) {
    self.folder = folder
    self.fault = fault
  }

  deinit {
    let descriptor = slots.withLock { $0.descriptor }
    if descriptor >= 0 { FileSystem.close(descriptor) }
  }

  /// How large a block is.
  package var blockBytes: Int { 64 * pageBytes }

  /// The descriptor; nil while there is none.
  package var descriptor: Int32? {
    let descriptor = slots.withLock { $0.descriptor }
    return descriptor >= 0 ? descriptor : nil
  }

  func attempt(_ step: Step) throws(StoreError) {
    guard let code = fault?(step), code != 0 else { return }
    throw StoreError(lmdb: code, "\(step)")
  }

  /// Room for a block.
  func takeSlot() throws(StoreError) -> Int {
    try slots.withLock { slots throws(StoreError) in
      if let slot = slots.free.popLast() { return slot }
      if slots.descriptor < 0 { slots.descriptor = try create() }
      if slots.taken == slots.count {
        let count = slots.count + Self.slotsAtOnce
        try grow(slots.descriptor, to: count * blockBytes)
        slots.count = count
      }
      slots.taken += 1
      return slots.taken - 1
    }
  }

  /// Gives slots back.
  func giveBack(_ given: [Int]) { slots.withLock { $0.free += given } }

  private func create() throws(StoreError) -> Int32 {
    try attempt(.create)
    return try LogFiles.asOwner(of: folder) { () throws(StoreError) in
      let descriptor = unsafe wakelog_scratch_open(folder)
      guard descriptor >= 0 else { throw StoreError(lmdb: errno, "open") }
      return descriptor
    }
  }

  /// Beyond the process's limit the system would not refuse but send a signal.
  private func grow(_ descriptor: Int32, to bytes: Int) throws(StoreError) {
    try attempt(.grow)
    var limit = rlimit()
    if unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0,
      limit.rlim_cur < UInt(bytes)
    {
      throw StoreError(lmdb: EFBIG, "ftruncate")
    }
    guard ftruncate(descriptor, bytes) == 0 else { throw StoreError(lmdb: errno, "ftruncate") }
  }

  /// Writes bytes of a slot.
  func write(
    _ bytes: UnsafeRawBufferPointer, slot: Int, at offset: Int
  ) throws(StoreError) {
    try attempt(.write)
    guard let descriptor else { throw StoreError(lmdb: EBADF, "pwrite") }
    unsafe try FileSystem.write(descriptor, bytes, at: slot * blockBytes + offset)
  }

  /// Reads bytes of a slot.
  func read(_ buffer: UnsafeMutableRawBufferPointer, slot: Int, at offset: Int) -> Bool {
    guard let descriptor else { return false }
    let place = slot * blockBytes + offset
    let count = unsafe try? FileSystem.read(descriptor, into: buffer, at: place)
    return count == buffer.count
  }

  /// Maps a slot over memory, where its bytes are from now on until they are changed.
  func map(slot: Int, at start: UnsafeMutableRawPointer) -> Bool {
    guard (try? attempt(.map)) != nil, let descriptor else { return false }
    let flags = MAP_PRIVATE | MAP_FIXED
    let mapped = unsafe mmap(
      start, blockBytes, PROT_READ | PROT_WRITE, flags, descriptor, slot * blockBytes)
    return unsafe mapped == start
  }

  /// Waits until what was written is on disk; false where it may not be. From any thread.
  package func flush() -> Bool {
    guard (try? attempt(.flush)) != nil, let descriptor else { return false }
    return fdatasync(descriptor) == 0
  }

  /// Lets the system forget its copies of what is on disk and in nobody's memory.
  package func forgetCopies() {
    guard let descriptor else { return }
    _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
  }
}
