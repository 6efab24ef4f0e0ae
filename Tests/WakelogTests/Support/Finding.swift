import Foundation

/// What a check in a child process found, which its parent reports.
struct Finding: Error, CustomStringConvertible {
  let description: String

  /// Throws the words unless a condition holds.
  static func unless(_ holds: Bool, _ words: @autoclosure () -> String) throws(Finding) {
    if !holds { throw Finding(description: words()) }
  }

  /// Runs a body in a child process, and leaves in a file what it throws.
  static func write(to path: String, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch {
      try "\(error)".write(toFile: path, atomically: true, encoding: .utf8)
    }
  }
}
