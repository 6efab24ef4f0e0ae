import Foundation

/// A folder that goes away with its last owner.
package final class TemporaryFolder: Sendable {
  /// Where it is.
  package let path: String

  /// Makes one: on the disk, or in memory where that can be had, for tests that are about calls;
  /// thousands of commits need not wait for a disk, and what a kill leaves behind is the same.
  package init(inMemory: Bool = false) throws {
    let memory = "/dev/shm/"
    let isInMemory = inMemory && FileManager.default.isWritableFile(atPath: memory)
    path = (isInMemory ? memory : NSTemporaryDirectory()) + "wakelog-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
