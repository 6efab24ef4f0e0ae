import Glibc
import Synchronization
import Testing

@testable import WakelogStore

/// A directory that goes away with the test.
final class Place: Sendable {
  let path: String
  private static let counter = Atomic<Int>(0)

  init(in parent: String = "/tmp") {
    let number = Self.counter.add(1, ordering: .relaxed).newValue
    path = "\(parent)/wakelog-store-\(getpid())-\(number)"
    remove()
    mkdir(path, 0o700)
  }

  deinit { remove() }

  var log: String { path + "/log" }

  private func remove() { Self.remove(path) }

  static func remove(_ path: String) {
    guard let status = FileSystem.status(path) else { return }
    if status.isDirectory {
      for name in (try? FileSystem.entries(path)) ?? [] { remove("\(path)/\(name)") }
      rmdir(path)
    } else {
      unlink(path)
    }
  }
}

/// The bytes of a text.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

extension RawSpan {
  var array: [UInt8] { withUnsafeBytes { Array($0) } }
}

extension Log {
  /// Appends texts in one commit.
  func append(_ texts: String...) throws {
    try write { transaction in
      for text in texts { try transaction.append(bytes(text).span.bytes) }
    }
  }

  func texts(from first: UInt64 = 1, through last: UInt64 = .max) throws -> [String] {
    try read { transaction in
      var found: [String] = []
      try transaction.forEachRecord(from: first, through: last) { _, record in
        found.append(String(decoding: record.array, as: UTF8.self))
        return true
      }
      return found
    }
  }
}

/// Ends a child process unless a condition holds; takes a value, so that finding it may throw.
func demand(_ holds: Bool, line: Int = #line) {
  precondition(holds, "line \(line)")
}

/// Runs a closure in a child of this process, which ends with it. For exit tests, whose process has
/// no other threads that a fork would lose.
func forked(_ body: () throws -> Void) throws -> pid_t {
  // Swift hides fork, as it should.
  typealias Fork = @convention(c) () -> pid_t
  let fork = unsafeBitCast(dlsym(nil, "fork"), to: Fork.self)
  let child = fork()
  guard child == 0 else { return child }
  do {
    try body()
    _exit(0)
  } catch {
    _exit(1)
  }
}

/// The error of the store with which a closure ends; nil if it ends well.
func refusal(_ body: () throws -> Void) -> StoreError? {
  do {
    try body()
    return nil
  } catch {
    return error as? StoreError ?? StoreError(.inputOutput, "\(error)")
  }
}
