import Foundation

/// The real `claude`, where this machine has one.
package enum RealClaude {
  /// Its path; nil when `WAKELOG_CLAUDE` names none.
  package static let path = ProcessInfo.processInfo.environment["WAKELOG_CLAUDE"]
    .flatMap { $0.isEmpty ? nil : $0 }

  /// Why tests are skipped where there is none.
  package static let absence =
    "WAKELOG_CLAUDE does not name the claude binary; `bash .ci/claude` prints its path"
}
