internal import Synchronization
internal import WakelogHost

/// The writing side of a connection, shared by its replies and its notifications.
///
/// What is given in one piece is written in one piece. Blocks while the client does not read.
final class Output: Sendable {
  private let descriptor: Int32
  private let hasFailed = Mutex(false)

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Writes whole lines; false once the client is gone.
  func write(_ lines: [UInt8]) -> Bool {
    hasFailed.withLock { hasFailed in
      if !hasFailed, !lines.isEmpty { hasFailed = !Descriptor.write(lines, to: descriptor) }
      return !hasFailed
    }
  }
}
