import Foundation

/// The repository that these tests are of.
package enum Repository {
  /// The path of a file or folder in it.
  package static func path(_ name: String) -> String { root + "/" + name }

  /// The path of its root.
  package static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
}
