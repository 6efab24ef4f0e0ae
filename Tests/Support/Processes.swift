import Foundation

/// Looks at other processes of this machine.
package enum Processes {
  /// Whether a process lives; one that has ended may not have been asked for its status.
  package static func isThere(_ process: Int32) -> Bool {
    let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
    return status.map { !$0.contains(") Z ") } ?? false
  }
}
